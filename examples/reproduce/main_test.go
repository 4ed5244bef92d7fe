package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

const table = "| Item | Command | Ours |\n| --- | --- | --- |\n"

func TestParsePage(t *testing.T) {
	p, err := parsePage("Computed with the `avx512` kernels.\n\n" + table +
		"| A | `go run ./a -out docs/results/a.jsonl` ([all](results/a.jsonl)) | `0.5`, more |\n| B | | none |\n\n| x | y |\n| --- | --- |\n| z | `go` |\n")
	want := page{kernels: "avx512", rows: []row{
		{line: 5, item: "A", command: []string{"go", "run", "./a", "-out", "docs/results/a.jsonl"}, figures: []string{"0.5"}, results: []string{"docs/results/a.jsonl"}},
		{line: 6, item: "B"},
	}}
	if diff := cmp.Diff(want, p, cmp.AllowUnexported(page{}, row{}), cmpopts.IgnoreFields(row{}, "text")); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for text, want := range map[string]string{
		"":                                "no table",
		table + "| A | `rm x` | |\n":      "line 3",
		table + "| A | `go run a; b` | |": "shell",
		table + "| A | `go run a` `go run b` | |": "2 commands",
		table + "| A |\n":                         "1 cells below 3",
	} {
		if _, err := parsePage(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// A copy lacks the first and the last trial; it equals the kept file if just these are appended, in any order.
func TestSearch(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(from, "x", "a.jsonl"), "header\n1\n2\n3\n")
	write(filepath.Join(from, "table.md"), "1\n")
	all, err := copySearches(from, to)
	if err != nil || len(all) != 1 || all[0].missing != 2 {
		t.Fatalf("%v, %d files", err, len(all))
	}
	if text, err := os.ReadFile(filepath.Join(to, "x", "a.jsonl")); err != nil || string(text) != "header\n2\n" {
		t.Errorf("%q, %v", text, err)
	}
	for text, equal := range map[string]bool{"header\n2\n3\n1\n": true, "header\n2\n": false, "header\n2\n1\n4\n": false, "header\n2\n1\n3\n4\n": false} {
		write(filepath.Join(to, "x", "a.jsonl"), text)
		if err := all[0].compare(); (err == nil) != equal {
			t.Errorf("%q: %v", text, err)
		}
	}
	compressed := filepath.Join(dir, "b.jsonl.gz")
	var text bytes.Buffer
	w := gzip.NewWriter(&text)
	fmt.Fprint(w, "header\n1\n2\n3\n")
	w.Close()
	write(compressed, text.String())
	if all, err = copySearches(compressed, filepath.Join(to, "b.jsonl.gz")); err != nil || len(all) != 1 {
		t.Fatalf("%v, %d files", err, len(all))
	}
	if text, err := os.ReadFile(filepath.Join(to, "b.jsonl")); err != nil || string(text) != "header\n2\n" {
		t.Errorf("%q, %v", text, err)
	}
	write(compressed, text.String()[:20])
	if _, err := copySearches(compressed, filepath.Join(to, "b.jsonl.gz")); err == nil || !strings.Contains(err.Error(), compressed) {
		t.Errorf("half a file: %v", err)
	}
	write(filepath.Join(from, "x", "a.jsonl"), "header\n")
	if _, err := copySearches(from, to); err == nil {
		t.Error("no error for a file without trials")
	}
}

// A row fails if its command fails, does not print a figure, or takes too long; what it writes below docs goes elsewhere.
func TestRows(t *testing.T) {
	t.Chdir("../..")
	path := filepath.Join(t.TempDir(), "page.md")
	page := table + "| Help | `go run ./examples/reproduce -help` | |\n| Wrong figure | `go run ./examples/reproduce -help` | `12345` |\n| Wrong flag | `go run ./examples/reproduce -unknown` | |\n" +
		"| No test | `go test ./internal/version -run Nothing` | |\n"
	if err := os.WriteFile(path, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := programtest.Run(run, "-page", path)
	lines := strings.Split(stdout, "\n")
	if code != 1 || !strings.Contains(stderr, "3 of 4 rows") || !strings.HasPrefix(lines[0], "ok     Help") || !strings.Contains(stdout, `FAILED Wrong figure (line 4`) ||
		!strings.Contains(stdout, `does not print "12345"`) || !strings.Contains(stdout, "FAILED Wrong flag") || !strings.Contains(stdout, "there is no such test") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: `"x"`},
		{Args: []string{"-only", "("}, Code: 2, Want: "-only"},
		{Args: []string{"-timeout", "0s"}, Code: 2, Want: "-timeout"},
		{Args: []string{"-page", filepath.Join(t.TempDir(), "none")}, Code: 1, Want: "-page"},
	})
}
