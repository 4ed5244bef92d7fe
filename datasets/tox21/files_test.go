package tox21

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write makes a file in dir, compressed if its name says so.
func write(t testing.TB, dir, name, text string) {
	t.Helper()
	content := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		content = b.Bytes()
	}
	if err := os.WriteFile(filepath.Join(dir, name), content, 0o666); err != nil {
		t.Fatal(err)
	}
}

// cut shortens a file to its first half.
func cut(t testing.TB, dir, name string) {
	t.Helper()
	path := filepath.Join(dir, name)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content[:len(content)/2], 0o666); err != nil {
		t.Fatal(err)
	}
}

// edit replaces one text by another in a plain file, which must have it.
func edit(t testing.TB, dir, name, from, to string) {
	t.Helper()
	path := filepath.Join(dir, name)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), from) {
		t.Fatalf("%s has no %q", name, from)
	}
	write(t, dir, name, strings.Replace(string(content), from, to, 1))
}

// small is a made-up data set in the form of the official files: two salts of one parent in different folds, an
// unreadable compound in each part, IDs with a suffix that the drawings of the later parts lack.
var small = []struct {
	id, title, part, fold string
	labels                string
	atoms                 string // element symbols
	bonds                 string // begin-end-order, counted from 1
}{
	{"A-01", "A-01", "training", "0", "0,1,NA,NA,NA,NA,NA,NA,NA,NA,NA,0", "C C O", "1-2-1 2-3-1"},
	{"B-01", "B-01", "training", "1", "1,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,1", "C C O Cl", "1-2-1 2-3-1"}, // ethanol and HCl
	{"C-01", "C-01", "training", "2", "0,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,0", "C C C N", "1-2-1 2-3-1 3-4-1"},
	{"D-01", "D-01", "training", "NA", "NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,1", "C C C C", "1-2-1 2-3-1 3-4-1 1-4-1"},
	{"E-01", "E-01", "training", "3", "1,1,1,1,1,1,1,1,1,1,1,1", "O C C", "1-2-3 2-3-1"}, // no such oxygen
	{"F-01", "F", "validation", "5", "0,0,0,0,0,0,0,0,0,0,0,0", "C C C S", "1-2-1 2-3-1 3-4-1"},
	{"G-01", "G", "test", "NA", "1,0,0,0,0,0,0,0,0,0,0,0", "C C N", "1-2-1 2-3-1"},
	{"H-01", "H", "test", "0", "0,0,0,0,0,0,0,0,0,0,0,1", "O C C", "1-2-3 2-3-1"},
}

// writeSmall writes the table, the drawings and the label files.
func writeSmall(t testing.TB, dir string) {
	t.Helper()
	var table, drawings strings.Builder
	names := `"` + strings.Join(tasks[:], `","`) + `"`
	labels := map[string]*strings.Builder{"train": {}, "test": {}}
	for _, b := range labels {
		b.WriteString(`"",` + names + "\n")
	}
	table.WriteString(`"ID","inchikey","sdftitle","order","set","CVfold",` + names + "\n")
	for i, c := range small {
		fmt.Fprintf(&table, "%q,\"KEY-%d\",%q,%d,%q,%s,%s\n", c.id, i, c.title, i, c.part, c.fold, c.labels)
		drawings.WriteString(molfile(c.title, strings.Fields(c.atoms), strings.Fields(c.bonds)))
		part := "train"
		if c.part == "test" {
			part = "test"
		}
		fmt.Fprintf(labels[part], "%q,%s\n", c.id, c.labels)
	}
	write(t, dir, compoundsName, table.String())
	write(t, dir, sdfName, drawings.String())
	for part, b := range labels {
		write(t, dir, labelsName(part), b.String())
	}
}

// molfile is an SDF record.
func molfile(title string, atoms, bonds []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  made up\n\n%3d%3d  0  0  0  0            999 V2000\n", title, len(atoms), len(bonds))
	for i, a := range atoms {
		fmt.Fprintf(&b, "%10.4f%10.4f%10.4f %-3s 0  0  0  0  0  0\n", float64(i), 0., 0., a)
	}
	for _, bond := range bonds {
		var from, to, order int
		fmt.Sscanf(bond, "%d-%d-%d", &from, &to, &order)
		fmt.Fprintf(&b, "%3d%3d%3d  0  0  0  0\n", from, to, order)
	}
	b.WriteString("M  END\n>  <Formula>\nmade up\n\n$$$$\n")
	return b.String()
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
