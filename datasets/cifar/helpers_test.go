package cifar

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// batch is a file of images with these labels. The values of an image with label k are k, k+1, k+2 ...
func batch(labels ...byte) string {
	var b []byte
	for _, k := range labels {
		b = append(b, k)
		for i := range Width {
			b = append(b, k+byte(i))
		}
	}
	return string(b)
}

// six are batches of two images each.
func six() map[string]string {
	files := map[string]string{}
	for i, name := range batches {
		files[name] = batch(byte(i), byte(9-i))
	}
	return files
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// entry is a file of an archive.
type entry struct{ name, text string }

// archived is a compressed tar file.
func archived(entries ...entry) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		w.WriteHeader(&tar.Header{Name: e.name, Size: int64(len(e.text)), Mode: 0o644, Typeflag: tar.TypeReg})
		w.Write([]byte(e.text))
	}
	w.Close()
	return zipped(b.String())
}

// original is an archive like that of the authors: in a folder, with other files, and not in order.
func original() string {
	files := six()
	entries := []entry{{folderName + "/batches.meta.txt", "airplane\n"}}
	for _, i := range []int{3, 5, 0, 2, 1, 4} {
		entries = append(entries, entry{folderName + "/" + batches[i], files[batches[i]]})
	}
	return archived(append(entries, entry{folderName + "/readme.html", "<html>"})...)
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func nowhere(t *testing.T) {
	t.Setenv(datasets.DataVar, t.TempDir())
	t.Setenv(datasets.CacheVar, t.TempDir())
}

func wantError(t *testing.T, err error, say ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", say)
	}
	for _, s := range say {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q does not say %q", err, s)
		}
	}
}
