package csv

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Blocks, lines and cells are the slices that were added.
func TestStorage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, 3*blockSize + 5} {
		var b blocks[int]
		var l lines
		var c cells
		var number, line []int
		var text []string
		for i := range n {
			number = append(number, rng.Int())
			line = append(line, i+1)
			if i > 0 {
				line[i] = line[i-1] + 1 + rng.IntN(100)/98
			}
			text = append(text, strings.Repeat("x", rng.IntN(40))+fmt.Sprint(i))
			b.add(number[i])
			l.add(line[i])
			c.add(text[i])
		}
		if n > 1 {
			text = append(text, strings.Repeat("y", 3*cellsBlock), "", "z")
			for _, s := range text[n:] {
				c.add(s)
			}
		}
		if got := slices.Collect(c.all()); !slices.Equal(got, text) {
			t.Errorf("%d: %d texts, want %d, or another text", n, len(got), len(text))
		}
		if b.len() != n || l.rows != n {
			t.Fatalf("%d: lengths %d, %d", n, b.len(), l.rows)
		}
		seen := 0
		for i, v := range b.all() {
			if i != seen || v != number[i] || *b.at(i) != v || l.of(i) != line[i] {
				t.Fatalf("%d: value %d on line %d at %d, want %d on line %d at %d", n, v, l.of(i), i, number[seen], line[seen], seen)
			}
			seen++
		}
		if seen != n {
			t.Errorf("%d values, want %d", seen, n)
		}
	}
}

// Reading allocates what the table takes: it neither copies the values as they grow nor leaves garbage behind for each record.
func TestReadAllocates(t *testing.T) {
	const limit = 64 << 20
	for _, row := range []string{"1,2,3\n", "1,\"2\",3\n", "0.123456789012345678,abcdef,\n"} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ReadFrom("my.csv", io.MultiReader(strings.NewReader("a,b,c\n"), &fuzztest.Endless{Text: row}), Options{MaxMemory: limit})
		runtime.ReadMemStats(&after)
		wantError(t, err, "limit of 64 MiB")
		if n := after.TotalAlloc - before.TotalAlloc; n > limit*9/8 {
			t.Errorf("%q: %d bytes allocated for a table of %d", row, n, limit)
		}
	}
}
