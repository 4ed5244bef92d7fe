package uci

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

// Every task of the real files loads, which compares its sizes with the index, and its folds divide the rows.
func TestReal(t *testing.T) {
	dir := filepath.Join(os.Getenv(datasets.DataVar), "uci")
	if os.Getenv(datasets.DataVar) == "" {
		oracle.Missing(t, "%s is not set", datasets.DataVar)
	}
	if _, err := os.Stat(dir); err != nil {
		oracle.Missing(t, "no real data: %v", err)
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
	}
	t.Logf("%d tasks", len(list))
}
