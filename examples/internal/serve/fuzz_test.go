package serve

import (
	"strings"
	"testing"
)

// Whatever a body holds, the parsers return rows of the right number of cells or an error for the client, and nothing panics.
func FuzzBodies(f *testing.F) {
	for _, s := range []string{
		`{"rows":[{"size":1,"color":"red"}]}`, `{"rows":[{"size":null,"color":"a\nb"},{"color":3,"size":true}]}`, `{"smiles":["CCO"]}`,
		`{"inputs":[{"name":"size","shape":[1],"datatype":"FP64","data":[1]},{"name":"color","shape":[1,1],"datatype":"BYTES","data":[["x"]]}]}`, `{`, ``,
	} {
		f.Add(s)
	}
	columns := []column{{"size", "FP64"}, {"color", "BYTES"}}
	f.Fuzz(func(t *testing.T, body string) {
		check := func(r *rows, err error, width int) {
			t.Helper()
			if err != nil {
				if status, _ := statusOf(err); status/100 != 4 {
					t.Errorf("status %d: %v", status, err)
				}
			} else if r.n < 1 || r.n > 5 || len(r.cells) != r.n*width {
				t.Errorf("%d rows with %d cells", r.n, len(r.cells))
			}
		}
		r, err := parseRows([]byte(body), columns, 5)
		check(r, err, 2)
		r, err = parseRows([]byte(body), []column{{smilesColumn, "BYTES"}}, 5)
		check(r, err, 1)
		var q inferRequest
		if unmarshal([]byte(body), &q) == nil {
			r, err = tableOf(q.Inputs, columns, 5)
			check(r, err, 2)
		}
	})
}

// The place of an error in the file that rows are written as is that of the row.
func TestPlaces(t *testing.T) {
	lines := []int{3, 4, 7}
	for line, want := range map[int]int{1: 0, 3: 0, 4: 1, 5: 1, 6: 1, 7: 2, 9: 2} {
		if got := rowOf(line, lines); got != want {
			t.Errorf("line %d is of row %d, want %d", line, got, want)
		}
	}
	if s := quote(strings.Repeat("é", 100)); len(s) > 250 || !strings.Contains(s, "...") {
		t.Error(s)
	}
}
