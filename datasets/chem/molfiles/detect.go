package molfiles

import (
	"bufio"
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// sampleSize is the number of bytes from which the format is found.
const sampleSize = 1 << 16

// separators of the fields of a table, the likeliest first.
const separators = ",;\t|"

// begin finds the format and makes r.next.
func (r *Reader) begin(text *bufio.Reader) error {
	sample, err := text.Peek(sampleSize)
	if err != nil && err != io.EOF {
		return err // names the file
	}
	ending := ending(r.name)
	isTable := ending == ".csv" || ending == ".tsv" || ending == ".tab"
	first, before := firstLine(sample)
	comma := commaOf(first, isTable)
	if comma == 0 {
		if what := foreign(sample); what != "" {
			return errors.Errorf("%s:1: this is %s", r.name, what)
		}
	}
	switch {
	case isTable || comma != 0:
		r.format = Table
		return r.beginTable(text, before, comma, ending)
	case ending == ".sdf" || ending == ".sd" || ending == ".mol" || ending == ".mdl" || isSDF(sample):
		r.format = SDF
		r.beginSDF(text)
	default:
		r.format = SMILES
		r.beginSMILES(text, first, before)
	}
	return nil
}

// ending returns the end of the name of a file, in lower case and without that of gzip.
func ending(name string) string {
	return filepath.Ext(strings.TrimSuffix(strings.ToLower(name), ".gz"))
}

// foreign recognizes texts that hold no list of molecules, and returns what they are.
func foreign(sample []byte) string {
	sample = bytes.TrimLeft(sample, " \t\n")
	for _, f := range []struct{ begin, what string }{
		{"$RXN", "a reaction ($RXN), not a molecule"},
		{"$RDFILE", "an RD file of reactions or molecules; write the molecules as an SD file"},
		{"@<TRIPOS>", "a MOL2 file; convert it to an SD file"},
		{"HEADER ", "a PDB file; convert it to an SD file"},
		{"HETATM", "a PDB file; convert it to an SD file"},
		{"ATOM  ", "a PDB file; convert it to an SD file"},
		{"data_", "a CIF file; convert it to an SD file"},
		{"<", "XML or HTML; convert it to SMILES or an SD file"},
		{"{", "JSON; write the SMILES as a table or one on a line"},
		{`["`, "JSON; write the SMILES as a table or one on a line"},
		{"[{", "JSON; write the SMILES as a table or one on a line"},
		{"InChI=", "a list of InChI; convert them to SMILES"},
	} {
		if bytes.HasPrefix(sample, []byte(f.begin)) {
			return f.what
		}
	}
	return ""
}

var countsLine = regexp.MustCompile(`(?m)^[ \d]{6}.*V[23]000[ \t]*$`)

// isSDF reports whether a text has a line that only molfiles have.
func isSDF(sample []byte) bool {
	for _, line := range []string{"M  END", "$$$$"} {
		if bytes.HasPrefix(sample, []byte(line)) || bytes.Contains(sample, []byte("\n"+line)) {
			return true
		}
	}
	return countsLine.Match(sample)
}

// firstLine returns the first line that may name columns, and the number of lines before it: blank ones, comments, and sep=;, by which
// spreadsheets name the separator.
func firstLine(sample []byte) (line string, before int) {
	for len(sample) > 0 {
		text, rest, _ := bytes.Cut(sample, []byte("\n"))
		line = string(bytes.TrimSpace(text))
		comment := strings.HasPrefix(line, "#") && commaOf(line, false) == 0
		if line != "" && !comment && !strings.HasPrefix(strings.ToLower(line), "sep=") {
			return line, before
		}
		sample = rest
		before++
	}
	return "", before
}

// commaOf returns the separator with which a line names a column of SMILES, or 0 if there is none. A single column, and one with more in its
// name, need a file that must be a table.
func commaOf(line string, isTable bool) rune {
	isSMILES := func(n string) bool { return strings.EqualFold(n, "smiles") }
	for _, c := range separators {
		if names := columnNames(line, c); len(names) > 1 && slices.ContainsFunc(names, isSMILES) {
			return c
		}
	}
	if !isTable {
		return 0
	}
	for _, c := range separators {
		if names := columnNames(line, c); len(names) > 1 && slices.ContainsFunc(names, holdsSMILES) {
			return c
		}
	}
	return 0
}

// columnNames returns the names of columns of a header.
func columnNames(line string, comma rune) []string {
	records := formats.NewRecords("", bufio.NewReader(strings.NewReader(line)), comma, 0)
	records.Trim = comma != '\t'
	rec, err := records.Next()
	if err != nil {
		return nil
	}
	names := make([]string, len(rec))
	for i, n := range rec {
		names[i] = strings.TrimSpace(strings.TrimPrefix(n, "#"))
	}
	return names
}

func holdsSMILES(column string) bool { return strings.Contains(strings.ToLower(column), "smiles") }
