package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

func testPredictions(t *testing.T, model string) {
	t.Run("SMILES", func(t *testing.T) { testOne(t, model) })
	t.Run("files", func(t *testing.T) { testFiles(t, model) })
	t.Run("drawings in part", func(t *testing.T) { testPartial(t, model) })
	t.Run("errors", func(t *testing.T) { testRefused(t, model) })
	t.Run("long", func(t *testing.T) { testBlocks(t, model) })
	t.Run("shards", func(t *testing.T) { testShards(t, model) })
	t.Run("version", func(t *testing.T) { testVersion(t, model) })
}

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The molecule of an argument has a table, whatever stands around or behind its SMILES; a file of the same name comes first, and that is said.
func testOne(t *testing.T, model string) {
	_, want, _ := command("-model", model, "-predict", "CC(=O)Oc1ccccc1C(=O)O")
	for _, arg := range []string{"CC(=O)Oc1ccccc1C(=O)O", " CC(=O)Oc1ccccc1C(=O)O aspirin"} {
		code, stdout, stderr := command("-model", model, "-predict", arg)
		if code != 0 || stderr != "" || stdout != want || strings.Count(stdout, "NR.") != 7 || strings.Count(stdout, "SR.") != 5 {
			t.Errorf("exit code %d: %s%s", code, stdout, stderr)
		}
	}
	t.Chdir(t.TempDir())
	writeFile(t, "C", "CCO ethanol\n")
	if err := os.Mkdir("O", 0o755); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := command("-model", model, "-predict", "C")
	if code != 0 || !strings.Contains(stdout, "CCO,ethanol,") || !strings.Contains(stderr, "-predict C: there is a file of this name, which is read") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	if code, stdout, stderr = command("-model", model, "-predict", "O"); code != 0 || !strings.Contains(stdout, "probability") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}

// molfile is a molecule of two atoms, the second of which is given.
func molfile(title, symbol string) string {
	return title + "\n\n\n  2  1  0  0  0  0            999 V2000\n    0.0000    0.0000    0.0000 C   0  0\n" +
		"    1.0000    0.0000    0.0000 " + symbol + "   0  0\n  1  2  1  0\nM  END\n$$$$\n"
}

// Each record of a file has a row, in order, with its name, and probabilities or an error. They do not depend on the format.
func testFiles(t *testing.T, model string) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(w, "\uFEFFid,SMILES,y\r\nmethanol,CO,\r\n7,C1CC,1\r\n\"a, b\",CN,0\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := []string{"methanol", "!", "a, b"}
	var first [][]string
	for name, text := range map[string]string{
		"a.smi": "# made up\nCO methanol\n\nC1CC 7\nCN a, b\n", "a.csv.gz": zipped.String(), "a": "SMILES\tName\nCO\tmethanol\nC1CC\t7\nCN\ta, b\n",
		"a.sdf": molfile("methanol", "O") + molfile("7", "Xx") + molfile("a, b", "N"), "-": "CO methanol\r\nC1CC 7\r\nCN a, b\r\n",
	} {
		path := name
		if name == standardInput {
			defer func(old io.Reader) { stdin = old }(stdin)
			stdin = strings.NewReader(text)
		} else {
			path = writeFile(t, filepath.Join(t.TempDir(), name), text)
		}
		code, stdout, stderr := command("-model", model, "-predict", path)
		rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
		if code != 0 || err != nil || len(rows) != 4 || !strings.Contains(stderr, "1 of 3 molecules cannot be read") {
			t.Errorf("%s: exit code %d: %s%s%v", name, code, stdout, stderr, err)
			continue
		}
		if !slices.Equal(rows[0], slices.Concat([]string{"smiles", "name"}, tox21.Tasks(), []string{"error"})) {
			t.Errorf("%s: header %q", name, rows[0])
		}
		for i, row := range rows[1:] {
			failed := want[i] == "!"
			if !failed && row[1] != want[i] || failed != (row[2] == "") || failed != (row[len(row)-1] != "") {
				t.Errorf("%s: row %q", name, row)
			}
			if failed && !strings.Contains(row[len(row)-1], ":") {
				t.Errorf("%s: error %q names no line", name, row[len(row)-1])
			}
			rows[i+1] = row[2 : len(row)-1]
		}
		if strings.Contains(stderr, "in part") {
			t.Errorf("%s: %s", name, stderr)
		}
		if first == nil {
			first = rows[1:]
		}
		for i := range first {
			if !slices.Equal(first[i], rows[i+1]) {
				t.Errorf("%s: row %d has other probabilities: %q and %q", name, i, first[i], rows[i+1])
			}
		}
	}
}

