package stats

import (
	"cmp"
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Record counts the data sets on which a method wins, ties and loses against another.
type Record struct{ Wins, Ties, Losses int }

// CountWins counts the pairs in which x is better than, equal to and worse than y. Larger is better, unless lower is set. It ignores pairs
// with NaN, and returns an error if the lengths differ.
func CountWins(x, y []float64, lower bool) (Record, error) {
	var r Record
	if len(x) != len(y) {
		return r, errors.Errorf("stats: %d and %d scores", len(x), len(y))
	}
	for i, a := range x {
		b := y[i]
		if lower {
			a, b = b, a
		}
		switch {
		case a > b:
			r.Wins++
		case a == b:
			r.Ties++
		case a < b:
			r.Losses++
		}
	}
	return r, nil
}

// Comparison holds the results of comparing a method with the reference method.
type Comparison struct {
	Method string
	// AverageRank and RankDifference are those of Scores.
	AverageRank, RankDifference float64
	// Record counts the data sets on which the reference wins, ties and loses against the method; all 0 for the reference itself.
	Record Record
	// P is the p-value of the test of the differences reference - method. It is NaN for the reference, and if all differences are 0.
	P float64
}

// Compare ranks all methods and tests each against the reference. The results are sorted by average rank difference, best first. It tests
// the differences reference - method, or method - reference if lower is better, so stats.Greater tests whether the reference is better. The
// p-values are not corrected for the number of methods.
func (s *Scores) Compare(reference string, test Wilcoxon) ([]Comparison, error) {
	ranks, err := s.AverageRanks()
	if err != nil {
		return nil, err
	}
	differences, err := s.RankDifferences()
	if err != nil {
		return nil, err
	}
	out := make([]Comparison, len(s.Methods))
	for m, method := range s.Methods {
		out[m] = Comparison{Method: method, AverageRank: ranks[m], RankDifference: differences[m], P: math.NaN()}
		x, y, err := s.Pairs(reference, method)
		if err != nil {
			return nil, err
		}
		if method == reference {
			continue
		}
		if out[m].Record, err = CountWins(x, y, s.Lower); err != nil {
			return nil, err
		}
		if s.Lower {
			x, y = y, x
		}
		result, err := test.paired(x, y)
		switch {
		case errors.Is(err, ErrNoDifference):
		case err != nil:
			return nil, errors.Wrapf(err, "stats: Wilcoxon: %s against %s", reference, method)
		default:
			out[m].P = result.P
		}
	}
	slices.SortStableFunc(out, func(a, b Comparison) int { return cmp.Compare(a.RankDifference, b.RankDifference) })
	return out, nil
}

// ComparisonTable formats a comparison like table 1 of Klambauer et al. 2017.
func ComparisonTable(comparison []Comparison) *Table {
	t := &Table{Columns: []Column{
		{Name: "method"}, {Name: "average rank", Format: "%.3f"}, {Name: "rank difference", Format: "%+.3f"},
		{Name: "won by reference"}, {Name: "ties"}, {Name: "lost"}, {Name: "p", Format: "%.1e"},
	}}
	for _, c := range comparison {
		t.Add(c.Method, c.AverageRank, c.RankDifference, c.Record.Wins, c.Record.Ties, c.Record.Losses, c.P)
	}
	return t
}
