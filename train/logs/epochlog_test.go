package logs_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// undefined is a metric without a value, which JSON does not know.
var undefined = metric.Metric{
	Name: "undefined", Func: func(*metric.Result) (float64, error) { return math.NaN(), nil }, Defined: func(*metric.Result) error { return nil },
}

// logsIn are one log of each kind in a folder.
func logsIn(dir string) []train.Callback {
	return []train.Callback{&logs.CSVLog{Path: filepath.Join(dir, "log.csv")}, &logs.JSONLog{Path: filepath.Join(dir, "log.jsonl")}}
}

// readCSV returns the numbers of a CSV log by column.
func readCSV(t testing.TB, path string) map[string][]float64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, error %v", len(rows), err)
	}
	columns := map[string][]float64{}
	for i, name := range rows[0] {
		columns[name] = []float64{}
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[name] = append(columns[name], v)
		}
	}
	return columns
}

// logLine is a line of a JSON log; a null is a nil.
type logLine struct {
	Epoch, Step         int
	Seconds, Loss, Rate float64
	ValidationLoss      *float64 `json:"validation_loss"`
	Validation          *float64 `json:"validation_accuracy"`
	Undefined           *float64 `json:"validation_undefined"`
	Moments             []struct {
		Step   int
		Layers []struct {
			Name     string
			Variance float64
			OmegaMax float64 `json:"omega_max"`
			Gradient float64 `json:"gradient_variance"`
		}
	}
	Warnings []string
}

func readJSONLog(t testing.TB, path string) (lines []logLine) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(text) == 0 {
		return nil
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		var l logLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		lines = append(lines, l)
	}
	return lines
}

// Both logs hold all that the history knows of each epoch, with the same numbers.
func TestLogs(t *testing.T) {
	dir := t.TempDir()
	c := traintest.Config()
	c.Metric, c.Metrics, c.Schedule = metric.Accuracy, []metric.Metric{undefined, metric.Loss, metric.Loss}, optim.Cosine{}
	c.Callbacks = append([]train.Callback{&callback.Probes{Every: 3, Gradients: true}, traintest.AtEpoch(func(s *train.State) error {
		s.Warn(fmt.Sprintf("half of epoch %d", s.Epoch/2*2))
		return nil
	})}, logsIn(dir)...)
	h := traintest.Fit(t, traintest.New(t), traintest.Rows(), c)
	columns, lines := readCSV(t, filepath.Join(dir, "log.csv")), readJSONLog(t, filepath.Join(dir, "log.jsonl"))
	if len(lines) != 3 || len(columns) != 10 {
		t.Fatalf("%d lines, %d columns", len(lines), len(columns))
	}
	moments, warnings := 0, []string{}
	for i, e := range h.Epochs {
		want := map[string]float64{
			"epoch": float64(e.Number), "step": float64(e.Step), "seconds": e.Seconds, "loss": e.Loss, "rate": e.Rate,
			"validation_loss": e.ValidationLoss, "validation_accuracy": e.ValidationMetric, "validation_undefined": math.NaN(),
			"validation_loss_2": e.ValidationLoss, "validation_loss_3": e.ValidationLoss,
		}
		for name, v := range want {
			if got := columns[name]; len(got) != 3 || got[i] != v && !(math.IsNaN(v) && math.IsNaN(got[i])) {
				t.Errorf("column %s is %v, want %v in line %d", name, got, v, i+1)
			}
		}
		l := lines[i]
		if l.Epoch != e.Number || l.Step != e.Step || l.Seconds != e.Seconds || l.Loss != e.Loss || l.Rate != e.Rate ||
			*l.ValidationLoss != e.ValidationLoss || *l.Validation != e.ValidationMetric || l.Undefined != nil {
			t.Errorf("line %+v, want %+v", l, e)
		}
		for _, m := range l.Moments {
			if want := h.Moments[moments]; m.Step != want.Step || m.Step > e.Step || len(m.Layers) != len(want.Layers) ||
				m.Layers[1].Name != want.Layers[1].Name || m.Layers[1].Variance != want.Layers[1].Variance || m.Layers[1].OmegaMax != want.Layers[1].OmegaMax || m.Layers[1].Gradient != want.Layers[1].GradientVariance || !(m.Layers[1].Gradient > 0) {
				t.Errorf("moments %+v, want %+v", m, want)
			}
			moments++
		}
		warnings = append(warnings, l.Warnings...)
	}
	if moments != len(h.Moments) || moments != 4 {
		t.Errorf("%d moments, want %d", moments, len(h.Moments))
	}
	if !slices.Equal(warnings, h.Warnings) || !slices.Contains(lines[1].Warnings, "half of epoch 2") {
		t.Errorf("warnings %q, want %q", warnings, h.Warnings)
	}
}

