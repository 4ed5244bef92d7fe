package tox21

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// writeLong writes a gzip file: a beginning, then lines of which each is made by its number.
func writeLong(t testing.TB, dir, name, begin string, lines int, line func(i int) string) {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(zip, begin); err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		if _, err := io.WriteString(zip, line(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
}

// Whatever a small file does to fill the memory, the error is short, and names file and limit or what is wrong.
func TestHostile(t *testing.T) {
	head := "id,smiles,official_set,cvfold," + strings.Join(tasks[:], ",") + "\n"
	row := func(id, smiles string) string { return id + "," + smiles + ",training,,,,,,,,,,,,,\n" }
	long := strings.Repeat("x", 600_000)
	smiles := func(dir, name string) error {
		_, err := ReadSMILES(t.Context(), filepath.Join(dir, name), 0)
		return err
	}
	matrices := func(dir, _ string) error { _, err := ReadMatrices(dir, 0); return err }
	drawings := func(dir, name string) error {
		return readDrawings(t.Context(), filepath.Join(dir, name), make([]Compound, 9), make([]string, 9), 6000)
	}
	chain := molfile("", strings.Fields(strings.Repeat("C ", 900)), nil)
	for _, c := range []struct {
		file, begin string
		lines       int
		line        func(i int) string
		read        func(dir, name string) error
		say         []string
	}{
		{"compounds.csv.gz", head, maxCompounds + 1, func(i int) string { return row(fmt.Sprint(i), "C") }, smiles, []string{":100002", "limit of 100000 compounds"}},
		{"text.csv.gz", head, 10, func(i int) string { return row(fmt.Sprint(i), long) }, smiles, []string{":8", "limit of 100000 compounds or 4 MiB"}},
		{"ids.csv.gz", head, 1, func(int) string { return row(long, "C") }, smiles, []string{":2", "the ID is longer"}},
		{"line.csv.gz", head, 40, func(int) string { return long }, smiles, []string{":2", "the line is longer than the limit"}},
		{"label.csv.gz", head, 1, func(int) string { return "a,C,training,," + long + ",,,,,,,,,,,\n" }, smiles, []string{":2", "label of NR.AhR"}},
		{"columns.csv.gz", "", 1, func(int) string { return strings.Repeat("x,", 1<<20) }, smiles, []string{"limit"}},
		{"drawings.sdf.gz", "", 9, func(int) string { return chain }, drawings, []string{":5455: ", "limit of 6000 atoms"}},
		{"title.sdf.gz", "", 1, func(int) string { return long + "\n\n\n" }, drawings, []string{":1: drawing of"}},
		{"tox21_sparse_colnames.txt.gz", "", 200, func(int) string { return long + "\n" }, matrices, []string{"limit"}},
	} {
		dir := t.TempDir()
		writeLong(t, dir, c.file, c.begin, c.lines, c.line)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := c.read(dir, c.file)
		runtime.ReadMemStats(&after)
		wantError(t, err, append(c.say, c.file)...)
		if err != nil && len(err.Error())-len(dir) > 300 {
			t.Errorf("%s: an error of %d bytes: %.400s", c.file, len(err.Error()), err)
		}
		t.Logf("%s: %d MiB allocated", c.file, (after.TotalAlloc-before.TotalAlloc)>>20)
	}
}
