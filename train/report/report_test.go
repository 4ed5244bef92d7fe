package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/report"
	"gorgonia.org/tensor"
)

// history is one of so many epochs, probes and layers.
func history(epochs, probes, layers int) *train.History {
	h := &train.History{Metric: "ROC-AUC", Metrics: []string{"accuracy"}}
	for i := range epochs {
		v := 1 / float64(i+2)
		h.Epochs = append(h.Epochs, train.Epoch{Number: i + 1, Step: 10 * (i + 1), Seconds: float64(i), Loss: v, Validated: true, ValidationLoss: v + 0.1,
			ValidationMetric: 1 - v, ValidationMetrics: []float64{1 - v/2}, Rate: 1 - v})
	}
	for i := range probes {
		m := callback.Moments{Step: 1 + i}
		for l := range layers {
			x := math.Sin(float64(i+l)) / 10
			m.Layers = append(m.Layers, callback.LayerMoments{Name: fmt.Sprint("layer", l+1), Mean: x, Variance: 1 + x, Omega: x, Tau: 1 + x})
		}
		h.Moments = append(h.Moments, m)
	}
	return h
}

// tasks is a result of so many rows and tasks. The last task has no positive.
func tasks(rows, outputs int) report.Result {
	r := &train.Result{Kind: metric.Binary, Predictions: train.Predictions{Rows: rows, Outputs: outputs}}
	for i := range rows * outputs {
		y := float64(i * 7919 % 5 / 4)
		if i%outputs == outputs-1 {
			y = 0
		}
		r.Values = append(r.Values, math.Abs(math.Sin(float64(i)))/2+y/3)
		r.Labels, r.Weights = append(r.Labels, y), append(r.Weights, 1)
	}
	return report.Result{Name: "test", Result: r}
}

// sample is a run with everything.
func sample() report.Run {
	classes := &train.Result{Kind: metric.Classes, Predictions: train.Predictions{Rows: 4, Outputs: 3,
		Values: []float64{.7, .2, .1, .1, .8, .1, .2, .2, .6, .5, .3, .2}}, Labels: []float64{0, 1, 2, 1}}
	regression := &train.Result{Kind: metric.Values, Predictions: train.Predictions{Rows: 3, Outputs: 1, Values: []float64{1, 2, 4}},
		Labels: []float64{1, 2, 3}, Weights: []float64{1, 1, 1}}
	h := history(5, 20, 3)
	h.Warnings, h.Best = []string{"a warning"}, 4
	weights := tensor.New(tensor.WithBacking([]float32{-1, 0, 0, 1, float32(math.NaN())}))
	return report.Run{
		Title: "sample", Config: []report.Setting{{Name: "rate", Value: "0.1"}}, Notes: []string{"a note"}, Model: "the model",
		Params: 12345, History: h, Losses: []report.Losses{{First: 1, Last: 2, Mean: .5, Min: .4, Max: .6}, {First: 3, Last: 4, Mean: .4, Min: .3, Max: .5}},
		SELU: []string{"layer1", "layer2"}, Seconds: 75,
		Results: []report.Result{tasks(40, 4), {Name: "classes", Names: []string{"cat", "dog", "owl"}, Result: classes},
			{Name: "values", Result: regression}},
		Histograms: []report.Histogram{report.NewHistogram("weights", "layer1", weights, 4)},
	}
}