// Without validation data their columns are left out.
func TestLogsUnvalidated(t *testing.T) {
	dir := t.TempDir()
	c := traintest.Config()
	c.Validation, c.Callbacks = nil, logsIn(dir)
	traintest.Fit(t, traintest.New(t), traintest.Rows(), c)
	if columns := readCSV(t, filepath.Join(dir, "log.csv")); len(columns) != 5 {
		t.Errorf("columns %v", columns)
	}
	if lines := readJSONLog(t, filepath.Join(dir, "log.jsonl")); lines[2].ValidationLoss != nil {
		t.Errorf("line %+v", lines[2])
	}
}

var secondsOf = regexp.MustCompile(`("seconds":|(?m)^\d+,\d+,)[-+.e0-9]+`)

// timeless returns the files of logsIn without times.
func timeless(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range []string{"log.csv", "log.jsonl"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = secondsOf.ReplaceAllString(string(text), "${1}0")
	}
	return files
}

// A run that is cancelled, or killed without a checkpoint of that moment, after any step, and whose logs then lose any part of their
// end, has the logs of one that is not interrupted.
func TestLogsResume(t *testing.T) {
	killed := errors.New("killed")
	// fit trains until after step stop, or to the end if that is 0.
	fit := func(dir string, stop int, kill bool) error {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		c := traintest.Config()
		c.Checkpoint = &train.Checkpoint{Dir: filepath.Join(dir, "checkpoints"), EverySteps: 5, Resume: true}
		c.Metric, c.Metrics = metric.Accuracy, []metric.Metric{undefined}
		c.Callbacks = append(logsIn(dir), &callback.Probes{Every: 2}, traintest.AtStep(func(s *train.State) error {
			s.Warn(fmt.Sprintf("half of step %d", s.Step/2*2))
			if s.Step == stop && kill {
				return killed
			}
			if s.Step == stop {
				cancel()
			}
			return nil
		}))
		_, err := train.Fit(ctx, traintest.New(t), traintest.Rows(), c)
		return err
	}
	uninterrupted := t.TempDir()
	if err := fit(uninterrupted, 0, false); err != nil {
		t.Fatal(err)
	}
	want := timeless(t, uninterrupted)
	for stop := 1; stop <= 12; stop++ {
		for _, kill := range []bool{false, true} {
			dir := t.TempDir()
			if err := fit(dir, stop, kill); !errors.Is(err, killed) && !errors.Is(err, context.Canceled) && stop < 12 {
				t.Fatalf("stopped after step %d: error %v", stop, err)
			}
			tear(t, filepath.Join(dir, "log.csv"), 7*stop)
			if err := fit(dir, 0, false); err != nil {
				t.Fatalf("resumed at step %d: %v", stop, err)
			}
			if diff := cmp.Diff(want, timeless(t, dir)); diff != "" {
				t.Fatalf("killed %t, resumed at step %d (-uninterrupted +resumed):\n%s", kill, stop, diff)
			}
		}
	}
	// Lines that the history can supply are written anew; a half line, and one that is no JSON, count as missing.
	for _, damage := range []func(path string){
		func(path string) { os.Remove(path) },
		func(path string) { tear(t, path, 40) },
		func(path string) { os.WriteFile(path, []byte(`{"epoch":1,"step":4,"seco`), 0o644) },
	} {
		damage(filepath.Join(uninterrupted, "log.jsonl"))
		if err := fit(uninterrupted, 0, false); err != nil {
			t.Fatal(err)
		}
		lines := readJSONLog(t, filepath.Join(uninterrupted, "log.jsonl"))
		if len(lines) != 3 || lines[2].Epoch != 3 || len(lines[2].Moments) != 2 || !slices.Contains(lines[2].Warnings, "half of step 12") {
			t.Errorf("lines %+v", lines)
		}
	}
}

// tear takes n bytes from the end of a file, or all.
func tear(t testing.TB, path string, n int) {
	t.Helper()
	info, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, max(0, info.Size()-int64(n)))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A run from the beginning replaces the log of another one, and the same callback may serve several runs.
func TestLogsAnew(t *testing.T) {
	dir := t.TempDir()
	both := logsIn(dir)
	for _, epochs := range []int{4, 2} {
		c := traintest.Config()
		c.Callbacks, c.Epochs = both, epochs
		traintest.Fit(t, traintest.New(t), traintest.Rows(), c)
		if n := len(readCSV(t, filepath.Join(dir, "log.csv"))["epoch"]); n != epochs {
			t.Errorf("%d lines, want %d", n, epochs)
		}
		if lines := readJSONLog(t, filepath.Join(dir, "log.jsonl")); len(lines) != epochs {
			t.Errorf("%d lines, want %d", len(lines), epochs)
		}
	}
}

