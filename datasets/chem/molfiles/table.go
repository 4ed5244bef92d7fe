package molfiles

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// nameColumns are the names of columns and data items that name molecules, without case, blanks and punctuation, the likeliest first.
var nameColumns = []string{
	"name", "id", "title", "moleculename", "compoundname", "moleculeid", "molid", "compoundid", "moleculechemblid", "chemblid", "compound",
	"molecule", "cid", "pubchemcid", "dtxsid", "cas", "casrn", "sampleid", "substanceid", "preferredname", "iupacname",
}

// Rows are the rows of a table that is no text, such as a Parquet file.
type Rows interface {
	// Columns returns the names of the columns.
	Columns() []string
	// Use chooses the columns to read; the texts of others may be empty.
	Use(used []bool)
	// Next returns the texts of the next row, one for each column, or io.EOF after the last one. They are valid until the next call.
	Next() ([]string, error)
}

// FromRows reads a table from other rows than those of a text. Which columns are used is decided as in a [Table], and a record's line is the number of its
// row, from 1; name stands for the table in errors.
func FromRows(name string, rows Rows) (*Reader, error) {
	if rows == nil {
		return nil, errors.Errorf("molfiles: %s: nothing to read from", name)
	}
	r := &Reader{name: name, format: Table}
	names := make([]string, len(rows.Columns()))
	for i, n := range rows.Columns() {
		names[i] = strings.TrimSpace(n)
	}
	t := &table{records: &numbered{Rows: rows}, columns: len(names)}
	var err error
	if t.smiles, err = smilesColumn(names); err != nil {
		return nil, errors.Wrapf(err, "molfiles: %s", name)
	}
	t.name = nameColumn(names, t.smiles)
	used := make([]bool, len(names))
	used[t.smiles] = true
	if t.name >= 0 {
		used[t.name] = true
	}
	rows.Use(used)
	r.note(names, t)
	r.next = t.next
	return r, nil
}

// numbered numbers rows.
type numbered struct {
	Rows
	n int
}

func (n *numbered) Next() ([]string, error) {
	n.n++
	return n.Rows.Next()
}

func (n *numbered) Place(int) (line, column int) { return n.n, 0 }

// records are the records of a table.
type records interface {
	Next() ([]string, error)
	Place(i int) (line, column int)
}

// table is a table that is being read.
type table struct {
	records      records
	columns      int
	smiles, name int // indices of columns; -1 for no names
}

// beginTable finds the columns; before is the number of lines before the header.
func (r *Reader) beginTable(text *bufio.Reader, before int, comma rune, ending string) error {
	for range before {
		skipLine(text)
	}
	if comma == 0 {
		comma = ','
		if ending != ".csv" {
			comma = '\t'
		}
	}
	records := formats.NewRecords(r.name, text, comma, before)
	records.Trim = comma != '\t' // or else empty fields between tabs would go, too
	t := &table{records: records}
	first, err := t.records.Next()
	if err == io.EOF {
		return errors.Errorf("%s: no header line", r.name)
	}
	if err != nil {
		return err // names the file
	}
	names := make([]string, len(first))
	for i, n := range first {
		names[i] = strings.Clone(strings.TrimSpace(strings.TrimPrefix(n, "#")))
	}
	t.columns = len(names)
	if t.smiles, err = smilesColumn(names); err != nil {
		return errors.Wrapf(err, "%s:%d", r.name, records.Lines())
	}
	t.name = nameColumn(names, t.smiles)
	r.note(names, t)
	r.next = t.next
	return nil
}

// note reports the columns used, unless their names are evident.
func (r *Reader) note(names []string, t *table) {
	if !strings.EqualFold(names[t.smiles], "smiles") {
		r.notes = append(r.notes, "The SMILES are those of the column "+formats.Quote(names[t.smiles])+".")
	}
	switch {
	case t.name < 0 && len(names) > 1:
		r.notes = append(r.notes, "No column has names of molecules.")
	case t.name >= 0 && !strings.EqualFold(names[t.name], "name"):
		r.notes = append(r.notes, "The names are those of the column "+formats.Quote(names[t.name])+".")
	}
}

// skipLine reads a line of the sample. A failure comes again with the next one.
func skipLine(text *bufio.Reader) {
	for {
		if _, err := text.ReadSlice('\n'); err != bufio.ErrBufferFull {
			return
		}
	}
}

func (t *table) next() (*Record, error) {
	rec, err := t.records.Next()
	for err == nil && len(rec) == 1 && strings.TrimSpace(rec[0]) == "" {
		rec, err = t.records.Next()
	}
	if err != nil {
		return nil, err
	}
	line, _ := t.records.Place(0)
	out := &Record{SMILES: field(rec, t.smiles), Name: field(rec, t.name), Line: line}
	for n := len(rec); n > t.columns && strings.TrimSpace(rec[n-1]) == ""; n-- {
		rec = rec[:n-1]
	}
	if len(rec) != t.columns {
		out.Err = errors.Errorf("%d fields, but the header has %d", len(rec), t.columns)
		return out, nil
	}
	out.pending = true
	return out, nil
}

// field returns a copy of a field, which would keep its whole record.
func field(rec []string, i int) string {
	if i < 0 || i >= len(rec) {
		return ""
	}
	return strings.Clone(strings.TrimSpace(rec[i]))
}

// smilesColumn returns the column of SMILES.
func smilesColumn(names []string) (int, error) {
	for _, is := range []func(string) bool{
		func(n string) bool { return strings.EqualFold(n, "smiles") },
		holdsSMILES,
	} {
		var found []string
		at := -1
		for i, n := range names {
			if is(n) {
				at, found = i, append(found, n)
			}
		}
		if len(found) == 1 {
			return at, nil
		}
		if len(found) > 1 {
			return 0, errors.Errorf("which of the columns %s has the SMILES? Name only that one smiles", list(found))
		}
	}
	return 0, errors.Errorf("the header names no column smiles; there are %s", list(names))
}

// nameColumn returns the column of names, or -1.
func nameColumn(names []string, smiles int) int {
	plain := make([]string, len(names))
	for i, n := range names {
		if i != smiles {
			plain[i] = letters(n)
		}
	}
	for _, n := range nameColumns {
		if i := slices.Index(plain, n); i >= 0 {
			return i
		}
	}
	if len(names) == 2 {
		return 1 - smiles
	}
	return -1
}

// letters returns the letters and digits of a name in lower case.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(s))
}

// list shows a few names.
func list(names []string) string {
	const most = 4
	var b strings.Builder
	for i, n := range names {
		if i == most {
			b.WriteString(", ...")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(formats.Quote(n))
	}
	return b.String()
}
