package tox21

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

// writeMatrices adds made-up descriptor files to those of writeSmall: 2 dense columns, 4 sparse ones, of which "rare" is
// in no more than one of six training compounds and "absent" only in a test compound.
func writeMatrices(t testing.TB, dir string) {
	t.Helper()
	writeSmall(t, dir)
	write(t, dir, "tox21_sparse_colnames.txt.gz", "ecfp2:-1\nrare\nabsent\nfrequent\n")
	n := map[string]int{"train": 6, "test": 2}
	for part, entries := range map[string]string{
		"train": "1 1 1\n2 1 3\n6 1 1\n4 2 1\n1 4 50\n2 4 1\n3 4 1\n",
		"test":  "1 1 2\n2 3 5\n",
	} {
		var dense, rows strings.Builder
		dense.WriteString("\"\",\"AW\",\"constant\"\n")
		k := 0
		for i, c := range small {
			if (c.part == "test") == (part == "test") {
				fmt.Fprintf(&dense, "%q,%v,4.5\n", c.id, 1e10*float64(i)-3)
				fmt.Fprintf(&rows, "%s\n", c.id)
				k++
			}
		}
		if k != n[part] {
			t.Fatalf("%d compounds of part %s", k, part)
		}
		write(t, dir, "tox21_dense_"+part+".csv.gz", dense.String())
		write(t, dir, "tox21_sparse_rownames_"+part+".txt.gz", rows.String())
		write(t, dir, "tox21_sparse_"+part+".mtx.gz", fmt.Sprintf("%%%%MatrixMarket matrix coordinate integer general\n%d 4 %d\n%s",
			k, strings.Count(entries, "\n"), entries))
	}
}

func TestReadMatrices(t *testing.T) {
	dir := t.TempDir()
	writeMatrices(t, dir)
	set, err := ReadMatrices(dir, 0.2)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"AW", "constant", "ecfp2:-1", "frequent"}; !slices.Equal(set.FeatureNames, want) {
		t.Errorf("columns %v, want %v", set.FeatureNames, want)
	}
	wantRows(t, "training", set.Rows(datasets.Train), 0, 1, 2, 3, 4)
	wantRows(t, "validation", set.Rows(datasets.Validation), 5)
	wantRows(t, "test", set.Rows(datasets.Test), 6, 7)
	wantRows(t, "folds", set.Fold, 0, 1, 2, -1, 3, 5, -1, 0)
	row := make([]float32, 4)
	for r, want := range map[int][]float32{
		0: {-3, 4.5, 1, 50},
		3: {3e10 - 3, 4.5, 0, 0},
		6: {6e10 - 3, 4.5, 2, 0},
		7: {7e10 - 3, 4.5, 0, 0},
	} {
		set.Features.Gather(row, 4, []int{r})
		if !slices.Equal(row, want) {
			t.Errorf("row %d is %v, want %v", r, row, want)
		}
	}
	if set.Labels[6*NumTasks] != 1 || set.IDs[6] != "G-01" {
		t.Errorf("row 6 is %s with label %v", set.IDs[6], set.Labels[6*NumTasks])
	}
}

func TestOpenDescriptors(t *testing.T) {
	dir := t.TempDir()
	writeMatrices(t, dir)
	set, err := datasets.Open("tox21-descriptors", datasets.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float32, set.Width())
	for r := range set.Len() {
		set.Features.Gather(row, len(row), []int{r})
		for c, v := range row {
			if !(v >= -1 && v <= 1) {
				t.Errorf("row %d: %s is %v", r, set.FeatureNames[c], v)
			}
		}
	}
	remove(t, dir, "tox21_dense_train.csv.gz")
	_, err = datasets.Open("tox21-descriptors", datasets.Options{Dir: dir})
	wantError(t, err, dir, "tox21_dense_train.csv.gz")
}

func TestReadMatricesRefuses(t *testing.T) {
	banner := "%%MatrixMarket matrix coordinate integer general\n"
	for _, c := range []struct {
		name, file, text string
		say              []string
	}{
		{"row names", "tox21_sparse_rownames_test.txt.gz", "G-01\nX-01\n", []string{"tox21_sparse_rownames_test.txt.gz:2", labelsName("test")}},
		{"too few row names", "tox21_sparse_rownames_test.txt.gz", "G-01\n", []string{"tox21_sparse_rownames_test.txt.gz:2"}},
		{"column names", "tox21_sparse_colnames.txt.gz", "a\nb\n", []string{"tox21_sparse_train.mtx.gz", "6 x 4", "2 named columns"}},
		{"sparse rows", "tox21_sparse_test.mtx.gz", banner + "3 4 0\n", []string{"tox21_sparse_test.mtx.gz", "3 x 4", "2 named rows"}},
		{"sparse entry", "tox21_sparse_test.mtx.gz", banner + "2 4 1\n3 1 1\n", []string{"tox21_sparse_test.mtx.gz:3"}},
		{"dense value", "tox21_dense_test.csv.gz", "\"\",AW,constant\nG-01,NA,1\n", []string{"tox21_dense_test.csv.gz:2", "AW", `"NA"`}},
		{"dense order", "tox21_dense_test.csv.gz", "\"\",AW,constant\nH-01,1,1\nG-01,1,1\n", []string{"tox21_dense_test.csv.gz:2", "H-01"}},
		{"dense too few", "tox21_dense_test.csv.gz", "\"\",AW,constant\nG-01,1,1\n", []string{"tox21_dense_test.csv.gz", "1 compounds"}},
		{"dense fields", "tox21_dense_test.csv.gz", "\"\",AW,constant\nG-01,1\n", []string{"tox21_dense_test.csv.gz:2", "2 fields, want 3"}},
		{"dense names", "tox21_dense_test.csv.gz", "\"\",AW,other\nG-01,1,1\nH-01,1,1\n", []string{"other names"}},
		{"label", labelsName("train"), `"",` + strings.Join(tasks[:], ",") + "\nA-01,0,0,0,2,0,0,0,0,0,0,0,0\n", []string{labelsName("train") + ":2", "NR.Aromatase"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			writeMatrices(t, dir)
			write(t, dir, c.file, c.text)
			_, err := ReadMatrices(dir, 0.05)
			wantError(t, err, c.say...)
		})
	}
	dir := t.TempDir()
	writeMatrices(t, dir)
	cut(t, dir, "tox21_sparse_train.mtx.gz")
	_, err := ReadMatrices(dir, 0.05)
	wantError(t, err, "tox21_sparse_train.mtx.gz", "cut short")
	_, err = ReadMatrices(dir, -1)
	wantError(t, err, "share")
}

// The real test part, where it is at hand, must be readable and agree with the labels.
func TestRealTestMatrices(t *testing.T) {
	dir := realData(t)
	names, err := os.Stat(filepath.Join(dir, "tox21_sparse_colnames.txt.gz"))
	if err != nil || names.IsDir() {
		oracle.Missing(t, "no matrices in %s", dir)
	}
	b := realBlock(t, dir, "test")
	d, err := Load(t.Context(), Options{Options: datasets.Options{Dir: dir}, Source: SMILESFile})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range d.TestRows() {
		ids = append(ids, d.Compounds[r].ID)
	}
	if !slices.Equal(b.ids, ids) {
		t.Error("the matrices have other test compounds than the table of SMILES")
	}
	for i, r := range d.TestRows() {
		if task, same := b.labels[i].same(&d.Compounds[r].Labels); !same {
			t.Errorf("label of %s for %s differs", ids[i], tasks[task])
		}
	}
}