// testPartial: the standard error says which parts of a drawing its molecule does not hold.
func testPartial(t *testing.T, model string) {
	path := writeFile(t, filepath.Join(t.TempDir(), "a.sdf"), molfile("", "N")+strings.Replace(molfile("x", "L"), "M  END", "M  ALS   2  2 F O   N   \nM  END", 1))
	code, _, stderr := command("-model", model, "-predict", path)
	if code != 0 || !strings.Contains(stderr, "1 of 2 molecules hold their drawings only in part; the first: "+path+": line 17: the list of atoms [O,N]") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// A file without any molecule is an error with the reason, and nothing is written.
func testRefused(t *testing.T, model string) {
	dir := t.TempDir()
	file := func(name, text string) string { return writeFile(t, filepath.Join(dir, name), text) }
	kept := file("kept.csv", "what was there")
	var cases []programtest.ErrorCase
	refused := func(arg, want string) {
		cases = append(cases, programtest.ErrorCase{Args: []string{"-model", model, "-predict", arg, "-out", kept}, Code: 1, Want: want})
	}
	refused("C1CC", "no such file, and no SMILES: smiles: column 2")
	refused(filepath.Join(dir, "molecule.smi"), "no such file, and no SMILES")
	refused(dir, "no such file, and no SMILES: it is a folder")
	refused(file("bad.smi", "xyz\n\n(\n"), "none of the 2 molecules can be read; the first: "+filepath.Join(dir, "bad.smi")+":1: smiles")
	refused(file("empty.smi", "\n# C\n"), "empty.smi holds no molecules")
	refused(file("x.rxn", "$RXN\n"), "x.rxn:1: this is a reaction")
	refused(file("x.xlsx", "PK\x03\x04 xl/"), "Excel")
	refused(file("x.csv", "a,b\n1,2\n"), "x.csv:1: the header names no column smiles")
	refused(file("cut.smi.gz", "\x1f\x8b\x08\x00"), "cut short")
	refused(file("late.csv", "smiles,name\nC,a\nCC,\"b\n"), "late.csv:3:4: the quote that starts here does not end")
	programtest.CheckErrors(t, run, append(cases,
		programtest.ErrorCase{Args: []string{"-model", model, "-predict", ""}, Code: 2, Want: "-predict: the text is empty"},
		programtest.ErrorCase{Args: []string{"-model", model, "-predict", "C", "-out", model}, Code: 1, Want: "it would replace the input -model"},
	))
	if text, err := os.ReadFile(kept); err != nil || string(text) != "what was there" {
		t.Errorf("the file of a failed prediction holds %q (%v)", text, err)
	}
	file("extra.sdf", "one line too many\n"+molfile("x", "O"))
	code, stdout, stderr := command("-model", model, "-predict", filepath.Join(dir, "extra.sdf"))
	if code != 1 || !strings.Contains(stderr, "extra.sdf:5: the counts line") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}

// A file of more molecules than are predicted at once has the rows that its parts have.
func testBlocks(t *testing.T, model string) {
	var text strings.Builder
	for i := range 2*blockRecords + 10 {
		fmt.Fprintf(&text, "%s molecule-%d\n", strings.Repeat("C", 1+i%3), i)
	}
	code, stdout, stderr := command("-model", model, "-predict", writeFile(t, filepath.Join(t.TempDir(), "a.smi"), text.String()))
	rows, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	if code != 0 || stderr != "" || err != nil || len(rows) != 2*blockRecords+11 {
		t.Fatalf("exit code %d: %d rows, %s%v", code, len(rows), stderr, err)
	}
	for i, row := range rows[1:] {
		if row[1] != fmt.Sprintf("molecule-%d", i) || !slices.Equal(row[2:], rows[1+i%3][2:]) {
			t.Fatalf("row %d is %q, want that of %q", i, row, rows[1+i%3])
		}
	}
}

// The rows of all shards, a run of each in turn, are those of one run, in order, with the lines of the file in their errors.
func testShards(t *testing.T, model string) {
	var text strings.Builder
	for i := range 5*blockRecords + 10 {
		if i%50 == 7 || i/blockRecords == 2 { // also a run without molecules
			text.WriteString("C1CC bad\n")
		} else {
			fmt.Fprintf(&text, "%s molecule-%d\n", strings.Repeat("C", 1+i%3), i)
		}
	}
	dir := t.TempDir()
	input, out := writeFile(t, filepath.Join(dir, "a.smi"), text.String()), filepath.Join(dir, "p.csv")
	lines := func(args ...string) []string {
		t.Helper()
		args = append([]string{"-model", model, "-predict", input, "-q", "-out", out}, args...)
		if code, _, stderr := command(args...); code != 0 {
			t.Fatalf("%q: exit code %d: %s", args, code, stderr)
		}
		path := out
		if len(args) > 8 {
			path = strings.Replace(out, ".csv", ".shard-"+strings.Replace(args[8], "/", "-of-", 1)+".csv", 1)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	}
	want := lines()
	for _, of := range []int{1, 3, 8} {
		var shards [][]string
		for k := range of {
			all := lines("-shard", fmt.Sprintf("%d/%d", k+1, of))
			shards = append(shards, all[1:])
		}
		got := want[:1:1]
		for k := 0; len(got) < len(want) && k < 10*of; k++ {
			s := &shards[k%of]
			n := min(blockRecords, len(*s))
			got, *s = append(got, (*s)[:n]...), (*s)[n:]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d shards have other rows: %d, want %d", of, len(got), len(want))
		}
	}
	if code, _, stderr := command("-model", model, "-predict", "C", "-shard", "1/2"); code != 1 || !strings.Contains(stderr, "want a file") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr := command("-shard", "1/2", "-q"); code != 2 || !strings.Contains(stderr, "-predict") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// Networks whose features this program no longer computes are refused, with what to do.
func testVersion(t *testing.T, model string) {
	networks, err := graphs.LoadAll(model)
	if err != nil {
		t.Fatal(err)
	}
	old := bytes.Replace(networks[0].Encoder, []byte(`"encoder":{"version":`), []byte(`"encoder":{"version":-`), 1)
	if bytes.Equal(old, networks[0].Encoder) {
		t.Fatalf("the encoder has no version: %.100s", old)
	}
	for _, n := range networks {
		n.Encoder = old
	}
	path := filepath.Join(t.TempDir(), "old")
	if err := graphs.SaveAll(path, networks); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := command("-model", path, "-predict", "C"); code != 1 || stdout != "" || !strings.Contains(stderr, path) || !strings.Contains(stderr, "train again") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
}
