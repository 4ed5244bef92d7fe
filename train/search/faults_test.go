package search_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/selfnorm/selfnorm/train/search"
)

// A search whose results file vanishes, alone or with its folder, ends with an error that names it, and does not try all the rest for
// nothing.
func TestResultsVanish(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("open files stay")
	}
	for name, remove := range map[string]func(path string) error{
		"file":     os.Remove,
		"folder":   func(path string) error { return os.RemoveAll(filepath.Dir(path)) },
		"replaced": func(path string) error { os.Remove(path); return os.WriteFile(path, []byte("other\n"), 0o644) },
	} {
		c := config(t)
		c.Results, c.Parallel = filepath.Join(t.TempDir(), "d", "results.jsonl"), 1
		if err := os.Mkdir(filepath.Dir(c.Results), 0o755); err != nil {
			t.Fatal(err)
		}
		var tried atomic.Int32
		c.Trial = func(ctx context.Context, t *search.Trial) (search.Values, error) {
			if tried.Add(1) == 3 {
				if err := remove(c.Results); err != nil {
					return nil, err
				}
			}
			return learn(ctx, t)
		}
		if _, err := search.Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), c.Results) {
			t.Errorf("%s: error %v, want one that names %s", name, err, c.Results)
		}
		if n := tried.Load(); n > 4 {
			t.Errorf("%s: %d trials, the file vanished in the third", name, n)
		}
	}
}
