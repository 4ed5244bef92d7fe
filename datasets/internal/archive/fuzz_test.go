package archive

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever an archive holds, every file of it is in the folder or refused, with an error that names the archive.
func FuzzUnzip(f *testing.F) {
	fuzztest.Brief(f)
	for _, names := range [][]string{{"a"}, {"d/a.csv", "d/", "b"}, {"../a"}, {"/a"}, {"a", "a"}, {"."}, {"a/.."}, {"b", "b/a"}} {
		raw, err := os.ReadFile(pack(f, names...))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		f.Add(raw[:len(raw)-3])
	}
	root := f.TempDir()
	path, dir := filepath.Join(root, "a.zip"), filepath.Join(root, "into", "here")
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Dir(dir)); err != nil {
			t.Fatal(err)
		}
		n, err := Unzip(path, dir, func(name string) string { return name })
		if err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("error %q does not name the archive", err)
		}
		found := 0
		filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && p != path {
				found++
				if !strings.HasPrefix(p, dir+string(filepath.Separator)) {
					t.Errorf("%s is outside of the folder", p)
				}
			}
			return nil
		})
		if found > n {
			t.Errorf("%d files, want at most %d (%v)", found, n, err)
		}
	})
}
