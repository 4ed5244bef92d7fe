package report_test

import (
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/report"
)

// A page of an ensemble shows every network, the time of all and means over them, and a page of one network nothing of that.
func TestNetworksOfAnEnsemble(t *testing.T) {
	r := sample()
	if page := render(t, r); strings.Contains(page, "Networks in numbers") || len(charts(t, page)["networks-loss"].Series) != 0 {
		t.Error("a single network is compared with none")
	}
	for i, name := range []string{"seed 1", "seed 2", "seed 3"} {
		h := history(5, 2, 2)
		for k := range h.Epochs {
			h.Epochs[k].ValidationLoss = float64(i + 1)
		}
		h.Best, h.Warnings = 3, []string{"a warning", "of " + name}
		r.Networks = append(r.Networks, report.Network{Name: name, History: h, Seconds: 10 * float64(i+1)})
	}
	page := render(t, r)
	got := charts(t, page)
	for _, id := range []string{"networks-loss", "networks-validation", "networks-metric"} {
		if n := len(got[id].Series); n != 3 {
			t.Errorf("chart %q has %d lines, want those of 3 networks", id, n)
		}
	}
	for _, want := range []string{"Networks in numbers", "60.00", "mean of 3 networks", "2.0000", "of seed 1", "of seed 3", "kept epoch", "last network alone, seed 3"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := strings.Count(page, "<li>a warning"); n != 1 {
		t.Errorf("a warning of all networks is given %d times", n)
	}
	r.Networks = append(make([]report.Network, 30), report.Network{History: &callback.History{}, Seconds: math.NaN()})
	render(t, r)
}

// The banner stands before all numbers, and the kept epoch is marked in the curves and the table.
func TestFirstScreen(t *testing.T) {
	r := sample()
	r.Banner, r.LearningRate = "Made-up <data>", 0.002
	page := render(t, r)
	banner := strings.Index(page, "Made-up &lt;data&gt;")
	if banner < 0 || banner > strings.Index(page, `class="tiles"`) {
		t.Error("the banner does not come first")
	}
	for _, want := range []string{"4 (kept)", "epoch 4, which was kept"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := strings.Count(page, "kept: epoch 4"); n != 2 {
		t.Errorf("the kept epoch is marked in %d charts, want those of loss and metric", n)
	}
	r.History.Epochs[3].Loss, r.History.Epochs[4].Loss = 0.4444, 0.5555
	if _, tile, _ := strings.Cut(render(t, r), ">training loss<"); !strings.Contains(tile[:200], "0.4444") || !strings.Contains(tile[:200], "epoch 4, which was kept") {
		t.Errorf("the training loss is not that of the kept epoch: %s", tile[:200])
	}
	r.History.Best = 0 // nothing was chosen: the last epoch is kept
	if page := render(t, r); strings.Count(page, "kept: epoch 5, the last") != 2 || !strings.Contains(page, "5 (kept)") {
		t.Error("the last epoch is not marked")
	}
	running := r
	running.Progress = report.Progress{Step: 50, Steps: 100}
	if page := render(t, running); strings.Contains(page, "kept: ") || strings.Contains(page, "(kept)") {
		t.Error("an epoch of a running training is marked")
	}
	rate := charts(t, page)["rate"]
	for i, e := range r.History.Epochs {
		if got := *rate.Series[0].Py[i]; math.Abs(got-0.002*e.Rate) > 1e-8 {
			t.Errorf("learning rate %g in epoch %d, want %g", got, e.Number, 0.002*e.Rate)
		}
	}
}

// The state is one of the whole run, not of one of its networks.
func TestPhases(t *testing.T) {
	steps := report.Progress{Step: 5, Steps: 10, Epoch: 1, Epochs: 2}
	all := report.Progress{Step: 10, Steps: 10, Epoch: 2, Epochs: 2}
	for _, test := range []struct {
		run  report.Run
		want string
	}{
		{report.Run{}, `done">done`},
		{report.Run{Phase: "reading data"}, `running">reading data`},
		{report.Run{Phase: "network 3 of 5", Progress: steps}, `running">network 3 of 5, epoch 1 of 2`},
		{report.Run{Phase: "judging the results", Progress: all}, `running">judging the results`},
		{report.Run{Progress: all}, `done">done`},
		{report.Run{Phase: "network 3 of 5", Failure: "x"}, `failed">ended early`},
	} {
		if page := render(t, test.run); !strings.Contains(page, test.want) {
			t.Errorf("no %q in the page of %+v", test.want, test.run)
		}
	}
}

// The live page says that data are read before the first step, takes over what becomes known, and in the end says that it is done.
func TestLiveStates(t *testing.T) {
	r := &report.Recorder{Run: report.Run{Title: "before"}}
	w := watch(t, r)
	if _, page := get(t, w.URL(), ""); !strings.Contains(page, "reading data") {
		t.Error("the page of a run without a step does not say that data are read")
	}
	events, last := listen(t, w.URL())
	<-events
	r.Update(func(r *report.Run) {
		r.Title, r.Phase, r.Notes, r.Banner = "after", "network 3 of 5", []string{"column x is left out"}, "made up"
	})
	w.Close()
	for range events {
	}
	end := <-last
	for part, want := range map[string]string{"title": "after", "about": "column x is left out", "banner": "made up", "status": `done">done`} {
		if !strings.Contains(end.Parts[part], want) {
			t.Errorf("%s: %q, want %q", part, end.Parts[part], want)
		}
	}
}
