package archive

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pack writes an archive of files that hold their own names.
func pack(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		f, err := w.CreateHeader(&zip.FileHeader{Name: n, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte("content of " + n))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUnzip(t *testing.T) {
	path, dir := pack(t, "data/a.csv", "data/readme", "b.csv"), t.TempDir()
	n, err := Unzip(path, dir, func(name string) string {
		return strings.TrimPrefix(strings.Repeat(name, strings.Count(name, ".csv")), "data/")
	})
	if err != nil || n != 2 {
		t.Fatalf("%d files, %v", n, err)
	}
	for file, want := range map[string]string{"a.csv": "content of data/a.csv", "b.csv": "content of b.csv"} {
		if got, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v", file, got, err)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("in the folder are %v", left)
	}
}

func TestUnzipErrors(t *testing.T) {
	same := func(name string) string { return name }
	outside := pack(t, "../../evil.csv")
	folder := pack(t, ".")
	above := pack(t, "a/..")
	damaged := pack(t, "a.csv")
	b, err := os.ReadFile(damaged)
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte("content"))] ^= 1
	if err := os.WriteFile(damaged, b, 0o666); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none.zip")
	for path, say := range map[string]string{outside: "evil.csv", folder: "folder itself", above: "folder itself", damaged: "a.csv: ", none: "none.zip"} {
		dir := t.TempDir()
		_, err := Unzip(path, dir, same)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), say) {
			t.Errorf("error %v, want one with %q", err, say)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
