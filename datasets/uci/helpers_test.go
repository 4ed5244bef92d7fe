package uci

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a task of six rows, two features, two classes and two folds.
var small = map[string]string{
	"toy_py.dat":              "0.5,-1\n1,2\n-1.5,0\n0,0\n2,1e-3\n1,1\n",
	"labels_py.dat":           "0\n1\n0\n1\n1\n0\n",
	"folds_py.dat":            "1,0\n0,0\n0,1\n0,1\n1,1\n0,0\n",
	"validation_folds_py.dat": "0,1\n1,0\n0,0\n0,0\n0,0\n0,1\n",
}

const smallIndex = "name,n_samples,n_features,n_classes,n_folds\ntoy,6,2,2,2\n"

// writeSmall writes the task with changed files; a change to an empty text leaves the file out. Files are compressed if
// their names end in .gz.
func writeSmall(t testing.TB, change map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	files := map[string]string{"index.csv": smallIndex}
	for name, text := range small {
		files["toy/"+name] = text
	}
	for name, text := range change {
		files[name] = text
	}
	for name, text := range files {
		if text == "" {
			continue
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write([]byte(text))
			w.Close()
			text = b.String()
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
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
