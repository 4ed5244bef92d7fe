package main

import (
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/metric"
)

// runMembers trains an ensemble of all kinds of members and returns what it printed, its file and its JSON.
func runMembers(t *testing.T, args ...string) (stdout, model string, r report) {
	t.Helper()
	dir := t.TempDir()
	model = filepath.Join(dir, "model")
	args = append([]string{"-quick", "-q", "-epochs", "1", "-units", "8", "-members", "neighbours:5,extratrees:5,forest:5,kernel", "-out", model,
		"-json", filepath.Join(dir, "r.json"), "-report", filepath.Join(dir, "page.html")}, args...)
	code, stdout, stderr := command(args...)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "r.json"))
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil || !strings.Contains(string(page), "ensemble of 5 kinds of members") || !strings.Contains(string(page), "extratrees (5 trees)") {
		t.Errorf("page of %d bytes without the members (%v)", len(page), err)
	}
	return stdout, model, r
}

// The table and the JSON have each kind of members and all together; the file predicts what was judged, to the last bit.
func TestMembers(t *testing.T) {
	few(t)
	stdout, model, r := runMembers(t, "-ensemble", "seeds:2")
	for _, want := range []string{"networks", "forest", "extratrees", "neighbours", "ensemble", "5 trees: mean ROC-AUC", "all 5 kinds", "kernel, ridge regression: mean"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in the output:\n%s", want, stdout)
		}
	}
	var names []string
	for _, m := range r.Members {
		names = append(names, m.Name)
		if m.AUC < 0.4 || m.AUC > 1 || len(m.Tasks) == 0 {
			t.Errorf("%+v", m)
		}
	}
	if !slices.Equal(names, []string{molecular.Networks, "forest", "extratrees", "neighbours", "kernel"}) || r.Combine != molecular.Odds {
		t.Errorf("members %q, combined by %q", names, r.Combine)
	}
	if got := judgedAgain(t, model); got != r.Ensemble {
		t.Errorf("the predictions of the file have the mean ROC-AUC %v, those of the run %v", got, r.Ensemble)
	}
	testOne(t, model)
	testServed(t, model)
	testBroken(t, model)
	file := manyMolecules(t)
	_, want, _ := command("-model", model, "-predict", file, "-threads", "1")
	if code, got, stderr := command("-model", model, "-predict", file, "-threads", "4"); code != 0 || got != want || got == "" {
		t.Errorf("4 threads: exit code %d, %d bytes, want %d: %s", code, len(got), len(want), stderr)
	}
}