func render(t testing.TB, r report.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Render(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// chart is the part of the page's JSON that the tests read.
type chart struct {
	ID, Title, Label string
	Series           []struct {
		Key    string
		Px, Py []*float64
	}
}

// charts returns the charts of a page, by their id.
func charts(t testing.TB, page string) map[string]chart {
	t.Helper()
	_, rest, _ := strings.Cut(page, `id="data">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var data struct{ Groups []struct{ Charts []chart } }
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		t.Fatalf("JSON of the page: %v", err)
	}
	out := map[string]chart{}
	for _, g := range data.Groups {
		for _, c := range g.Charts {
			out[c.ID] = c
		}
	}
	return out
}

func TestEverything(t *testing.T) {
	page := render(t, sample())
	got := charts(t, page)
	for id, lines := range map[string]int{"loss": 3, "metric": 2, "rate": 1, "mean": 3, "variance": 3, "plane": 3, "omega": 3, "tau": 3,
		"result0-roc": 4, "result0-pr": 3, "result0-calibration": 6, "result1-roc": 4, "result2-scatter": 2, "result2-residuals": 2} {
		if n := len(got[id].Series); n != lines {
			t.Errorf("chart %q has %d lines, want %d", id, n, lines)
		}
		if !strings.Contains(got[id].Label, got[id].Title) {
			t.Errorf("chart %q is described by %q", id, got[id].Label)
		}
	}
	for _, want := range []string{"a warning", "a note", "the model", "kept: epoch 4", "cat", "R²", "1 min 15 s", "Confusion", "2 of 2 layers"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// Gradients have charts if they were probed, with a logarithmic axis.
func TestGradients(t *testing.T) {
	h := history(2, 21, 6)
	if got := charts(t, render(t, report.Run{History: h})); got["gradient"].ID != "" || got["depth-gradient"].ID != "" {
		t.Error("gradients that were not probed have charts")
	}
	for _, m := range h.Moments {
		for i := range m.Layers {
			m.Layers[i].GradientVariance, m.Layers[i].WeightGradientVariance = math.Pow(10, -float64(i)), 1e-9
		}
	}
	got := charts(t, render(t, report.Run{History: h}))
	for id, lines := range map[string]int{"gradient": 6, "weight-gradient": 6, "depth-gradient": 5} {
		if c := got[id]; len(c.Series) != lines {
			t.Errorf("chart %q has %d lines, want %d", id, len(c.Series), lines)
		}
	}
	if y := got["depth-gradient"].Series[0].Py; len(y) != 6 || math.Abs(*y[3]-1e-3) > 1e-9 {
		t.Errorf("gradients by depth: %v", y)
	}
}

// Profiles show the layers of SELU units at probes from the first to the last.
func TestDepth(t *testing.T) {
	h := history(2, 21, 6)
	got := charts(t, render(t, report.Run{History: h, SELU: []string{"layer1", "layer2", "layer3", "layer5"}}))
	var steps []string
	for k, s := range got["depth-variance"].Series {
		steps = append(steps, s.Key)
		for i, layer := range []int{0, 1, 2, 4} {
			if want := h.Moments[5*k].Layers[layer].Variance; len(s.Py) != 4 || *s.Px[i] != float64(i+1) || math.Abs(*s.Py[i]-want) > 1e-4 {
				t.Errorf("%s: variance %v at %v, want %v of layer %d", s.Key, *s.Py[i], *s.Px[i], want, layer+1)
			}
		}
	}
	if want := []string{"step 1", "step 6", "step 11", "step 16", "step 21"}; !slices.Equal(steps, want) {
		t.Errorf("profiles of %q, want %q", steps, want)
	}
	for _, selu := range [][]string{{}, {"layer1", "layer2"}} {
		if _, ok := charts(t, render(t, report.Run{History: h, SELU: selu}))["depth-mean"]; ok {
			t.Errorf("profiles of the layers %q", selu)
		}
	}
}

// The page asks nothing of the network.
func TestSelfContained(t *testing.T) {
	page := render(t, sample())
	if found := regexp.MustCompile(`(?i)https?:|(src|href|action)\s*=\s*["']?//|url\(\s*["']?[^#"')]|@import|<(script|img|iframe)[^>]*\ssrc|import\s*\(`).FindAllString(page, -1); found != nil {
		t.Errorf("the page holds %q", found)
	}
	for _, href := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if href[1] != "data:," {
			t.Errorf("the page refers to %q", href[1])
		}
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") {
		t.Error("no content security policy")
	}
}

// Text from outside stays text.
func TestHostileNames(t *testing.T) {
	const evil = `</script><script>alert(1)</script><img src=x onerror="alert(2)">'` + "\u2028`${alert(3)}"
	r := sample()
	r.Title, r.Model, r.Notes, r.Config, r.Validation, r.Failure = evil, evil, []string{evil}, []report.Setting{{Name: evil, Value: evil}}, evil, evil
	r.History.Warnings, r.History.Metric, r.History.Metrics[0] = []string{evil}, evil, evil
	for i := range r.Results {
		r.Results[i].Name, r.Results[i].Names = evil, []string{evil, evil, evil, evil}
	}
	for i := range r.History.Moments {
		r.History.Moments[i].Layers[0].Name = evil
	}
	r.Histograms[0].Name, r.Histograms[0].Group = evil, evil
	page := render(t, r)
	if n := strings.Count(strings.ToLower(page), "<script"); n != 2 {
		t.Errorf("%d scripts, want the data and the code", n)
	}
	for _, bad := range []string{"<script>alert", "<img"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if got := charts(t, page)["result0-roc"].Series[0].Key; got != evil {
		t.Errorf("the name became %q", got)
	}
}

// A long run makes no large page, and its curves keep ends and extremes.
func TestLongRun(t *testing.T) {
	const steps, layers = 100_000, 12
	h := history(steps, 1000, layers)
	for i := 1000; i < steps; i++ { // layers may be shared: the page only reads
		h.Moments = append(h.Moments, callback.Moments{Step: i + 1, Layers: h.Moments[i%1000].Layers})
	}
	h.Epochs[54_321].Loss = 77
	h.Moments[70_001].Layers = append([]callback.LayerMoments(nil), h.Moments[70_001].Layers...)
	h.Moments[70_001].Layers[5].Variance = 99
	for range 1000 {
		h.Warnings = append(h.Warnings, strings.Repeat("w", 5000))
	}
	r := report.Run{History: h, Model: strings.Repeat("m", 1<<20)}
	for k := range 10 {
		r.Results = append(r.Results, tasks(2000, 12))
		r.Results[k].Name = fmt.Sprint("seed ", k)
	}
	for i := range steps {
		r.Losses = append(r.Losses, report.Losses{First: i + 1, Last: i + 1, Mean: h.Epochs[i].Loss})
	}
	page := render(t, r)
	if len(page) >= 3_000_000 {
		t.Errorf("%d bytes", len(page))
	}
	c := charts(t, page)
	for id, want := range map[string]float64{"loss": 77, "variance": 99, "plane": 99} {
		found, longest := false, 0
		for _, s := range c[id].Series {
			longest = max(longest, len(s.Py))
			for _, y := range s.Py {
				found = found || y != nil && *y == want
			}
		}
		if !found || longest > 1000 {
			t.Errorf("chart %q: found the extreme %v: %v; the longest line has %d points", id, want, found, longest)
		}
	}
	line := c["loss"].Series[1]
	if first, last := *line.Px[0], *line.Px[len(line.Px)-1]; first != 10 || last != 10*steps {
		t.Errorf("the loss goes from step %v to %v", first, last)
	}
}

func TestEmpty(t *testing.T) {
	for name, r := range map[string]report.Run{
		"nothing":         {},
		"empty history":   {History: &train.History{}},
		"no rows":         {Results: []report.Result{{Result: &train.Result{Kind: metric.Binary}}, {Result: &train.Result{Kind: metric.Classes}}, {Result: &train.Result{Kind: metric.Values}}}},
		"one epoch":       {History: history(1, 1, 1)},
		"empty moments":   {History: &train.History{Moments: []callback.Moments{{Step: 1}}}},
		"hist of nothing": {Histograms: []report.Histogram{{}, report.NewHistogram("", "", tensor.New(tensor.WithBacking([]float64{math.NaN()})), 0)}},
	} {
		t.Run(name, func(t *testing.T) { charts(t, render(t, r)) })
	}
}

// Tasks with labels of one kind have no curve and no area, and the others keep theirs.
func TestSingleClass(t *testing.T) {
	r := tasks(30, 3)
	r.Names = []string{"a", "b", "lonely"}
	page := render(t, report.Run{Results: []report.Result{r}})
	for _, s := range charts(t, page)["result0-roc"].Series {
		if s.Key == "lonely" {
			t.Error("a curve without positives")
		}
	}
	row := regexp.MustCompile(`(?s)>lonely</th>(.*?)</tr>`).FindStringSubmatch(page)
	if row == nil || strings.Count(row[1], "\u2013") != 2 {
		t.Errorf("the row of the task is %q", row)
	}
	for i := range r.Labels {
		r.Labels[i] = 0
	}
	charts(t, render(t, report.Run{Results: []report.Result{r}}))
}

// NaN and infinities are gaps.
func TestMissingValues(t *testing.T) {
	r := sample()
	nan := math.NaN()
	r.History.Epochs[1].Loss, r.History.Epochs[2].ValidationMetric, r.History.Epochs[2].Rate = nan, math.Inf(1), math.Inf(-1)
	r.History.Moments[3].Layers[1] = callback.LayerMoments{Name: "layer2", Mean: nan, Variance: math.Inf(1), Omega: nan, Tau: nan}
	r.Losses[0].Mean, r.Progress.Loss, r.Seconds = nan, nan, 1
	r.Results[0].Values[2], r.Results[2].Values[0] = nan, nan
	r.Histograms[0].Mean = nan
	page := render(t, r)
	c := charts(t, page)
	for _, s := range c["loss"].Series {
		if s.Key == "training, mean of the epoch" && (s.Py[1] != nil || s.Py[2] == nil) {
			t.Error("a missing loss is not a gap")
		}
	}
	if strings.Contains(page, ">NaN<") {
		t.Error("the page says NaN")
	}
}

// A result whose parts do not fit together is an error, and leaves an older file alone.
func TestBadResult(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.html")
	if err := report.Write(path, sample()); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	r := sample()
	r.Results[0].Labels = r.Results[0].Labels[1:]
	err := report.Write(path, r)
	if err == nil || !strings.Contains(err.Error(), "test") || !strings.Contains(err.Error(), "159 labels") {
		t.Errorf("error %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file has changed")
	}
	r.Results = []report.Result{{Name: "none"}}
	if err := report.Write(path, r); err == nil {
		t.Error("no error for a result that is nil")
	}
	if err := report.Write(filepath.Join(path, "r.html"), sample()); err == nil {
		t.Error("no error for a missing folder")
	}
}
