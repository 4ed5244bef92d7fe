package tox21

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"gorgonia.org/tensor"
)

// Columns that occur in enough training compounds are sparse features.
func TestReadSubstructures(t *testing.T) {
	dir := t.TempDir()
	writeMatrices(t, dir)
	for least, want := range map[int][]string{
		0: {"ecfp2:-1", "rare", "absent", "frequent"}, 1: {"ecfp2:-1", "rare", "frequent"}, 2: {"ecfp2:-1", "frequent"},
	} {
		set, err := ReadSubstructures(dir, least)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(set.FeatureNames, want) || !set.Sparse || set.Inputs()[0].Kind != batch.Sparse {
			t.Errorf("in at least %d: %+v", least, set.Inputs())
		}
		wantRows(t, "training", set.Rows(datasets.Train), 0, 1, 2, 3, 4)
		wantRows(t, "test", set.Rows(datasets.Test), 6, 7)
	}
	remove(t, dir, "tox21_sparse_train.mtx.gz")
	if set, err := ReadSubstructures(dir, 1); err != nil || !slices.Equal(set.FeatureNames, []string{"ecfp2:-1", "absent"}) || set.Len() != 2 {
		t.Errorf("the test part alone: %v, %v", set, err)
	}
	_, err := ReadSubstructures(dir, 3)
	wantError(t, err, dir, "3 compounds")
	remove(t, dir, "tox21_sparse_test.mtx.gz")
	_, err = ReadSubstructures(dir, 1)
	wantError(t, err, dir, "tox21_sparse_train.mtx.gz")
	if _, err := ReadSubstructures(dir, -1); err == nil {
		t.Error("a negative number of compounds")
	}
}

// All 272,776 columns of the official test part fit into batches without a dense matrix.
func TestReadSubstructuresReal(t *testing.T) {
	dir := filepath.Join(os.Getenv("SELFNORM_DATA"), "tox21")
	if _, ok := exists(dir, "tox21_sparse_test.mtx.gz"); os.Getenv("SELFNORM_DATA") == "" || !ok {
		oracle.Missing(t, "no official matrices: set SELFNORM_DATA")
	}
	set, err := ReadSubstructures(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	if set.Width() != 272776 || set.Len() < 647 {
		t.Fatalf("%d rows of %d columns", set.Len(), set.Width())
	}
	rows, err := batch.NewCSR(tensor.Float32, set.Width())
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int, set.Len())
	for i := range all {
		all[i] = i
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := set.Gather(all, &batch.Batch{Rows: set.Len(), Inputs: []batch.Tensor{{Name: batch.X, Sparse: rows}}}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 64<<20 {
		t.Errorf("gathering takes %d bytes", bytes)
	}
	x, err := rows.Tensor()
	if err != nil || x.NonZeroes() != set.Features.(*datasets.Sparse).Stored() {
		t.Errorf("%d elements, want %d, %v", x.NonZeroes(), set.Features.(*datasets.Sparse).Stored(), err)
	}
}
