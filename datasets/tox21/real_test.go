package tox21

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

// realData returns the folder with the files that are not part of the program, or ends the test for lack of them.
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

// The embedded file is the one that its README describes: checksum, parts and label counts.
func TestEmbedded(t *testing.T) {
	text, err := os.ReadFile("data/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(embedded)); !strings.Contains(string(text), sum) {
		t.Errorf("the README does not name the checksum %s", sum)
	}
	d, err := Embedded(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if d.Synthetic || !strings.HasPrefix(d.Notes, "the real compounds of the Tox21 Data Challenge 2014") {
		t.Errorf("synthetic %v, notes %q", d.Synthetic, d.Notes)
	}
	parts := make(map[datasets.Part]int)
	var counts [NumTasks][6]int // active, inactive, missing: in training, in the test
	for i := range d.Compounds {
		c := &d.Compounds[i]
		parts[c.Part]++
		for task, y := range c.Labels {
			k := 2 // missing
			switch y {
			case 1:
				k = 0
			case 0:
				k = 1
			}
			if c.Part == datasets.Test {
				k += 3
			}
			counts[task][k]++
		}
	}
	if parts[datasets.Train] != 11764 || parts[datasets.Validation] != 296 || parts[datasets.Test] != 647 {
		t.Errorf("parts %v", parts)
	}
	for task, n := range counts {
		line := fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d |", tasks[task], n[0], n[1], n[2], n[3], n[4], n[5])
		if !strings.Contains(string(text), line) {
			t.Errorf("the README does not have the line %s", line)
		}
	}
	if s := d.Skipped(); len(s) != 8 || len(d.TrainRows()) != 12060-6 || len(d.TestRows()) != 647 {
		t.Errorf("%d compounds cannot be read, %d rows for training, %d for the test", len(s), len(d.TrainRows()), len(d.TestRows()))
	}
}

// The drawings and the embedded SMILES are the same data: compounds, parts, folds, labels, and the same molecules but for a
// handful.
func TestRealSourcesAgree(t *testing.T) {
	dir := realData(t)
	a, err := ReadDeepTox(t.Context(), dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Embedded(t.Context(), 0)
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

// No molecule is in the validation and in the fitting rows of the official folds.
func TestRealSplits(t *testing.T) {
	d, err := Embedded(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
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
		if len(fit) < 9000 || len(val) < 1500 {
			t.Errorf("fold %d: %d fitting and %d validation rows", fold, len(fit), len(val))
		}
	}
}
