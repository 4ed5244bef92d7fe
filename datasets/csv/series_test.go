package csv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A series holds the very numbers that were added, and a column gives back the texts of the numbers, however they are written.
func TestSeries(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	texts := map[string]func(i int) string{
		"equal digits":   func(int) string { return strconv.FormatFloat(rng.NormFloat64(), 'f', 6, 64) },
		"other digits":   func(int) string { return strconv.FormatFloat(rng.NormFloat64()*100, 'f', rng.IntN(5), 64) },
		"whole":          func(i int) string { return strconv.Itoa(i - 100) },
		"shortest":       func(int) string { return strconv.FormatFloat(rng.NormFloat64(), 'g', -1, 64) },
		"growing digits": func(i int) string { return strconv.FormatFloat(0.5, 'f', min(12, 1+i/2000), 64) },
		"large":          func(i int) string { return strconv.Itoa(i * i * 1000) },
		"odd": func(i int) string {
			return []string{"1e3", "007", "-0", "-0.0", ".5", "5.", "", "+1", "1.50", "123456789012345", "1234567890123456", "-2147483648", "0.1234567891", "1,000"}[i%14]
		},
		"overflow": func(i int) string { return []string{"0.123456789", "922337203685477"}[i%2] },
		"late":     func(i int) string { return map[bool]string{true: "1e-7", false: "12.5"}[i == blockSize+7] },
	}
	for name, text := range texts {
		for _, n := range []int{0, 5, blockSize, 2*blockSize + 9} {
			var c column
			var want []string
			var values []float64
			for i := range n {
				s := text(i)
				want = append(want, s)
				if s == "" {
					c.addMissing()
					values = append(values, nan)
					continue
				}
				v, _, ok := scanAny(s, false)
				if _, decimal := c.addDecimal(s); !decimal {
					if _, added := c.add(s, false, i, 0); !added || !ok {
						t.Fatalf("%s: %q is no number", name, s)
					}
				}
				values = append(values, v)
			}
			if got := slices.Collect(c.texts.all(&c.number)); !slices.Equal(got, want) {
				t.Errorf("%s: the texts of %d rows differ", name, n)
			}
			if c.number.len() != n {
				t.Fatalf("%s: %d numbers, want %d", name, c.number.len(), n)
			}
			for i, v := range c.number.all() {
				if math.Float64bits(v) != math.Float64bits(values[i]) || math.Float64bits(c.number.at(i)) != math.Float64bits(v) {
					t.Fatalf("%s: number %d is %v, want %v", name, i, v, values[i])
				}
			}
		}
	}
}

// Decimals of at most seven digits take four bytes each, and one for the text while the kind of the column is not known.
func TestSeriesMemory(t *testing.T) {
	var c column
	held := 0
	for i := range 3 * blockSize {
		n, ok := c.addDecimal(fmt.Sprintf("%d.%03d", i%100, i%1000))
		if held += n; !ok {
			t.Fatal("a decimal is none")
		}
	}
	if want := 3 * blockSize * (smallSize + writtenSize); held != want {
		t.Errorf("%d bytes, want %d", held, want)
	}
}

// A text that decimal reads is one that every other way reads as the same number, and its value and digits tell the text.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"0", "-0", "0.0", "12", "-12.50", "00", "1.", ".1", "-", "", "1.2.3", "999999999999999", "9999999999999999", "0.000000000000001", "--1", "1-", "1e5", "1,5", strings.Repeat("1", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		mantissa, digits, form, ok := decimal(s)
		if !ok {
			return
		}
		got := float64(mantissa) / powers[digits]
		for _, comma := range []bool{false, true} {
			v, f, is := scanAny(s, comma)
			if !is || math.Float64bits(v) != math.Float64bits(got) || f != form {
				t.Errorf("%q is %v of form %b, want %v, %b (%t)", s, got, form, v, f, is)
			}
			for _, st := range []style{asTable, points, commas, pointGroups} {
				v, f, is := st.scan(s, comma)
				if (st != pointGroups || digits == 0) && (!is || math.Float64bits(v) != math.Float64bits(got) || f != form) {
					t.Errorf("style %d: %q is %v of form %b, want %v, %b (%t)", st, s, got, form, v, f, is)
				}
			}
		}
		if text := strconv.FormatFloat(got, 'f', digits, 64); text != s {
			t.Errorf("%q becomes %q", s, text)
		}
	})
}
