package datasets

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

func TestOpen(t *testing.T) {
	MustRegister("test-small", func(_ context.Context, o Options) (*Set, error) {
		s := smallSet(t)
		if o.Seed == 1 {
			s.Labels = nil
		}
		return s, nil
	})
	if !slices.Contains(Names(), "test-small") {
		t.Errorf("names are %v", Names())
	}
	if s, err := Open("test-small", Options{}); err != nil || s.Len() != 4 {
		t.Errorf("opened %v, %v", s, err)
	}
	if _, err := Open("test-small", Options{Seed: 1}); err == nil {
		t.Error("a set that does not validate was opened")
	}
	if _, err := Open("test-large", Options{}); err == nil || !strings.Contains(err.Error(), "test-small") {
		t.Errorf("unknown name: %v, want the known ones", err)
	}
	for name, register := range map[string]func(){
		"twice": func() { MustRegister("test-small", func(context.Context, Options) (*Set, error) { return nil, nil }) },
		"nil":   func() { MustRegister("test-nil", nil) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			register()
		}()
	}
}

func TestLocate(t *testing.T) {
	data, cache, given := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv(DataVar, data)
	t.Setenv(CacheVar, cache)
	has := func(dir string) error {
		_, err := os.Stat(filepath.Join(dir, "file.csv"))
		return err
	}
	fill := func(dir string) {
		t.Helper()
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "file.csv"), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want := func(o Options, dir string) {
		t.Helper()
		if got, err := Locate("toy", o, has); err != nil || got != dir {
			t.Errorf("found %q, %v, want %q", got, err, dir)
		}
	}
	_, err := Locate("toy", Options{}, has)
	if !errors.Is(err, ErrNoFiles) || !strings.Contains(err.Error(), data) || !strings.Contains(err.Error(), cache) {
		t.Errorf("nothing there: %v, want the folders tried", err)
	}
	fill(filepath.Join(cache, "toy"))
	want(Options{}, filepath.Join(cache, "toy"))
	fill(filepath.Join(data, "toy"))
	want(Options{}, filepath.Join(data, "toy"))
	_, err = Locate("toy", Options{Dir: given}, has)
	if err == nil || errors.Is(err, ErrNoFiles) || !strings.Contains(err.Error(), given) {
		t.Errorf("empty folder given: %v, want an error that names it", err)
	}
	fill(given)
	want(Options{Dir: given}, given)
}

func TestOpenFamily(t *testing.T) {
	var got string
	MustRegisterFamily("test-family", func(_ context.Context, name string, _ Options) (*Set, error) {
		got = name
		return smallSet(t), nil
	})
	if _, err := Open("test-family/one/two", Options{}); err != nil || got != "one/two" {
		t.Errorf("opened %q, %v", got, err)
	}
	if !slices.Contains(Names(), "test-family/...") {
		t.Errorf("names are %v", Names())
	}
	for _, name := range []string{"test-family", "test-family/", "/test-family", "test/one"} {
		if _, err := Open(name, Options{}); err == nil || !strings.Contains(err.Error(), "test-family/...") {
			t.Errorf("%q: %v, want the known names", name, err)
		}
	}
	for name, o := range map[string]FamilyOpener{
		"test-nil":    nil,
		"test-family": func(context.Context, string, Options) (*Set, error) { return nil, nil },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			MustRegisterFamily(name, o)
		}()
	}
}
