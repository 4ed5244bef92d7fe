package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

// small are flags for a short training of a small network.
var small = []string{"-q", "-fast", "-layers", "2", "-units", "32"}

// fromJSON reads the file of -json.
func fromJSON(t *testing.T, path string) (r report) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Without flags the program trains on a table of its own, and says so.
func TestBare(t *testing.T) {
	stdout := must(t, "-q", "-epochs", "3")
	for _, want := range []string{"comes with the program", "Breast Cancer", "hidden3", "baseline", "balanced accuracy", "0.5000"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in the output:\n%s", want, stdout)
		}
	}
}

// On the classics the network is as good as one expects.
func TestClassics(t *testing.T) {
	for name, want := range map[string]float64{"iris": 0.86, "wine": 0.9, "breast-cancer": 0.92, "digits": 0.92} {
		file := filepath.Join(t.TempDir(), "r.json")
		must(t, append(small, "-data", name, "-epochs", "40", "-json", file)...)
		r := fromJSON(t, file)
		if got := r.Results["test"]["accuracy"]; got < want || r.Results["baseline"]["accuracy"] > 0.7 {
			t.Errorf("%s: accuracy %v, want at least %v; baseline %v", name, got, want, r.Results["baseline"])
		}
	}
}

// A saved file predicts a table without the target and with other columns like the table of the training, and well.
func TestRoundTrip(t *testing.T) {
	text := mixed(300)
	for _, ensemble := range []string{"", "seeds:2", "folds:3"} {
		data, model := write(t, "my.csv", text), filepath.Join(t.TempDir(), "model.safetensors")
		args := append(small, "-data", data, "-target", "kind", "-id", "name", "-ignore", "price,hot,rare", "-epochs", "5", "-ensemble", ensemble)
		must(t, append(args, "-out", model)...)
		want := probabilities(t, data, model)
		got := records(t, must(t, "-predict", write(t, "new.csv", reversed(t, text, "kind", "rare", "hot")), "-model", model))
		if !slices.Equal(got[0], []string{"name", "kind", "kind=large", "kind=medium", "kind=small", "error"}) || len(got) != 301 {
			t.Fatalf("%d lines, header %v", len(got), got[0])
		}
		right := 0
		for i, rec := range got[1:] {
			if rec[0] != records(t, text)[i+1][0] {
				t.Fatalf("row %d is named %s", i, rec[0])
			}
			for k, w := range want.Row(i) {
				if v := number(t, rec[2+k]); math.Abs(v-w) > 1e-6 {
					t.Fatalf("%s: row %d: %v, want %v", ensemble, i, rec, want.Row(i))
				}
			}
			if rec[1] == records(t, text)[i+1][4] {
				right++
			}
		}
		if right < 180 {
			t.Errorf("%s: %d of 300 rows are right", ensemble, right)
		}
	}
}

