package output_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// One lock at a time, by whatever name; the error names the file, and nothing is left after the release.
func TestLock(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	for range 2 {
		release, err := output.Lock(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, filepath.Join(dir, "..", filepath.Base(dir), "f")} {
			if _, err := output.Lock(name); !errors.Is(err, output.ErrLocked) || !strings.Contains(err.Error(), name) {
				t.Errorf("a second lock of %s gives %v", name, err)
			}
		}
		other, err := output.Lock(filepath.Join(dir, "g"))
		if err != nil {
			t.Error(err)
		}
		for range 2 { // a second release does nothing
			if err := errors.Wrap(release(), "first"); err != nil {
				t.Error(err)
			}
		}
		if err := other(); err != nil {
			t.Error(err)
		}
	}
	wantNames(t, dir)
	if _, err := output.Lock(filepath.Join(dir, "no", "f")); err == nil {
		t.Error("a missing folder gives no error")
	}
	if _, err := output.Lock(os.DevNull); err == nil {
		t.Error("a device gives no error")
	}
}

// However many ask, one has the lock, although the lock file comes and goes.
func TestLockExclusive(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	var owners, wins int
	var guard sync.Mutex
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 100 {
				release, err := output.Lock(path)
				if errors.Is(err, output.ErrLocked) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				guard.Lock()
				owners++
				wins++
				if owners != 1 {
					t.Errorf("%d owners", owners)
				}
				guard.Unlock()
				guard.Lock()
				owners--
				guard.Unlock()
				if err := release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if wins == 0 {
		t.Error("nobody got the lock")
	}
}
