package tox21

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

func readSmall(t *testing.T) *Data {
	t.Helper()
	dir := t.TempDir()
	writeSmall(t, dir)
	d, err := ReadDeepTox(t.Context(), dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Unreadable compounds leave training and stay in the test part.
func TestDataSet(t *testing.T) {
	d := readSmall(t)
	x, err := datasets.NewDense(len(d.Compounds), 1, make([]float32, len(d.Compounds)))
	if err != nil {
		t.Fatal(err)
	}
	set, err := d.Set(x, []string{"nothing"})
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, "training", set.Rows(datasets.Train), 0, 1, 2, 3)
	wantRows(t, "validation", set.Rows(datasets.Validation), 5)
	wantRows(t, "test", set.Rows(datasets.Test), 6, 7)
	wantRows(t, "excluded", set.Rows(datasets.Excluded), 4)
	if len(set.Skipped) != 2 || set.Skipped[0].ID != "E-01" || set.Skipped[1].Row != 7 || !slices.Equal(set.Tasks, Tasks()) {
		t.Errorf("skipped %v, tasks %v", set.Skipped, set.Tasks)
	}
	merged, err := set.Merge(set.Rows(datasets.Train))
	if err != nil {
		t.Fatal(err)
	}
	if merged.Len() != 3 || merged.Labels[0] != 0.5 || merged.Labels[1] != 1 {
		t.Errorf("%d merged rows, labels %v", merged.Len(), merged.Labels[:NumTasks])
	}
	if _, err := d.Set(x, nil); err != nil {
		t.Error(err)
	}
	short, _ := datasets.NewDense(1, 1, []float32{0})
	if _, err := d.Set(short, nil); err == nil {
		t.Error("features of one row were accepted")
	}
}

func TestBaseRates(t *testing.T) {
	d := readSmall(t)
	rates, err := d.BaseRates(d.TrainRows())
	if err != nil || rates[0] != 0.25 || rates[1] != 0.5 || rates[11] != 0.4 {
		t.Errorf("rates %v", rates) // 0 1 0 - 0; 1 - - - 0; 0 1 0 1 0
	}
	if rates, err := d.BaseRates([]int{3}); err != nil || rates[0] != 0.5 {
		t.Errorf("rate without a label is %v (%v)", rates[0], err)
	}
	rows := d.TestRows()
	p := make([]float32, len(rows)*NumTasks)
	n, err := d.FillUnreadable(p, rows, rates)
	if err != nil || n != 1 {
		t.Errorf("%d filled, %v", n, err)
	}
	for task := range NumTasks {
		if p[task] != 0 || p[NumTasks+task] != float32(rates[task]) {
			t.Errorf("%s: predictions %v and %v", tasks[task], p[task], p[NumTasks+task])
		}
	}
	if _, err := d.FillUnreadable(p[1:], rows, rates); err == nil {
		t.Error("a prediction is missing and nothing is said")
	}
}
