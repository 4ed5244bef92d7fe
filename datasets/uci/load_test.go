package uci

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

func TestLoad(t *testing.T) {
	compressed := map[string]string{}
	for name, text := range small {
		compressed["toy/"+name], compressed["toy/"+name+".gz"] = "", text
	}
	for name, change := range map[string]map[string]string{
		"plain": nil, "compressed": compressed, "no index": {"index.csv": ""},
		"not in the index": {"index.csv": strings.ReplaceAll(smallIndex, "toy", "other")},
		"Windows":          {"toy/labels_py.dat": strings.ReplaceAll(small["labels_py.dat"], "\n", "\r\n")},
	} {
		t.Run(name, func(t *testing.T) {
			task, err := Load(writeSmall(t, change), "toy")
			if err != nil {
				t.Fatal(err)
			}
			if err := task.Set.Validate(); err != nil {
				t.Fatal(err)
			}
			if s := task.Set; s.Len() != 6 || s.Width() != 2 || s.Outputs() != 2 || task.Folds != 2 || s.Class(4) != 1 {
				t.Errorf("%d rows, %d inputs, %d classes, %d folds", s.Len(), s.Width(), s.Outputs(), task.Folds)
			}
			for k, want := range [][3][]int{{{2, 3, 5}, {1}, {0, 4}}, {{1}, {0, 5}, {2, 3, 4}}} {
				f, err := task.Fold(k)
				if err != nil || !cmp.Equal([3][]int{f.Fit, f.Held, f.Test}, want) {
					t.Errorf("fold %d is %v (%v), want %v", k, f, err, want)
				}
			}
			for _, k := range []int{-1, 2} {
				_, err := task.Fold(k)
				wantError(t, err, "uci/toy has no fold")
			}
		})
	}
}

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ name, file, text, say string }{
		{"no features", "toy/toy_py.dat", "", "toy_py.dat"},
		{"no labels", "toy/labels_py.dat", "", "labels_py.dat"},
		{"no folds", "toy/folds_py.dat", "", "toy/folds_py.dat"},
		{"no validation", "toy/validation_folds_py.dat", "", "validation_folds_py.dat"},
		{"text", "toy/toy_py.dat", "1,2\n1,x\n", "toy_py.dat:2: field 2"},
		{"out of range", "toy/toy_py.dat", "1,2\n1,1e99\n", "toy_py.dat:2: field 2"},
		{"short line", "toy/toy_py.dat", "1,2\n1\n", "toy_py.dat:2"},
		{"few rows", "toy/toy_py.dat", "1,2\n1,2\n", "labels_py.dat: 6 lines, but"},
		{"few labels", "toy/labels_py.dat", "0\n1\n", "labels_py.dat: 2 lines, but"},
		{"few folds", "toy/folds_py.dat", "0,1\n", "/folds_py.dat: 1 lines, but"},
		{"few validation rows", "toy/validation_folds_py.dat", "0,1\n", "validation_folds_py.dat: 1 lines, but"},
		{"negative class", "toy/labels_py.dat", "0\n-1\n", "labels_py.dat:2"},
		{"half a class", "toy/labels_py.dat", "0\n0.5\n", "labels_py.dat:2"},
		{"huge class", "toy/labels_py.dat", "0\n1e9\n", "labels_py.dat:2"},
		{"two labels", "toy/labels_py.dat", "0,1\n", "labels_py.dat:1"},
		{"empty class", "toy/labels_py.dat", "0\n2\n0\n2\n2\n0\n", "no row has class 1"},
		{"one class", "toy/labels_py.dat", "0\n0\n0\n0\n0\n0\n", "only one class"},
		{"fold is 2", "toy/folds_py.dat", "1,0\n0,2\n", "folds_py.dat:2: field 2"},
		{"other number of folds", "toy/validation_folds_py.dat", "0\n0\n0\n0\n0\n0\n", "1 folds, but"},
		{"both", "toy/validation_folds_py.dat", strings.Replace(small["validation_folds_py.dat"], "0,0", "0,1", 1), "validation_folds_py.dat:3: in fold 1"},
		{"nothing to test", "toy/folds_py.dat", "1,0\n0,0\n0,0\n0,0\n1,0\n0,0\n", "fold 1 has"},
		{"index disagrees", "index.csv", strings.Replace(smallIndex, "6", "7", 1), "but index.csv says 7"},
		{"index is damaged", "index.csv", smallIndex + "toy,1,1,1,1\n", "index.csv:3"},
		{"index has no number", "index.csv", strings.Replace(smallIndex, "6", "six", 1), `index.csv:2: n_samples is "six"`},
		{"index has no column", "index.csv", strings.Replace(smallIndex, "n_samples", "samples", 1), `index.csv:1: no column "n_samples"`},
		{"index is empty", "index.csv", "name,n_samples,n_features,n_classes,n_folds\n", "index.csv: no tasks"},
		{"index names a path", "index.csv", smallIndex + "../toy,1,1,1,1\n", "index.csv:3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(writeSmall(t, map[string]string{c.file: c.text}), "toy")
			wantError(t, err, "uci: ", c.say)
		})
	}
	dir := writeSmall(t, nil)
	for _, name := range []string{"", "..", "a/b", "other"} {
		_, err := Load(dir, name)
		wantError(t, err, "\""+name+"\"")
	}
	_, err := Tasks(t.TempDir())
	wantError(t, err, "index.csv")
}

func FuzzReadIndex(f *testing.F) {
	fuzztest.Brief(f)
	f.Add(smallIndex)
	f.Add("name,n_samples\n")
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readIndex("index.csv", strings.NewReader(text))
		if err != nil {
			if !strings.Contains(err.Error(), "index.csv") {
				t.Errorf("error %q does not name the file", err)
			}
			return
		}
		if err := writeIndex(dir, list); err != nil {
			t.Fatal(err)
		}
		back, err := Tasks(dir)
		if err != nil || !cmp.Equal(back, list) {
			t.Errorf("%v became %v, %v", list, back, err)
		}
	})
}

// Files without an end, as small as they are compressed, stop at a limit with a short error.
func TestHostile(t *testing.T) {
	wide := strings.Repeat("1,", 1<<20) + "1\n"
	for _, c := range []struct{ name, text, say string }{
		{"a wide row of labels", wide, "1048577 numbers, want one class number"},
		{"a long line", strings.Repeat("1", 5<<20), "the line is longer than the limit of 4194304 bytes"},
	} {
		path := filepath.Join(t.TempDir(), "labels_py.dat")
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := readLabels(path, &Info{})
		if err == nil || !strings.Contains(err.Error(), path+":1: "+c.say) || len(err.Error())-len(path) > 300 {
			t.Errorf("%s: %.400v, want %s", c.name, err, c.say)
		}
	}
	_, err := readIndex("index.csv", strings.NewReader(strings.Join(indexColumns, ",")+"\n"+strings.Repeat("x", 1<<19)+",1,1,1,1\n"))
	if err == nil || !strings.Contains(err.Error(), "index.csv:2: ") || len(err.Error()) > 300 {
		t.Errorf("a long name: %.400v", err)
	}
	var b strings.Builder
	for i := range maxTasks + 1 {
		fmt.Fprintf(&b, "t%d,1,1,1,1\n", i)
	}
	_, err = readIndex("index.csv", strings.NewReader(strings.Join(indexColumns, ",")+"\n"+b.String()))
	if err == nil || !strings.Contains(err.Error(), "limit") {
		t.Errorf("many tasks: %v", err)
	}
}
