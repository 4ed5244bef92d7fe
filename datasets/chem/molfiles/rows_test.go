package molfiles

import (
	"io"
	"slices"
	"strings"
	"testing"
)

// Records whose molecules are read later are those of Next.
func TestNextText(t *testing.T) {
	for name, text := range map[string]string{
		"a.smi": "CCO ethanol\nxyz bad\n\n# comment\n InChI=1S x\nC>>C r\n", "a.csv": "smiles,name\nCCO,ethanol\nC1CC,\n,none\n1,2,3\n", "a.sdf": drawing("one") + "\n" + drawing("y"),
	} {
		open := func() *Reader {
			r, err := New(name, strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		now, later := open(), open()
		for {
			want, err := now.Next()
			got, gotErr := later.NextText()
			if err != gotErr {
				t.Fatalf("%s: %v, want %v", name, gotErr, err)
			}
			if err == io.EOF {
				break
			}
			if name != "a.sdf" && got.Err == nil && got.Mol != nil {
				t.Errorf("%s: the molecule is there already: %+v", name, got)
			}
			for range 2 {
				got.Read()
			}
			if got.Name != want.Name || got.SMILES != want.SMILES || got.Line != want.Line || (got.Mol == nil) != (want.Mol == nil) || (got.Err == nil) != (want.Err == nil) ||
				got.Err != nil && got.Err.Error() != want.Err.Error() {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
	}
}

// tableRows is a table that is no text.
type tableRows struct {
	columns []string
	rows    [][]string
	used    []bool
}

func (l *tableRows) Columns() []string { return l.columns }
func (l *tableRows) Use(used []bool)   { l.used = used }
func (l *tableRows) Next() ([]string, error) {
	if len(l.rows) == 0 {
		return nil, io.EOF
	}
	row := l.rows[0]
	l.rows = l.rows[1:]
	return row, nil
}

// Rows of another source are records of a table; only the columns in use are asked for, and errors name the row.
func TestFromRows(t *testing.T) {
	l := &tableRows{columns: []string{"y", "SMILES", "Name"}, rows: [][]string{{"", "CCO", "ethanol"}, {"", "(", "bad"}, {"", "", ""}}}
	r, err := FromRows("a.parquet", l)
	if err != nil || !slices.Equal(l.used, []bool{false, true, true}) || r.Format() != Table {
		t.Fatalf("used %v, %v", l.used, err)
	}
	for i, want := range []string{"", "a.parquet:2: smiles", "a.parquet:3: no SMILES"} {
		rec, err := r.Next()
		if err != nil || rec.Line != i+1 || (rec.Err == nil) != (want == "") || rec.Err != nil && !strings.HasPrefix(rec.Err.Error(), want) {
			t.Errorf("%+v, %v", rec, err)
		}
	}
	if _, err := r.Next(); err != io.EOF || r.Close() != nil {
		t.Error(err)
	}
	for _, rows := range []Rows{nil, &tableRows{columns: []string{"a", "b"}}} {
		if _, err := FromRows("a.parquet", rows); err == nil || !strings.Contains(err.Error(), "a.parquet") {
			t.Errorf("%v: %v", rows, err)
		}
	}
}
