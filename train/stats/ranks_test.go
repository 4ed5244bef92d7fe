package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/train/stats"
	"pgregory.net/rapid"
)

// values draws numbers with many ties.
func values(n int) *rapid.Generator[[]float64] {
	return rapid.SliceOfN(rapid.Map(rapid.IntRange(-4, 4), func(i int) float64 { return float64(i) }), n, n)
}

// slowRank counts the values before and beside x[i].
func slowRank(x []float64, i int, lower bool) float64 {
	before, equal := 0, 0
	for _, v := range x {
		switch {
		case v == x[i]:
			equal++
		case v < x[i] == lower && !math.IsNaN(v):
			before++
		}
	}
	return float64(before) + float64(equal+1)/2
}

func TestRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := values(rapid.IntRange(1, 12).Draw(t, "n")).Draw(t, "x")
		lower := rapid.Bool().Draw(t, "lower")
		gap := rapid.IntRange(0, len(x)-1).Draw(t, "missing")
		x[gap] = math.NaN()
		sum, k := 0.0, float64(len(x)-1)
		for i, r := range stats.Ranks(x, lower) {
			if i == gap {
				if !math.IsNaN(r) {
					t.Fatalf("a missing value has rank %v", r)
				}
				continue
			}
			if want := slowRank(x, i, lower); r != want {
				t.Fatalf("rank %v of value %d in %v, want %v", r, i, x, want)
			}
			sum += r
		}
		if sum != k*(k+1)/2 {
			t.Fatalf("the ranks of %v sum to %v", x, sum)
		}
	})
}

// randomScores returns scores of 4 methods on 9 data sets, with gaps.
func randomScores(seed uint64) stats.Scores {
	r := rand.New(rand.NewPCG(seed, 0))
	s := stats.Scores{Methods: []string{"a", "b", "c", "d"}}
	for range 9 {
		row := make([]float64, 4)
		for m := range row {
			if row[m] = float64(r.IntN(5)); r.IntN(8) == 0 {
				row[m] = math.NaN()
			}
		}
		s.DataSets, s.Values = append(s.DataSets, string(rune('A'+len(s.DataSets)))), append(s.Values, row)
	}
	return s
}

// Rank differences do not change when data sets are permuted or scores mapped monotonically, and turn around with the order.
func TestRankDifferences(t *testing.T) {
	for seed := range uint64(50) {
		s := randomScores(seed)
		want, err := s.RankDifferences()
		if err != nil {
			t.Fatal(err)
		}
		other := stats.Scores{Methods: s.Methods, DataSets: s.DataSets, Lower: true, Values: make([][]float64, len(s.Values))}
		for i, from := range rand.New(rand.NewPCG(seed, 1)).Perm(len(s.Values)) {
			for _, v := range s.Values[from] {
				other.Values[i] = append(other.Values[i], math.Exp(-v))
			}
		}
		got, err := other.RankDifferences()
		if err != nil {
			t.Fatal(err)
		}
		for m := range want {
			if math.Abs(got[m]-want[m]) > 1e-12 {
				t.Errorf("seed %d: rank differences %v, want %v", seed, got, want)
			}
		}
	}
}

// Without gaps the differences are the average ranks less (k+1)/2, and sum to 0.
func TestRankDifferencesComplete(t *testing.T) {
	s := stats.Scores{Methods: []string{"a", "b", "c"}, DataSets: []string{"A", "B"}, Values: [][]float64{{3, 2, 1}, {1, 1, 2}}}
	ranks, err := s.AverageRanks()
	if err != nil {
		t.Fatal(err)
	}
	differences, err := s.RankDifferences()
	if err != nil {
		t.Fatal(err)
	}
	for m, want := range []float64{1.75, 2.25, 2} { // (1+2.5)/2, (2+2.5)/2, (3+1)/2
		if ranks[m] != want || differences[m] != want-2 {
			t.Errorf("method %d: average rank %v and difference %v, want %v and %v", m, ranks[m], differences[m], want, want-2)
		}
	}
}

func TestScoresErrors(t *testing.T) {
	nan := math.NaN()
	tests := map[string]stats.Scores{
		"empty":            {},
		"rows":             {Methods: []string{"a"}, DataSets: []string{"A", "B"}, Values: [][]float64{{1}}},
		"columns":          {Methods: []string{"a", "b"}, DataSets: []string{"A"}, Values: [][]float64{{1}}},
		"methods repeat":   {Methods: []string{"a", "a"}, DataSets: []string{"A"}, Values: [][]float64{{1, 2}}},
		"data sets repeat": {Methods: []string{"a", "b"}, DataSets: []string{"A", "A"}, Values: [][]float64{{1, 2}, {1, 2}}},
		"without a score":  {Methods: []string{"a", "b", "c"}, DataSets: []string{"A"}, Values: [][]float64{{1, 2, nan}}},
	}
	for name, s := range tests {
		if _, err := s.RankDifferences(); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := s.Compare("a", stats.Wilcoxon{}); err == nil {
			t.Errorf("%s: no error of Compare", name)
		}
	}
}

func TestCompare(t *testing.T) {
	s := stats.Scores{Methods: []string{"twin", "worse", "best"}, Lower: true}
	for i := range 6 {
		x := float64(i * i)
		s.DataSets = append(s.DataSets, string(rune('A'+i)))
		s.Values = append(s.Values, []float64{x, x + 1 + float64(i), x})
	}
	got, err := s.Compare("best", stats.Wilcoxon{Alternative: stats.Greater})
	if err != nil {
		t.Fatal(err)
	}
	// All six differences are on the side of "best": one of 2^6 patterns.
	last := got[2]
	if last.Method != "worse" || last.Record != (stats.Record{Wins: 6}) || last.P != 1./64 || last.RankDifference != 1 {
		t.Errorf("last is %+v", last)
	}
	for _, c := range got[:2] {
		if c.RankDifference != -0.5 || !math.IsNaN(c.P) || c.Method == "twin" && c.Record.Ties != 6 {
			t.Errorf("%+v", c)
		}
	}
	if _, err := s.Compare("none", stats.Wilcoxon{}); err == nil {
		t.Error("an unknown reference was accepted")
	}
}

func TestCountWins(t *testing.T) {
	x, y := []float64{1, 2, 3, math.NaN(), 5}, []float64{2, 2, 1, 1, math.NaN()}
	for lower, want := range map[bool]stats.Record{false: {Wins: 1, Ties: 1, Losses: 1}, true: {Wins: 1, Ties: 1, Losses: 1}} {
		if got, err := stats.CountWins(x, y, lower); err != nil || got != want {
			t.Errorf("lower %v: %+v (%v), want %+v", lower, got, err, want)
		}
	}
	if got, _ := stats.CountWins([]float64{1, 1, 1}, []float64{2, 2, 0}, true); got != (stats.Record{Wins: 2, Losses: 1}) {
		t.Errorf("%+v", got)
	}
	if _, err := stats.CountWins(x, y[1:], false); err == nil {
		t.Error("unequal lengths were accepted")
	}
}
