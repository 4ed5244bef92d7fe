package uci

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Every task of the real files loads, which compares its sizes with the index, and its folds divide the rows.
func TestReal(t *testing.T) {
	dir := filepath.Join(os.Getenv(datasets.DataVar), "uci")
	if os.Getenv(datasets.DataVar) == "" {
		t.Skipf("%s is not set", datasets.DataVar)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real data: %v", err)
	}
	list, err := Tasks(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range list {
		task, err := Load(dir, info.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		if err := task.Set.Validate(); err != nil {
			t.Error(err)
		}
		checkFolds(t, task)
		for k := range task.Folds {
			fit, val, test, _ := task.Fold(k)
			n := float64(info.Samples)
			if share := float64(len(test)) / n; share < 0.1 || share > 0.95 || len(fit) <= len(val)/2 {
				t.Errorf("%s, fold %d: %d rows to fit on, %d to validate, %d to test", info.Name, k, len(fit), len(val), len(test))
			}
			classes := make(map[int]bool)
			for _, r := range fit {
				classes[task.Set.Class(r)] = true
			}
			if len(classes) != info.Classes {
				t.Errorf("%s, fold %d: fitting rows have %d of %d classes", info.Name, k, len(classes), info.Classes)
			}
		}
	}
	t.Logf("%d tasks", len(list))
}
