package csv

import (
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
