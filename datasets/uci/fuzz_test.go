package uci

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever one of the files of a task holds, it is refused with an error that names a file, or the task is complete.
func FuzzLoad(f *testing.F) {
	fuzztest.Brief(f)
	names := []string{"toy_py.dat", "labels_py.dat", "folds_py.dat", "validation_folds_py.dat"}
	for i, name := range names {
		f.Add(uint8(i), small[name])
		f.Add(uint8(i), strings.ReplaceAll(small[name], "\n", "\r\n"))
	}
	f.Add(uint8(1), "0\n1\n1\n0\n1\n99999\n")
	dir := writeSmall(f, nil)
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		name := names[int(i)%len(names)]
		path := filepath.Join(dir, "toy", name)
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		defer os.WriteFile(path, []byte(small[name]), 0o666)
		task, err := Load(dir, "toy")
		if err != nil {
			if !strings.Contains(err.Error(), "toy") || len(err.Error()) > 500 {
				t.Errorf("error %q", err)
			}
			return
		}
		if err := task.Set.Validate(); err != nil {
			t.Fatal(err)
		}
		for k := range task.Folds {
			if _, err := task.Fold(k); err != nil {
				t.Errorf("fold %d: %v", k, err)
			}
		}
	})
}
