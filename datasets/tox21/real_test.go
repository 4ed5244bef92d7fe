package tox21

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

// realData returns the folder with the real files, or ends the test for lack of them.
func realData(t testing.TB) string {
	t.Helper()
	root := os.Getenv(datasets.DataVar)
	if root == "" {
		oracle.Missing(t, "%s is not set", datasets.DataVar)
	}
	dir := filepath.Join(root, "tox21")
	if _, err := os.Stat(dir); err != nil {
		oracle.Missing(t, "no real data: %v", err)
	}
	return dir
}

func realBlock(t testing.TB, dir, part string) *block {
	t.Helper()
	names, err := formats.ReadLines(filepath.Join(dir, "tox21_sparse_colnames.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := readBlock(dir, part, names)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The two official forms, drawings and SMILES, must be the same data: compounds, parts, folds, labels, and the same
// molecules but for a handful.
func TestRealSourcesAgree(t *testing.T) {
	dir := realData(t)
	a, err := ReadDeepTox(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadSMILES(t.Context(), filepath.Join(dir, smilesName), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Compounds) != len(b.Compounds) {
		t.Fatalf("%d and %d compounds", len(a.Compounds), len(b.Compounds))
	}
	differ := 0
	for i := range a.Compounds {
		x, y := &a.Compounds[i], &b.Compounds[i]
		if x.ID != y.ID || x.Part != y.Part || x.Fold != y.Fold {
			t.Fatalf("compound %d: %s %v %d and %s %v %d", i, x.ID, x.Part, x.Fold, y.ID, y.Part, y.Fold)
		}
		if task, same := x.Labels.same(&y.Labels); !same {
			t.Fatalf("%s: label of %s differs", x.ID, tasks[task])
		}
		if x.Parent != y.Parent {
			differ++
			t.Logf("%s: %s and %s", x.ID, x.Parent, y.Parent)
		}
	}
	if differ*1000 > len(a.Compounds) {
		t.Errorf("%d of %d molecules differ", differ, len(a.Compounds))
	}
	t.Log(a.Notes)
}

// The official split must be kept, whatever cannot be read, and validation must not see fitting molecules.
func TestRealSplits(t *testing.T) {
	dir := realData(t)
	d, err := Load(t.Context(), Options{Options: datasets.Options{Dir: dir}})
	if err != nil {
		t.Fatal(err)
	}
	ids, _, err := readLabels(filepath.Join(dir, labelsName("train")))
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for _, s := range d.Skipped() {
		if d.Compounds[s.Row].Part != datasets.Test {
			lost++
		}
	}
	if len(d.TrainRows())+lost != len(ids) || len(d.TestRows())+len(ids) != len(d.Compounds) {
		t.Errorf("%d training rows, %d lost, %d test rows; %d compounds, %d of them for training",
			len(d.TrainRows()), lost, len(d.TestRows()), len(d.Compounds), len(ids))
	}
	for fold := range 5 {
		fit, val, err := d.ValidationSplit(fold)
		if err != nil {
			t.Fatal(err)
		}
		held := make(map[string]bool)
		for _, r := range val {
			held[d.Compounds[r].Parent] = true
		}
		for _, r := range fit {
			if held[d.Compounds[r].Parent] {
				t.Fatalf("fold %d: %s is on both sides", fold, d.Compounds[r].Parent)
			}
		}
		t.Logf("fold %d: %d fitting and %d validation rows", fold, len(fit), len(val))
	}
}
