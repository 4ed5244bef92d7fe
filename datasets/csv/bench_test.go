package csv

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func BenchmarkRead(b *testing.B) {
	text := random(100_000, 1, true)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadFrom("my.csv", strings.NewReader(text), Options{Target: "y", ID: "id"}); err != nil {
			b.Fatal(err)
		}
	}
}

// A table of 27 columns of numbers, two of categories and the target, as examples/bench -table writes it.
func BenchmarkReadWide(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var t strings.Builder
	for c := range 27 {
		fmt.Fprintf(&t, "number%d,", c+1)
	}
	t.WriteString("city,color,y\n")
	for range 20_000 {
		for range 24 {
			fmt.Fprintf(&t, "%.6f,", r.NormFloat64())
		}
		fmt.Fprintf(&t, "%d,%d,%d,city%d,color%d,%s\n", r.IntN(1000), r.IntN(1000), r.IntN(1000), r.IntN(30), r.IntN(5), []string{"no", "yes"}[r.IntN(2)])
	}
	text := t.String()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadFrom("my.csv", strings.NewReader(text), Options{Targets: []string{"y"}, Auto: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	table := read(b, random(100_000, 1, true), Options{Target: "y", ID: "id"})
	e := must[*Encoder](b)(table.Fit(all(80_000)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Set(table); err != nil {
			b.Fatal(err)
		}
	}
}
