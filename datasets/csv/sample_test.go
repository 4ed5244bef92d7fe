package csv

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func third[A, B any](_ A, _ B, err error) error { return err }

// visitors is a table of n rows with numbers, gaps, categories and two classes.
func visitors(n int) string {
	var b strings.Builder
	b.WriteString("id,age,town,y\n")
	for i := range n {
		fmt.Fprintf(&b, "%d,%d,%s,%s\n", i, 20+i*7%50, []string{"Linz", "Graz", "", "\"Wels, Austria\""}[i%4], []string{"no", "yes"}[i%2])
	}
	return b.String()
}

// A sample of all rows is the table; a smaller one has some of its rows in their order, the same for the same seed, and each row about as
// often as the others.
func TestSample(t *testing.T) {
	text, o := visitors(60), Options{Target: "y", ID: "id"}
	whole, err := ReadFrom("t", strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	io.WriteString(z, text)
	z.Close()
	all, rows, err := Sample("t", &zipped, o, 60, 1)
	if err != nil || rows != 60 || !slices.Equal(ids(all), ids(whole)) || all.Line(59) != whole.Line(59) || all.Line(59) != 61 {
		t.Fatalf("%d rows, %v (%v)", rows, ids(all), err)
	}
	count := map[string]int{}
	for seed := range uint64(400) {
		some, rows, err := Sample("t", strings.NewReader(text), o, 15, seed)
		if err != nil {
			t.Fatal(err)
		}
		again, _, _ := Sample("t", strings.NewReader(text), o, 15, seed)
		if some.Len() != 15 || rows != 60 || !slices.Equal(ids(some), ids(again)) || !slices.IsSortedFunc(ids(some), func(a, b string) int { return len(a) - len(b) }) {
			t.Fatalf("seed %d: %d of %d rows, %v", seed, some.Len(), rows, ids(some))
		}
		for _, id := range ids(some) {
			count[id]++
		}
	}
	for id, n := range count { // 100 of 400 with a standard deviation of 8.7
		if n < 55 || n > 145 {
			t.Errorf("row %s is in %d of 400 samples, want about 100", id, n)
		}
	}
}

func ids(t *Table) (all []string) {
	for r := range t.Len() {
		all = append(all, t.columns[t.id].text(r))
	}
	return all
}

// A stream that is asked for the targets gives the labels of the whole table, in any blocks; without the target it is an error.
func TestStreamTargets(t *testing.T) {
	for _, problem := range []Problem{Classes, Binary} {
		text := visitors(40)
		table, _, err := Sample("t", strings.NewReader(text), Options{Target: "y", Problem: problem, Ignore: []string{"id"}}, 25, 2)
		if err != nil {
			t.Fatal(err)
		}
		enc, err := table.Fit(table.Rows())
		if err != nil {
			t.Fatal(err)
		}
		whole, err := enc.ReadFrom("t", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		want, err := enc.Set(whole)
		if err != nil {
			t.Fatal(err)
		}
		s, err := enc.Stream("t", strings.NewReader(text), NewRows{Targets: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []float32
		var x [][]float32
		for k := 0; ; k++ {
			var rows []*Row
			for range k + 1 {
				if row, err := s.Next(); err == nil {
					rows = append(rows, row)
				}
			}
			if rows == nil {
				break
			}
			e, err := s.Encode(rows)
			if err != nil {
				t.Fatal(err)
			}
			got, x = append(got, e.Set.Labels...), append(x, matrix(t, e.Set)...)
		}
		if !slices.Equal(got, want.Labels) || !slices.EqualFunc(x, matrix(t, want), slices.Equal) {
			t.Errorf("%s: labels %v, want %v", problem, got, want.Labels)
		}
		_, err = enc.Stream("t", strings.NewReader("age,town\n1,Linz\n"), NewRows{Targets: true})
		if err == nil || !strings.Contains(err.Error(), `no column "y", the target`) {
			t.Errorf("without the target: %v", err)
		}
	}
}
