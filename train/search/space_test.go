package search_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train/search"
	"pgregory.net/rapid"
)

func TestGridOrder(t *testing.T) {
	points, err := search.Space{search.Int("a", 2, 1), search.Choice("b", "x", "y"), search.Bool("c")}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range points {
		got = append(got, p.String())
	}
	want := []string{
		"a=2 b=x c=false", "a=2 b=x c=true", "a=2 b=y c=false", "a=2 b=y c=true",
		"a=1 b=x c=false", "a=1 b=x c=true", "a=1 b=y c=false", "a=1 b=y c=true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A grid has every combination once.
func TestGridComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var space search.Space
		size := 1
		for i, n := range rapid.SliceOfN(rapid.IntRange(1, 4), 1, 4).Draw(t, "sizes") {
			values := make([]float64, n)
			for k := range values {
				values[k] = float64(k) / 8
			}
			space = append(space, search.Float(fmt.Sprint("x", i), values...))
			size *= n
		}
		points, err := space.Grid()
		seen := map[string]bool{}
		for _, p := range points {
			seen[p.String()] = true
		}
		if err != nil || len(points) != size || len(seen) != size {
			t.Fatalf("%d points, %d different, want %d: %v", len(points), len(seen), size, err)
		}
	})
}

// A sample has different points of the space, and a larger one begins like a smaller one.
func TestSample(t *testing.T) {
	space := search.Space{
		search.LogUniform("rate", 1e-5, 1), search.Uniform("dropout", 0.25, 0.5), search.Int("layers", 2, 4, 8), search.Choice("form", "a", "b"),
	}
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		few, err1 := space.Sample(10, seed)
		many, err2 := space.Sample(30, seed)
		if err1 != nil || err2 != nil || cmp.Diff(few, many[:10]) != "" {
			t.Fatalf("%v, %v, difference %s", err1, err2, cmp.Diff(few, many[:10]))
		}
		for _, p := range many {
			rate, err := p.Float("rate")
			dropout, _ := p.Float("dropout")
			layers, _ := p.Int("layers")
			if err != nil || rate < 1e-5 || rate > 1 || dropout < 0.25 || dropout > 0.5 || layers < 2 || layers > 8 {
				t.Fatalf("%v (%v) is outside of the space", p, err)
			}
		}
	})
}

// Half of a log-uniform sample is below the geometric mean of the bounds, half of a uniform one below the arithmetic mean.
func TestSampleDistribution(t *testing.T) {
	const n = 4000
	points, err := search.Space{search.LogUniform("log", 1e-4, 1), search.Uniform("linear", -1, 3)}.Sample(n, 1)
	if err != nil {
		t.Fatal(err)
	}
	var log, linear int
	for _, p := range points {
		if x, _ := p.Float("log"); x < 1e-2 {
			log++
		}
		if x, _ := p.Float("linear"); x < 1 {
			linear++
		}
	}
	for name, count := range map[string]int{"log": log, "linear": linear} {
		if sd := math.Sqrt(n) / 2; math.Abs(float64(count)-n/2) > 5*sd {
			t.Errorf("%s: %d of %d below the middle", name, count, n)
		}
	}
}

// A sample of a discrete space without ranges can be the whole space.
func TestSampleAll(t *testing.T) {
	space := search.Space{search.Int("a", 1, 2, 3), search.Bool("b")}
	points, err := space.Sample(6, 3)
	seen := map[string]bool{}
	for _, p := range points {
		seen[p.String()] = true
	}
	if err != nil || len(seen) != 6 {
		t.Errorf("%d points (%v), want 6", len(seen), err)
	}
	if _, err := space.Sample(7, 3); err == nil {
		t.Error("7 points of 6 were drawn")
	}
}

func TestSpaceErrors(t *testing.T) {
	inf := math.Inf(1)
	for name, space := range map[string]search.Space{
		"no axes":        {},
		"no name":        {search.Int("", 1)},
		"two of a name":  {search.Int("a", 1), search.Bool("a")},
		"no values":      {search.Int("a")},
		"value twice":    {search.Float("a", 1, 2, 1)},
		"not finite":     {search.Float("a", math.NaN())},
		"not UTF-8":      {search.Choice("a", "\xff")},
		"type":           {{Name: "a", Values: []any{int8(1)}}},
		"empty range":    {search.Uniform("a", 1, 1)},
		"infinite range": {search.Uniform("a", 0, inf)},
		"too wide":       {search.Uniform("a", -math.MaxFloat64, math.MaxFloat64)},
		"log of 0":       {search.LogUniform("a", 0, 1)},
	} {
		if points, err := space.Sample(1, 1); err == nil {
			t.Errorf("%s: sample %v, want an error", name, points)
		}
		if points, err := space.Grid(); err == nil {
			t.Errorf("%s: grid %v, want an error", name, points)
		}
	}
	if _, err := (search.Space{search.Uniform("a", 0, 1)}).Grid(); err == nil {
		t.Error("a grid of a range was made")
	}
	if _, err := (search.Space{search.Uniform("a", 1, math.Nextafter(1, 2))}).Sample(5, 1); err == nil {
		t.Error("five points of a range of two were drawn")
	}
	var large search.Space
	for i := range 30 {
		large = append(large, search.Bool(fmt.Sprint(i)))
	}
	if _, err := large.Grid(); err == nil {
		t.Error("a grid of 2^30 points was made")
	}
}
