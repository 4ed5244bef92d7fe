package report_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
)

// The page of a network with several outputs has a section for each, with its loss, names and charts, and the curves of their losses.
func TestSeveralOutputs(t *testing.T) {
	net, held := traintest.NewBranches(t), traintest.Houses(80, 2)
	r := &report.Recorder{Run: report.Run{Title: "Houses"}}
	traintest.Fit(t, net, traintest.Houses(300, 1), train.Config{
		Epochs: 12, Batch: 32, Optimizer: optim.Adam{Rate: 0.01}, Validation: held, Metrics: []metric.Metric{metric.RMSE.For("price")},
		Callbacks: []train.Callback{&callback.Probes{}, r},
	})
	result, err := train.Evaluate(t.Context(), net, held)
	if err != nil {
		t.Fatal(err)
	}
	r.Update(func(run *report.Run) { run.Results = append(run.Results, report.Result{Name: "test", Result: result}) })
	var page bytes.Buffer
	if err := report.Render(&page, r.Snapshot()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"test: kind", "test: price", "of weight 2", "tower", "Loss of each output", "price, training", "training loss, price", "loss, kind", "price RMSE",
		"input town", "7 categories"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	live, _ := listen(t, watch(t, r).URL())
	now := <-live
	ids := map[string]bool{}
	for _, g := range now.Groups {
		ids[g.ID] = true
	}
	if !ids["result0"] || !ids["result1"] || !strings.Contains(now.Parts["results"], "test: price") || !strings.Contains(now.Parts["epochs"], "training loss, price") {
		t.Errorf("the live page has the groups %v and the results %s", ids, now.Parts["results"])
	}
	if dir := os.Getenv("SELFNORM_PAGES"); dir != "" { // to look at it
		if err := os.WriteFile(filepath.Join(dir, "outputs.html"), page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