// probabilities predicts a table with the networks and the encoder of a file, as a program without this one would.
func probabilities(t *testing.T, data, model string) *train.Predictions {
	t.Helper()
	networks, encoder, _, err := load(model)
	if err != nil {
		t.Fatal(err)
	}
	set, err := encoder.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	var all []*train.Predictions
	for _, net := range networks {
		p, err := train.Predict(context.Background(), net, set)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	mean, err := metric.MeanPredictions(all...)
	if err != nil {
		t.Fatal(err)
	}
	return mean
}

// Numbers are predicted, and judged, in the units of the table.
func TestRegression(t *testing.T) {
	text := mixed(400)
	dir := t.TempDir()
	file, model, out := filepath.Join(dir, "r.json"), filepath.Join(dir, "model"), filepath.Join(dir, "p.csv")
	data := write(t, "my.csv", text)
	must(t, append(small, "-data", data, "-target", "price", "-ignore", "kind,hot,rare,name", "-json", file, "-out", model, "-onnx", filepath.Join(dir, "m.onnx"))...)
	r := fromJSON(t, file)
	test, base := r.Results["test"], r.Results["baseline"]
	if test["R2"] < 0.6 || test["RMSE"] > 0.7*base["RMSE"] || base["RMSE"] < 30 || base["RMSE"] > 90 || math.Abs(base["R2"]) > 0.2 {
		t.Errorf("test %v, baseline %v", test, base)
	}
	must(t, "-predict", data, "-model", model, "-out", out)
	predicted, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	sum, truth := 0.0, records(t, text)
	got := records(t, string(predicted))
	for i, rec := range got[1:] {
		d := number(t, rec[0]) - number(t, truth[i+1][5])
		sum += d * d
	}
	if rmse := math.Sqrt(sum / 400); !slices.Equal(got[0], []string{"price", "error"}) || rmse > 40 {
		t.Errorf("header %v, RMSE %v", got[0], rmse)
	}
}

// Labels with gaps: rows with any label are used, and each label is judged by itself.
func TestLabels(t *testing.T) {
	dir := t.TempDir()
	file, model := filepath.Join(dir, "r.json"), filepath.Join(dir, "model")
	data := write(t, "my.csv", mixed(400))
	args := append(small, "-data", data, "-target", "hot,rare", "-ignore", "kind,price,name", "-json", file, "-out", model, "-ensemble", "folds:4",
		"-report", filepath.Join(dir, "page.html"), "-onnx", "")
	stdout := must(t, args...)
	r := fromJSON(t, file)
	for _, name := range []string{"hot", "rare"} {
		if auc := r.ByTarget["test"][name]["ROC-AUC"]; auc < 0.8 || !strings.Contains(stdout, name) {
			t.Errorf("%s: ROC-AUC %v\n%s", name, auc, stdout)
		}
	}
	if auc := r.Results["out of fold"]["ROC-AUC"]; auc < 0.8 || !strings.Contains(stdout, "out of fold") {
		t.Errorf("out of fold %v\n%s", r.Results["out of fold"], stdout)
	}
	got := records(t, must(t, "-predict", data, "-model", model))
	if !slices.Equal(got[0], []string{"hot", "rare", "hot=1", "rare=1", "error"}) {
		t.Errorf("header %v", got[0])
	}
	for _, rec := range got[1:] {
		if want := number(t, rec[2]) > 0.5; (rec[0] == "1") != want {
			t.Errorf("label and probability %v", rec)
		}
	}
	page, err := os.ReadFile(filepath.Join(dir, "page.html"))
	if err != nil || !strings.Contains(string(page), "rows held out") {
		t.Errorf("page of %d bytes, %v", len(page), err)
	}
}

// Several numbers at a time are judged each in its own unit.
func TestSeveralValues(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r.json")
	must(t, append(small, "-data", write(t, "my.csv", mixed(200)), "-target", "price,size", "-problem", "regression", "-ignore", "kind,hot,rare,name",
		"-validation-share", "0", "-epochs", "5", "-json", file)...)
	r := fromJSON(t, file)
	if r.RowsValidation != 0 || r.ByTarget["baseline"]["price"]["RMSE"] < 10*r.ByTarget["baseline"]["size"]["RMSE"] {
		t.Errorf("%+v", r)
	}
}

// A run that is stopped and started again with the same flags ends as one that is not.
func TestCheckpoint(t *testing.T) {
	dir := t.TempDir()
	args := append(small, "-data", "iris", "-epochs", "6", "-ensemble", "seeds:2")
	file := func(name string) string { return filepath.Join(dir, name) }
	must(t, append(args, "-out", file("whole"))...)
	args = append(args, "-checkpoint", file("run"))
	ctx := programtest.Stopping{Context: context.Background(), Pattern: filepath.Join(file("run"), "network-2", "step-*")}
	if code := run(ctx, append(args, "-out", file("half")), &bytes.Buffer{}, &bytes.Buffer{}); code != 1 {
		t.Fatalf("a run that was stopped ends with %d", code)
	}
	must(t, append(args, "-out", file("again"))...)
	whole, err := os.ReadFile(file("whole"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(file("again")); err != nil || !bytes.Equal(whole, again) {
		t.Errorf("the files of %d and %d bytes differ (%v)", len(whole), len(again), err)
	}
}

// Columns of no use are left out, and so are rows without a target; both are said.
func TestNotes(t *testing.T) {
	var b strings.Builder
	b.WriteString("no;id;text;same;none;size;kind\n")
	for i := range 240 {
		kind := []string{"a", "b", "", "c"}[i%4]
		if kind == "c" && i > 10 {
			kind = "b"
		}
		b.WriteString(strings.Join([]string{strconv.Itoa(i), "n" + strings.Repeat("x", i), "\"a text;\nof two lines " + strings.Repeat("y", i) + "\"", "7", "", strings.Repeat("1", i%4+1) + ",5", kind}, ";") + "\n")
	}
	data := write(t, "my.csv", b.String())
	stdout := must(t, append(small, "-data", data, "-target", "kind", "-epochs", "2", "-out", data+".model")...)
	for _, want := range []string{
		"decimal commas", `Column "no" is left out: it counts the rows`, `Column "id" is left out: 240 different texts in 240 rows, such as "n" on line 2`, "if they name the rows, -id id", `Column "text" is left out`, `Column "same" is left out: it is the same`, `Column "none" is left out: it is empty`,
		"60 of 240 rows have no value of the target", `fewer than 5 rows`, `"c" (2)`, "1 numeric and 0 categorical",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in the output:\n%s", want, stdout)
		}
	}
	got := records(t, must(t, "-predict", write(t, "new.csv", "size\n1,5\n111,5\n"), "-model", data+".model"))
	if len(got) != 3 || len(got[1]) != 5 || got[1][4] != "" {
		t.Errorf("predictions %v", got)
	}
}
