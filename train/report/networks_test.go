package report_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
)

// status is the text in the page's head.
func status(page string) string {
	m := regexp.MustCompile(`<span class="pill [a-z]*">([^<]*)</span>`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return m[1]
}

// looker looks at the page at the end of each step.
type looker struct{ look func(s *train.State) }

func (l looker) AfterStep(_ context.Context, s *train.State) error { l.look(s); return nil }

// The page of an ensemble shows all networks, their whole time, and which one is trained.
func TestEnsemblePage(t *testing.T) {
	r := &report.Recorder{Run: report.Run{Networks: []string{"seed 1", "seed 2", "seed 3"}, Stage: "reading data"}}
	if got := status(render(t, r.Snapshot())); got != "reading data" {
		t.Errorf("status %q before the training", got)
	}
	seen := map[string]bool{}
	for k := range 3 {
		fit(t, 2+k, &callback.Probes{}, r, looker{func(s *train.State) {
			if s.Step%10 == 5 {
				text, _, _ := strings.Cut(status(render(t, r.Snapshot())), ":")
				seen[text] = true
			}
		}})
		if got := status(render(t, r.Snapshot())); (got == "done") != (k == 2) {
			t.Errorf("status %q after network %d of 3", got, k+1)
		}
	}
	for k := range 3 {
		if want := fmt.Sprintf("network %d of 3, seed %d", k+1, k+1); !seen[want] {
			t.Errorf("the page never said %q, but %v", want, seen)
		}
	}
	run := r.Snapshot()
	page := render(t, run)
	got := charts(t, page)
	for _, id := range []string{"networks-loss", "networks-metric", "networks-training"} {
		for k, s := range got[id].Series {
			if want := fmt.Sprint("seed ", k+1); s.Key != want || len(s.Py) != 2+k {
				t.Errorf("chart %q: line %d is of %q and has %d epochs", id, k, s.Key, len(s.Py))
			}
		}
		if n := len(got[id].Series); n != 3 {
			t.Errorf("chart %q has %d lines", id, n)
		}
	}
	taken := 0.0
	for k, n := range run.Finished {
		taken += n.Seconds
		if len(n.History.Epochs) != 2+k || n.History.Moments != nil {
			t.Errorf("network %d: %+v", k, n)
		}
	}
	if len(run.Finished) != 2 || run.Seconds < taken || !strings.Contains(page, "of 3 networks") {
		t.Errorf("%d finished networks, which took %v of %v seconds", len(run.Finished), taken, run.Seconds)
	}
	fit(t, 1, r) // the first of another ensemble
	if run := r.Snapshot(); len(run.Finished) != 0 || !strings.HasPrefix(status(render(t, run)), "network 1 of 3") {
		t.Errorf("another ensemble begins with %d networks and %q", len(run.Finished), status(render(t, run)))
	}
}

// The learning rate is a rate, and the epoch whose weights were kept is marked in curves and table.
func TestRateAndKeptEpoch(t *testing.T) {
	for _, best := range []bool{false, true} {
		r := &report.Recorder{}
		c := config(6, r)
		c.Optimizer = optim.Adam{Rate: 0.25}
		if best {
			c.Callbacks = append([]train.Callback{&callback.EarlyStopping{Patience: 6}}, c.Callbacks...)
		}
		h, err := train.Fit(context.Background(), network(t, 8), points(80), c)
		if err != nil {
			t.Fatal(err)
		}
		kept := h.Best
		if !best {
			kept = 6
		}
		page := render(t, r.Snapshot())
		got := charts(t, page)
		if rate := got["rate"].Series[0]; *rate.Py[2] < 0.2499*h.Epochs[2].Rate || *rate.Py[2] > 0.2501*h.Epochs[2].Rate {
			t.Errorf("rate %v at the end of epoch 3, factor %v", *rate.Py[2], h.Epochs[2].Rate)
		}
		for _, id := range []string{"loss", "metric"} {
			m := got[id].Marks
			if len(m) != 1 || !strings.HasPrefix(m[0].Name, fmt.Sprintf("kept: epoch %d", kept)) || m[0].X != float64(10*kept) {
				t.Errorf("chart %q: marks %v, want epoch %d", id, m, kept)
			}
		}
		if !strings.Contains(page, fmt.Sprintf(`<tr class="marked"><th scope="row" data-sort="%d">%d (kept)</th>`, kept, kept)) {
			t.Errorf("epoch %d is not marked in the table", kept)
		}
	}
}

// In a table of many epochs the kept one is a row.
func TestKeptEpochOfMany(t *testing.T) {
	h := history(5000, 0, 0)
	h.Best = 1234
	if page := render(t, report.Run{History: h}); strings.Count(page, ">1234 (kept)<") != 1 || !strings.Contains(page, "kept: epoch 1,234") {
		t.Error("the kept epoch is not in the table")
	}
}

// Made-up data say so before anything else, and local folders are nowhere.
func TestSyntheticAndFolders(t *testing.T) {
	r := sample()
	if strings.Contains(render(t, r), "Made-up") {
		t.Error("real data are said to be made up")
	}
	const dir = "/home/somebody/secret"
	r.Synthetic, r.Folders = true, []string{dir}
	r.Title, r.Notes, r.Failure, r.Stage = dir+"/a.csv", []string{"Data: " + dir + "/a.csv."}, "open "+dir+"/b: no such file", "reading "+dir
	r.History.Warnings = []string{"from " + dir + "/checkpoint"}
	r.Networks, r.Finished = []string{dir + "/1", "2"}, []report.Network{{Name: dir + "/1", History: &train.History{Warnings: []string{dir + "/x"}}}}
	r.Config, r.Model = []report.Setting{{Name: "file", Value: dir + "/c"}}, dir+"/model"
	r.Results[0].Name = dir + "/rows"
	page := render(t, r)
	body := page[strings.Index(page, "<main"):]
	if at, tiles := strings.Index(body, "Made-up data"), strings.Index(body, "tiles"); at < 0 || at > tiles {
		t.Error("the page does not begin with the made-up data")
	}
	if strings.Contains(page, "somebody") || !strings.Contains(page, "Data: a.csv.") {
		t.Error("the page names a local folder")
	}
}

// Warnings of all networks are on the page, each once, with the network.
func TestWarningsOfEnsemble(t *testing.T) {
	h, other := history(2, 0, 0), history(2, 0, 0)
	h.Warnings, other.Warnings = []string{"hot", "cold"}, []string{"cold", "wet"}
	page := render(t, report.Run{Networks: []string{"a", "b"}, Finished: []report.Network{{Name: "a", History: h}}, History: other})
	if strings.Contains(page, " more</li>") {
		t.Error("there are said to be more warnings")
	}
	for text, n := range map[string]int{"a: hot<": 1, "a: cold<": 1, "b: cold<": 0, "b: wet<": 1} {
		if strings.Count(page, text) != n {
			t.Errorf("%q comes %d times, want %d", text, strings.Count(page, text), n)
		}
	}
}
