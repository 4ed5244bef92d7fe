package datasets

import (
	"math"

	"github.com/pkg/errors"
)

// Merge returns a set with one row for each group among the given rows: the features and names of the group's first row, and for each task
// the weighted mean of the labels observed in the group (so a label can lie between 0 and 1), or NaN if none was observed or all of them
// have the weight 0. If the set has weights, the merged set has a weight for each label, the mean of the weights of the observed labels. It
// returns an error if the set has no groups, has classes, its sizes do not fit together, or a row index is out of range.
func (s *Set) Merge(rows []int) (*Set, error) {
	if err := s.checkSizes(); err != nil {
		return nil, err
	}
	if s.Groups == nil || s.Classes != nil || s.MoreOutputs != nil {
		return nil, errors.Errorf("datasets: set %q: only rows with groups, one output and without classes can be merged", s.Name)
	}
	if err := checkRows(rows, s.Len()); err != nil {
		return nil, s.wrap(err)
	}
	first, err := FirstOfGroup(rows, s.Groups)
	if err != nil {
		return nil, err
	}
	place := make(map[string]int, len(first))
	for i, r := range first {
		place[s.Groups[r]] = i
	}
	width, perRow := len(s.Tasks), s.weightsPerRow()
	sum, total, seen := make([]float64, len(first)*width), make([]float64, len(first)*width), make([]int, len(first)*width)
	for _, r := range rows {
		to := place[s.Groups[r]] * width
		for t, v := range s.Labels[r*width : (r+1)*width] {
			if !math.IsNaN(float64(v)) {
				w := 1.0
				if s.Weights != nil {
					w = float64(s.Weights[r*perRow+min(t, perRow-1)])
				}
				sum[to+t] += w * float64(v)
				total[to+t] += w
				seen[to+t]++
			}
		}
	}
	merged, err := s.Subset(first)
	if err != nil {
		return nil, err
	}
	if s.Weights != nil {
		merged.Weights = make([]float32, len(sum))
	}
	for k := range sum {
		merged.Labels[k] = float32(sum[k] / total[k]) // 0/0 is NaN: not observed
		if s.Weights != nil && seen[k] > 0 {
			merged.Weights[k] = float32(total[k] / float64(seen[k]))
		}
	}
	return merged, nil
}

// FirstOfGroup returns, in order, the first of the given rows in each group. groups has one key for each row of the set, as in Set.Groups.
// It returns an error if a row has no group key.
func FirstOfGroup(rows []int, groups []string) ([]int, error) {
	if err := checkGroups(groups, rows); err != nil {
		return nil, err
	}
	var first []int
	known := make(map[string]bool)
	for _, r := range rows {
		if g := groups[r]; !known[g] {
			known[g] = true
			first = append(first, r)
		}
	}
	return first, nil
}
