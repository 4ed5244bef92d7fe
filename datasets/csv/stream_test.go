package csv

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

const streamTable = "id,size,color,day,code,y\na,1.5,red,2024-01-02,x,p\nb,?,green,2024-02-03,y,q\nc,3,red,2024-03-05,x,p\nd,,blue,2023-03-06,y,q\ne,4,,2024-04-07,x,p\nf,2,red,2023-05-08,y,q\n"

// streamed reads all rows of a stream and encodes them in blocks.
func streamed(t testing.TB, s *Stream, block int) (values [][]float32, errs []error, tally Tally) {
	t.Helper()
	var rows []*Row
	for {
		row, err := s.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	for len(rows) > 0 {
		n := min(block, len(rows))
		e, err := s.Encode(rows[:n])
		if err != nil {
			t.Fatal(err)
		}
		if e.Set != nil {
			values = append(values, matrix(t, e.Set)...)
		}
		errs = append(errs, e.Errs...)
		tally.Add(e.Tally)
		rows = rows[n:]
	}
	return values, errs, tally
}

func matrix(t testing.TB, s *datasets.Set) (rows [][]float32) {
	t.Helper()
	n, cols := s.Features.Dims()
	for i := range n {
		row := make([]float32, cols)
		if err := s.Features.Gather(row, cols, []int{i}); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

// Rows have the features that the whole table would give them, whatever the blocks, with the same notices; so have those of lines of JSON and of
// other sources.
func TestStream(t *testing.T) {
	_, enc, err := LoadFrom("t", strings.NewReader(streamTable), Options{Target: "y", ID: "id", Auto: true, TestShare: -1})
	if err != nil {
		t.Fatal(err)
	}
	table := "color;more;size;day;code;id;y\nred;1;1,5;2024-01-02;x;a;p\nviolet;;?;no day;y;b;\n;;;;;;\n\nred;;2,5;2024-01-01;z;d;?\n"
	read, err := enc.ReadFrom("t", strings.NewReader(strings.ReplaceAll(table, ";p", ";")))
	if err != nil {
		t.Fatal(err)
	}
	set, err := enc.Set(read)
	if err != nil {
		t.Fatal(err)
	}
	want := matrix(t, set)
	objects := `{"color":"red","more":{"a":[1]},"size":1.5,"day":"2024-01-02","code":"x","id":"a"}` + "\n" +
		`{"color":"violet","size":"?","day":"no day","code":"y","id":"b"}` + "\n{}\n \n" + `{"color":"red","size":25e-1,"day":"2024-01-01","code":"z"}`
	list := &given{columns: []string{"size", "day", "code", "color"}, rows: [][]string{{"1.5", "2024-01-02", "x", "red"}, {"?", "no day", "y", "violet"}, {"", "", "", ""}, {"2.5", "2024-01-01", "z", "red"}}}
	for name, open := range map[string]func() (*Stream, error){
		"text": func() (*Stream, error) { return enc.Stream("t", strings.NewReader(table), NewRows{}) },
		"JSON": func() (*Stream, error) { return enc.Stream("t", strings.NewReader(objects), NewRows{}) },
		"rows": func() (*Stream, error) { list.next = 0; return enc.StreamRows("t", list, NewRows{}) },
	} {
		for _, block := range []int{1, 2, 100} {
			s, err := open()
			if err != nil {
				t.Fatal(err)
			}
			got, errs, tally := streamed(t, s, block)
			if fmt.Sprint(got) != fmt.Sprint(want) || len(errs) != 4 || slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
				t.Errorf("%s: %v (%v), want %v", name, got, errs, want)
			}
			notices := append(s.Notes(), tally.Notices()...)
			if name == "text" && !sameTexts(notices, enc.Notices(read)) {
				t.Errorf("notices %q, want %q", notices, enc.Notices(read))
			}
		}
	}
}

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// given is a source of rows.
type given struct {
	columns []string
	rows    [][]string
	next    int
}

func (l *given) Columns() []string { return l.columns }

func (l *given) Use([]bool) {}

func (l *given) Next() ([]string, error) {
	if l.next == len(l.rows) {
		return nil, io.EOF
	}
	l.next++
	return l.rows[l.next-1], nil
}

// Whatever a table of new rows holds, each row has features or an error, and those with features have them alone as well.
func FuzzStream(f *testing.F) {
	_, enc, err := LoadFrom("t", strings.NewReader(streamTable), Options{Target: "y", ID: "id", Auto: true, TestShare: -1})
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range []string{streamTable, "size,color,day,code\n1,2\nx,red,,\n1e300,,,\n\xff,,,\n", `{"size":1,"color":null}` + "\n{\n[]\n" + `{"size":{}}`, "{}", "size;color;day;code\n1,5;;;\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := enc.Stream("t", strings.NewReader(text), NewRows{})
		if err != nil {
			return
		}
		var rows []*Row
		for {
			row, err := s.Next()
			if err != nil {
				break
			}
			rows = append(rows, row)
		}
		together, err := s.Encode(rows)
		if err != nil {
			t.Fatal(err)
		}
		var all [][]float32
		if together.Set != nil {
			all = matrix(t, together.Set)
		}
		for i, row := range rows {
			alone, err := s.Encode([]*Row{row})
			if err != nil || (alone.Errs[0] == nil) != (together.Errs[i] == nil) || (alone.Set == nil) != (alone.Errs[0] != nil) {
				t.Fatalf("row %d alone: %+v, %v; together %v", i, alone, err, together.Errs[i])
			}
			if alone.Set != nil {
				if got := matrix(t, alone.Set); fmt.Sprint(got[0]) != fmt.Sprint(all[0]) {
					t.Fatalf("row %d alone: %v, together %v", i, got[0], all[0])
				}
				all = all[1:]
			}
		}
	})
}
