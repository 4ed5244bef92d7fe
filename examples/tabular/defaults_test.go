package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// Without flags, a table of classes gets five networks and trees. Their file predicts and is judged as in training, and any number of threads gives the
// same bits.
func TestDefaultEnsemble(t *testing.T) {
	dir := t.TempDir()
	data := write(t, "t.csv", mixed(150))
	var first string
	for _, threads := range []string{"1", "2"} {
		model, result, judged := filepath.Join(dir, "model"+threads), filepath.Join(dir, "r.json"), filepath.Join(dir, "j.json")
		stdout := must(t, "-q", "-layers", "1", "-units", "8", "-epochs", "4", "-data", data, "-target", "kind", "-ignore", "price,hot,rare", "-id", "name", "-threads", threads,
			"-members", "forest:15,extratrees:15", "-out", model, "-json", result)
		if !strings.Contains(stdout, "members: weights chosen out of fold: networks ") {
			t.Errorf("no members in\n%s", stdout)
		}
		var r struct {
			Networks int
			Results  map[string]map[string]float64
			Members  []memberReport
		}
		decode(t, result, &r)
		if r.Networks != defaultFolds || len(r.Members) != 3 || r.Members[1].Name != "forest" {
			t.Errorf("%d networks, members %+v", r.Networks, r.Members)
		}
		for _, m := range r.Members {
			if out := r.Results["out of fold"]["log loss"]; out > m.LogLoss+0.05 {
				t.Errorf("the log loss out of fold is %v, that of %s alone %v", out, m.Name, m.LogLoss)
			}
		}
		predictions := must(t, "-predict", data, "-model", model)
		if first == "" {
			first = predictions
		}
		if predictions != first {
			t.Error("the number of threads changes predictions")
		}
		must(t, "-evaluate", data, "-model", model, "-json", judged)
		decode(t, judged, &r)
		right, rows := 0.0, records(t, predictions)
		for i, rec := range records(t, string(mustRead(t, data))) {
			if i > 0 && rows[i][1] == rec[column(t, data, "kind")] {
				right++
			}
		}
		if accuracy := right / float64(len(rows)-1); math.Abs(accuracy-r.Results["evaluated"]["accuracy"]) > 1e-9 {
			t.Errorf("accuracy %v by -predict, %v by -evaluate", accuracy, r.Results["evaluated"]["accuracy"])
		}
		networks, _, beside, err := load(model)
		if err != nil || len(networks) != defaultFolds || beside == nil || networks[0].Metadata[members.Key] == "" {
			t.Errorf("the file has %d networks and the members %v (%v)", len(networks), beside, err)
		}
	}
}

// -fast and large tables have one network; regressions have networks alone.
func TestDefaultSizes(t *testing.T) {
	data := write(t, "t.csv", mixed(120))
	args := []string{"-q", "-layers", "1", "-units", "8", "-epochs", "2", "-data", data, "-id", "name"}
	if out := must(t, append(args[:len(args):len(args)], "-target", "kind", "-ignore", "price,hot,rare", "-fast")...); strings.Contains(out, "members:") || !strings.Contains(out, "networks: 1,") {
		t.Errorf("-fast:\n%s", out)
	}
	if out := must(t, append(args[:len(args):len(args)], "-target", "price", "-ignore", "kind,hot,rare")...); strings.Contains(out, "members:") || !strings.Contains(out, "networks: 5,") {
		t.Errorf("regression:\n%s", out)
	}
	defer func(old int) { largeTable = old }(largeTable)
	largeTable = 90
	if out := must(t, append(args[:len(args):len(args)], "-target", "kind", "-ignore", "price,hot,rare")...); strings.Contains(out, "members:") || !strings.Contains(out, "networks: 1,") {
		t.Errorf("a large table:\n%s", out)
	}
}

func TestDefaultErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-members", "wood"}, Code: 2, Want: `-members "wood": want`},
		{Args: []string{"-members", "forest:0"}, Code: 2, Want: "1 to 10000 trees"},
		{Args: []string{"-members", "forest", "-fast"}, Code: 2, Want: "-ensemble folds beside it"},
		{Args: []string{"-scaling", "tanh"}, Code: 2, Want: "robust-clip or standardize"},
	})
}

func decode(t *testing.T, path string, to any) {
	t.Helper()
	if err := json.Unmarshal(mustRead(t, path), to); err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// column returns the place of a column of a table.
func column(t *testing.T, path, name string) int {
	t.Helper()
	for i, c := range records(t, string(mustRead(t, path)))[0] {
		if c == name {
			return i
		}
	}
	t.Fatalf("%s has no column %s", path, name)
	return 0
}
