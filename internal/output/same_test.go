package output_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/selfnorm/selfnorm/internal/output"
)

func TestSame(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, folder := range []string{"d", "e"} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, "f", "1")
	write(t, "g", "1")
	if err := os.Link("f", "hard"); err != nil {
		noLinks(t, err)
	}
	for link, target := range map[string]string{
		"soft": "f", "soft2": "soft", "dir": "d", "later": filepath.Join("d", "new"), "loop": "loop", "d/up": filepath.Join("..", "f"),
	} {
		if err := os.Symlink(target, link); err != nil {
			noLinks(t, err)
		}
	}
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"f", "f", true}, {"f", filepath.Join(dir, "f"), true}, {"f", filepath.Join("d", "..", "f"), true}, {"f", "g", false},
		{"f", "hard", true}, {"f", "soft", true}, {"soft2", "hard", true}, {"f", "d/up", true}, {"f", "new", false},
		{"new", "new", true}, {"new", filepath.Join(dir, "new"), true}, {"new", "new2", false}, {"new", "d/new", false}, {"d/new", "e/new", false},
		{"d/new", "dir/new", true}, {"later", "d/new", true}, {"later", "e/new", false}, {"no/new", "no/../no/new", true}, {"no/new", "no2/new", false},
		{"d", "d" + string(filepath.Separator), true}, {"n", "n" + string(filepath.Separator), true}, {"n/", "./n", true}, {"n/m/", "n/m", true}, {"", "", false}, {"", "f", false},
	} {
		for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			if got, err := output.Same(pair[0], pair[1]); err != nil || got != test.want {
				t.Errorf("Same(%q, %q) is %v (%v), want %v", pair[0], pair[1], got, err, test.want)
			}
		}
	}
	if _, err := output.Same("f", "loop"); err == nil {
		t.Error("a link to itself gives no error")
	}
	if err := output.Try("loop"); err == nil {
		t.Error("Try: a link to itself gives no error")
	}
}

// noLinks ends a test that cannot make links: on Windows they need a privilege, elsewhere their lack is a fault.
func noLinks(t *testing.T, err error) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip(err)
	}
	t.Fatal(err)
}
