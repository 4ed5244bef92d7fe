package pipelines_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/beam/pipelines"
)

// The answers for files of molecules are those of -predict, bad records with the lines of their files included. A file that cannot be read is named and
// does not stop the others.
func TestScreening(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	tox21 := filepath.Join(programs(t, "tox21"), "tox21")
	dir := t.TempDir()
	model, input := filepath.Join(dir, "model"), filepath.Join(dir, "in")
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(tox21, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	run("-synthetic", "-quick", "-q", "-out", model)
	if err := os.Mkdir(input, 0o777); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range []string{"a.smi", "b.smi"} {
		var text strings.Builder
		for i := range 1000 {
			if i%100 == 3 {
				text.WriteString("C1CC bad\n")
			} else {
				fmt.Fprintf(&text, "%sO %s-%d\n", strings.Repeat("C", 1+i%5), name, i)
			}
		}
		path := filepath.Join(input, name)
		if err := os.WriteFile(path, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, name+".csv")
		run("-model", model, "-predict", path, "-q", "-out", out)
		want = append(want, rows(t, out)...)
	}
	var stderr bytes.Buffer
	s := pipelines.Screening{Command: []string{tox21, "-threads", "1"}, Model: model, Inputs: filepath.Join(input, "*.smi"), Dir: filepath.Join(dir, "out"), Parts: 3, Workers: 4, Stderr: &stderr}
	if err := s.Run(t.Context()); err != nil || !strings.Contains(stderr.String(), "2000 rows, 20 of them cannot be read") {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	files, err := filepath.Glob(filepath.Join(s.Dir, "*.csv"))
	if err != nil || len(files) != 6 {
		t.Fatalf("files %q (%v)", files, err)
	}
	var got []string
	for _, f := range files {
		got = append(got, rows(t, f)...)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}

	stderr.Reset()
	if err := s.Run(t.Context()); err != nil || stderr.Len() > 0 { // all is there
		t.Errorf("%v: %s", err, stderr.String())
	}
	s.Parts = 2
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "another run") {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(input, "c.smi"), []byte("$RXN\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s.Dir = filepath.Join(dir, "second")
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "2 of 6 parts failed") || !strings.Contains(stderr.String(), "2000 rows") {
		t.Errorf("%v: %s", err, stderr.String())
	}
	if text, err := os.ReadFile(filepath.Join(s.Dir, "c.smi.00001-of-00002"+pipelines.FailedSuffix)); err != nil || !strings.Contains(string(text), "c.smi:1: this is a reaction") {
		t.Errorf("%v: %s", err, text)
	}
}

// rows returns the lines of a file without the header.
func rows(t testing.TB, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n")[1:]
}