// judgedAgain returns the mean ROC-AUC of the predictions of a file for the test compounds.
func judgedAgain(t *testing.T, model string) float64 {
	t.Helper()
	ctx := context.Background()
	data, err := tox21.Load(ctx, tox21.Options{Options: datasets.Options{}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPredictor(&options{Flags: training.Flags{Model: model}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	rates, err := data.BaseRates(data.TrainRows())
	if err != nil {
		t.Fatal(err)
	}
	r := &metric.Result{Kind: metric.Binary}
	r.Outputs = tox21.NumTasks
	for _, row := range data.TestRows() {
		values := rates[:]
		if m := data.Compounds[row].Mol; m != nil {
			one, err := p.predict(ctx, []*chem.Mol{m})
			if err != nil {
				t.Fatal(err)
			}
			values = one.Values
		}
		r.Rows++
		r.Values = append(r.Values, values...)
		for _, y := range data.Compounds[row].Labels {
			r.Labels = append(r.Labels, float64(y))
		}
	}
	return meanAUC(r)
}

// A file whose members are missing, surplus or damaged is refused with the reason.
func testBroken(t *testing.T, model string) {
	whole, err := graphs.LoadBundle(model)
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(b *graphs.Bundle, metadata map[string]string){
		`belongs to no member`: func(b *graphs.Bundle, _ map[string]string) { b.Arrays["forest/2/x"] = []int32{1} },
		`unpack`:               func(b *graphs.Bundle, _ map[string]string) { delete(b.Arrays, "forest/1/NR.AhR/share") },
		`neighbours/1/`:        func(b *graphs.Bundle, _ map[string]string) { delete(b.Arrays, "neighbours/1/label") },
		`kernel/1/: column`: func(b *graphs.Bundle, _ map[string]string) {
			b.Arrays["kernel/1/columns"] = []int32{1 << 30}
		},
		`values for`: func(b *graphs.Bundle, _ map[string]string) { b.Arrays["kernel/1/columns"] = []int32{1} },
		`kernel/1/`:  func(b *graphs.Bundle, _ map[string]string) { delete(b.Arrays, "kernel/1/1/size") },
		`want 0 to`:  func(b *graphs.Bundle, _ map[string]string) { b.Arrays["extratrees/1/SR.p53/column"] = []int32{1 << 30} },
		`trained on`: func(b *graphs.Bundle, _ map[string]string) { b.Arrays["forest/1/SR.p53/sizes"] = []int32{1 << 20, 2} },
		`forest/1/ has no arrays`: func(b *graphs.Bundle, _ map[string]string) {
			maps.DeleteFunc(b.Arrays, func(name string, _ any) bool { return strings.HasPrefix(name, "forest/") })
		},
		`the weight 0`: func(_ *graphs.Bundle, m map[string]string) {
			m[members.Key] = `{"combine":"mean","groups":[{"name":"forest","models":1}]}`
		},
		`combined by "vote"`: func(_ *graphs.Bundle, m map[string]string) {
			m[members.Key] = `{"combine":"vote","networks_weight":1,"groups":[{}]}`
		},
		`of the kind "oracle"`: func(_ *graphs.Bundle, m map[string]string) {
			m[members.Key] = `{"combine":"mean","networks_weight":1,"groups":[{"name":"oracle","models":1}]}`
		},
		`1 shifts, want`: func(_ *graphs.Bundle, m map[string]string) {
			m[members.Key] = `{"combine":"mean","networks_weight":1,"groups":[{"name":"forest","models":1}],"calibration":{"shift":[1]}}`
		},
		`-1 models`: func(_ *graphs.Bundle, m map[string]string) {
			m[members.Key] = `{"combine":"mean","networks_weight":1,"groups":[{"name":"forest","models":-1}]}`
		},
		`members: unexpected end`: func(_ *graphs.Bundle, m map[string]string) { delete(m, members.Key) },
		`2 models of the kind "forest`: func(_ *graphs.Bundle, m map[string]string) {
			m[members.Key] = `{"combine":"mean","networks_weight":1,"groups":[{"name":"forest","models":1},{"name":"forest","models":2}]}`
		},
	} {
		broken := graphs.Bundle{Networks: slices.Clone(whole.Networks), Arrays: maps.Clone(whole.Arrays)}
		first := *broken.Networks[0]
		first.Metadata = maps.Clone(first.Metadata)
		broken.Networks[0] = &first
		change(&broken, first.Metadata)
		path := filepath.Join(t.TempDir(), "broken")
		if err := broken.Save(path); err != nil {
			t.Fatal(err)
		}
		if _, err := molecular.Load(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
	if _, err := graphs.LoadAll(model); err == nil {
		t.Error("the networks alone are taken for the ensemble")
	}
}

// With folds, each kind has a model for each fold, and a training compound is predicted by the members that have not seen it.
func TestMembersFolds(t *testing.T) {
	few(t)
	stdout, model, r := runMembers(t, "-ensemble", "folds:5", "-combine", "mean")
	if !strings.Contains(stdout, "by the members that have not seen them") || r.OutOfFold < 0.4 || r.OutOfFold > 1 {
		t.Errorf("out of fold %v:\n%s", r.OutOfFold, stdout)
	}
	for _, m := range r.Members {
		if m.OutOfFold < 0.4 || m.OutOfFold > 0.99 {
			t.Errorf("%s: out of fold %v", m.Name, m.OutOfFold)
		}
	}
	s, err := molecular.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range s.Members.Groups {
		if g.Models() != 5 {
			t.Errorf("%s has %d models", g.Name, g.Models())
		}
	}
	if got := judgedAgain(t, model); math.Abs(got-r.Ensemble) > 1e-12 {
		t.Errorf("the predictions of the file have the mean ROC-AUC %v, those of the run %v", got, r.Ensemble)
	}
}

func TestMembersErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-members", "svm"}, Code: 2, Want: "-members svm: want forest, extratrees, neighbours"},
		{Args: []string{"-members", "forest,"}, Code: 2, Want: "-members forest,: want"},
		{Args: []string{"-members", "forest:0"}, Code: 2, Want: "want 1 to 10000 trees"},
		{Args: []string{"-members", "neighbours:many"}, Code: 2, Want: "want 1 to 10000 neighbours"},
		{Args: []string{"-members", "kernel:5"}, Code: 2, Want: "kernel has no number"},
		{Args: []string{"-members", "forest,forest:5"}, Code: 2, Want: "forest is there twice"},
		{Args: []string{"-members", "forest", "-combine", "vote"}, Code: 2, Want: "-combine vote: want log-odds, mean"},
		{Args: []string{"-combine", "mean"}, Code: 2, Want: "-members beside it"},
		{Args: []string{"-members", "forest", "-onnx", "x"}, Code: 2, Want: "-onnx x: want networks alone"},
		{Args: []string{"-predict", "C", "-model", "m", "-members", "forest"}, Code: 2, Want: "-members"},
	})
}
