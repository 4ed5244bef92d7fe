package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// manyMolecules is a file of several blocks, some lines of which are no molecules.
func manyMolecules(t *testing.T) string {
	var text strings.Builder
	for i := range 4*blockRecords + 10 {
		smiles := strings.Repeat("C", 1+i%3)
		if i%50 == 7 {
			smiles = "C1CC"
		}
		fmt.Fprintf(&text, "%s molecule-%d\n", smiles, i)
	}
	return writeFile(t, filepath.Join(t.TempDir(), "a.smi"), text.String())
}

// testContinued: a prediction that is interrupted at any moment and started again gives the file of one that is not, on any number of threads.
func testContinued(t *testing.T, model string) {
	file, dir := manyMolecules(t), t.TempDir()
	code, want, note := command("-model", model, "-predict", file)
	if code != 0 || !strings.Contains(note, "11 of 522 molecules cannot be read") {
		t.Fatalf("exit code %d: %s", code, note)
	}
	for threads := 1; threads <= 3; threads++ {
		out := filepath.Join(dir, fmt.Sprint(threads))
		for wait := 10 * time.Millisecond; ; wait *= 2 {
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			var stdout, stderr bytes.Buffer
			code := run(ctx, []string{"-model", model, "-predict", file, "-out", out, "-threads", fmt.Sprint(threads)}, &stdout, &stderr)
			cancel()
			if code == 0 {
				if lines := strings.Split(strings.TrimSpace(stderr.String()), "\n"); lines[len(lines)-1] != strings.TrimSpace(note) {
					t.Errorf("notes %q, want %q", lines, note)
				}
				break
			}
			if _, err := os.Stat(out); err == nil || stdout.Len() > 0 || strings.Count(stderr.String(), "\n") > 2 {
				t.Fatalf("exit code %d, %v: %s", code, err, stderr.String())
			}
		}
		if got, err := os.ReadFile(out); err != nil || string(got) != want {
			t.Errorf("%d threads: %d bytes, want %d (%v)", threads, len(got), len(want), err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
	out := filepath.Join(dir, "other")
	for name, text := range map[string]string{out + ".partial": "x", out + ".partial.json": `{"version":1,"run":[],"rows":1,"bytes":1}`} {
		writeFile(t, name, text)
	}
	if code, _, stderr := command("-model", model, "-predict", file, "-out", out); code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "to start over, remove it or use -overwrite") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr := command("-model", model, "-predict", file, "-out", out, "-overwrite"); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	input := writeFile(t, out+".partial", "C\n")
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-model", model, "-predict", input, "-out", out, "-overwrite"}, Code: 1, Want: "it would replace the input -predict"},
	})
}

// testParquet: predictions in Parquet files are those of a CSV file, and a Parquet file of molecules is read like another one.
func testParquet(t *testing.T, model string) {
	file, dir := manyMolecules(t), t.TempDir()
	_, want, _ := command("-model", model, "-predict", file)
	out := filepath.Join(dir, "out.parquet")
	if code, stdout, stderr := command("-model", model, "-predict", file, "-out", out); code != 0 || stdout != "" {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	part := filepath.Join(out, "part-00001.parquet")
	code, got, stderr := command("-model", model, "-predict", part)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if got = strings.ReplaceAll(got, part+":", file+":"); got != want { // in the errors
		t.Errorf("%d bytes, want %d", len(got), len(want))
	}
	if code, _, stderr := command("-model", model, "-predict", file, "-out", out); code != 1 || !strings.Contains(stderr, "-overwrite replaces it") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr := command("-model", model, "-predict", file, "-out", out, "-overwrite"); code != 0 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-model", model, "-predict", part, "-out", out, "-overwrite"}, Code: 1, Want: "it is a file or folder that -out uses"},
		{Args: []string{"-model", model, "-predict", file, "-out", writeFile(t, filepath.Join(dir, "file.parquet"), "x")}, Code: 1, Want: "want a folder"},
	})
	whole, err := os.ReadFile(part)
	if err != nil {
		t.Fatal(err)
	}
	cut := writeFile(t, filepath.Join(dir, "cut.parquet"), string(whole[:len(whole)/2]))
	if code, _, stderr := command("-model", model, "-predict", cut); code != 1 || !strings.Contains(stderr, cut) || !strings.Contains(stderr, "cut short") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
