package stats

import (
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Scores are the scores of several methods on several data sets, such as test accuracies.
type Scores struct {
	// Methods and DataSets are the names, each without repeats.
	Methods, DataSets []string
	// Values[d][m] is the score of method m on data set d. NaN marks a missing score.
	Values [][]float64
	// Lower means that a lower score is better.
	Lower bool
}

// AverageRanks returns for each method the mean of its ranks over the data sets on which it has a score. Rank 1 is the best of a data set;
// ties share the mean of their ranks. If scores are missing, the number of ranks differs between data sets, and RankDifferences is the
// fairer measure. It returns an error if the sizes do not match, or for a method without any score.
func (s *Scores) AverageRanks() ([]float64, error) {
	return s.meanRanks(func(int) (float64, bool) { return 0, true })
}

// RankDifferences returns for each method its average rank difference (Klambauer et al. 2017, table 1): the mean over the data sets of its
// rank minus the mean rank of that data set, (k+1)/2 for k methods. Below 0 is better than average, and without missing scores the sum is
// 0. A data set on which only one method has a score does not count, unless there is only one method; then the difference is 0. It returns
// an error if the sizes do not match, or for a method without any rank.
func (s *Scores) RankDifferences() ([]float64, error) {
	return s.meanRanks(func(k int) (float64, bool) { return float64(k+1) / 2, k > 1 || len(s.Methods) == 1 })
}

// meanRanks averages rank - center over the data sets that count; center receives the number of methods with a score.
func (s *Scores) meanRanks(center func(k int) (c float64, counts bool)) ([]float64, error) {
	if err := s.check(); err != nil {
		return nil, errors.Wrap(err, "stats")
	}
	sum, n := make([]float64, len(s.Methods)), make([]int, len(s.Methods))
	for _, row := range s.Values {
		ranks := Ranks(row, s.Lower)
		k := 0
		for _, r := range ranks {
			if !math.IsNaN(r) {
				k++
			}
		}
		c, counts := center(k)
		if !counts {
			continue
		}
		for m, r := range ranks {
			if !math.IsNaN(r) {
				sum[m] += r - c
				n[m]++
			}
		}
	}
	for m := range sum {
		if n[m] == 0 {
			return nil, errors.Errorf("stats: method %q has no score that can be ranked", s.Methods[m])
		}
		sum[m] /= float64(n[m])
	}
	return sum, nil
}

// Pairs returns the scores of two methods on the data sets on which both have one, in the order of the data sets.
// It returns an error for an unknown method.
func (s *Scores) Pairs(a, b string) (x, y []float64, err error) {
	if err := s.check(); err != nil {
		return nil, nil, errors.Wrap(err, "stats")
	}
	i, j := slices.Index(s.Methods, a), slices.Index(s.Methods, b)
	if i < 0 || j < 0 {
		return nil, nil, errors.Errorf("stats: methods %q and %q, want two of %q", a, b, s.Methods)
	}
	for _, row := range s.Values {
		if !math.IsNaN(row[i]) && !math.IsNaN(row[j]) {
			x, y = append(x, row[i]), append(y, row[j])
		}
	}
	return x, y, nil
}

func (s *Scores) check() error {
	if s == nil {
		return errors.New("the scores are nil")
	}
	if len(s.Methods) == 0 || len(s.DataSets) == 0 {
		return errors.Errorf("%d methods and %d data sets", len(s.Methods), len(s.DataSets))
	}
	if len(s.Values) != len(s.DataSets) {
		return errors.Errorf("%d rows of scores for %d data sets", len(s.Values), len(s.DataSets))
	}
	for t, row := range s.Values {
		if len(row) != len(s.Methods) {
			return errors.Errorf("data set %q has %d scores, want %d", s.DataSets[t], len(row), len(s.Methods))
		}
	}
	if name, ok := repeated(s.Methods); ok {
		return errors.Errorf("two methods are called %q", name)
	}
	if name, ok := repeated(s.DataSets); ok {
		return errors.Errorf("two data sets are called %q", name)
	}
	return nil
}

// repeated returns a name that occurs twice.
func repeated(names []string) (string, bool) {
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			return name, true
		}
		seen[name] = true
	}
	return "", false
}