// A log that is moved away while the run goes on is written again.
func TestLogsMoved(t *testing.T) {
	dir := t.TempDir()
	c := traintest.Config()
	c.Callbacks = append(logsIn(dir), traintest.AtEpoch(func(s *train.State) error {
		if s.Epoch != 2 {
			return nil
		}
		return os.Rename(filepath.Join(dir, "log.csv"), filepath.Join(dir, "old.csv"))
	}))
	traintest.Fit(t, traintest.New(t), traintest.Rows(), c)
	if old, now := readCSV(t, filepath.Join(dir, "old.csv")), readCSV(t, filepath.Join(dir, "log.csv")); len(old["epoch"]) != 2 || len(now["epoch"]) != 3 {
		t.Errorf("%v and %v", old, now)
	}
}

func TestLogErrors(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other.csv")
	if err := os.WriteFile(other, []byte("name,weight\nann,70\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		log  train.Callback
		want string
	}{
		{&logs.CSVLog{}, "CSVLog: no file; set Path"},
		{&logs.JSONLog{}, "JSONLog: no file; set Path"},
		{&logs.CSVLog{Path: other}, other + " is not a log of a training"},
		{&logs.JSONLog{Path: other}, other + " is not a log of a training"},
		{&logs.CSVLog{Path: dir}, dir + ": it is a folder"},
		{&logs.JSONLog{Path: filepath.Join(dir, "none", "log.jsonl")}, filepath.Join(dir, "none", "log.jsonl")},
	} {
		c := traintest.Config()
		c.Callbacks = []train.Callback{test.log}
		h, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c)
		if err == nil || !strings.Contains(err.Error(), test.want) || len(h.Epochs) > 0 {
			t.Errorf("error %v after %d epochs, want %q at once", err, len(h.Epochs), test.want)
		}
	}
	if text, err := os.ReadFile(other); string(text) != "name,weight\nann,70\n" {
		t.Errorf("%s holds %q now (%v)", other, text, err)
	}
	whole := filepath.Join(dir, "whole.csv")
	c := traintest.Config()
	c.Callbacks = []train.Callback{&logs.CSVLog{Path: whole}}
	if _, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{whole: "", filepath.Join(dir, "new.jsonl"): "", other: other, dir: "ends in .csv or .jsonl", filepath.Join(other, "x.csv"): "x.csv"} {
		if err := logs.Try(path); err == nil != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("Try(%s) gives %v, want %q", path, err, want)
		}
	}
	for path, ok := range map[string]bool{"a.csv": true, "a.JSONL": true, "a.json": false, "csv": false} {
		if log, err := logs.New(path); (err == nil) != ok || ok && log == nil {
			t.Errorf("%s: %T, error %v", path, log, err)
		}
	}
}

// Whatever a file holds, a resumed run brings its log in order, or says that the file is none.
func FuzzJSONLog(f *testing.F) {
	fuzztest.Brief(f)
	path := filepath.Join(f.TempDir(), "log.jsonl")
	h := &train.History{Metric: "accuracy", Warnings: []string{"a", "b"}}
	for i := range 3 {
		h.Epochs = append(h.Epochs, train.Epoch{Number: i + 1, Step: 4*i + 4, Loss: 0.5, Rate: 1, Seconds: 0.25, ValidationMetric: math.NaN()})
		h.Moments = append(h.Moments, callback.Moments{Step: 4*i + 1, Layers: []callback.LayerMoments{{Name: "dense1", Tau: 1}}})
	}
	resume := func() error {
		return (&logs.JSONLog{Path: path}).AtEnd(context.Background(), &train.State{History: h, Validated: true})
	}
	if err := resume(); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)-9])
	f.Add(bytes.Replace(good, []byte("}"), []byte(`,"warnings":7}`), 1))
	f.Add(bytes.Replace(good, []byte(`"step":8`), []byte(`"step":7`), 1))
	f.Add(slices.Concat(good, []byte("\x00\x00")))
	f.Add([]byte("a,b\n1,2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := resume(); err != nil {
			if now, readErr := os.ReadFile(path); !strings.Contains(err.Error(), path) || !bytes.Equal(now, text) {
				t.Errorf("error %v, the file holds %q (%v)", err, now, readErr)
			}
			return
		}
		lines := readJSONLog(t, path)
		if len(lines) != len(h.Epochs) {
			t.Fatalf("%d lines, want %d", len(lines), len(h.Epochs))
		}
		for i, e := range h.Epochs {
			if l := lines[i]; l.Epoch != e.Number || l.Step != e.Step || l.Loss != e.Loss {
				t.Errorf("line %+v, want %+v", l, e)
			}
		}
	})
}
