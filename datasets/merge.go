package datasets

import (
	"math"

	"github.com/pkg/errors"
)

// Merge returns a set with one row for each group among the given rows: the features and names of the group's first
// row, and for each task the mean of the labels that were observed in the group (so a label can lie between 0 and 1),
// NaN if none was. It returns an error if the set has no groups, has classes, or a row number is out of range.
func (s *Set) Merge(rows []int) (*Set, error) {
	if s.Groups == nil || s.Classes != nil {
		return nil, errors.Errorf("datasets: set %q: only rows with groups and without classes can be merged", s.Name)
	}
	if err := checkRows(rows, s.Len()); err != nil {
		return nil, errors.Wrapf(err, "set %q", s.Name)
	}
	first := FirstOfGroup(rows, s.Groups)
	place := make(map[string]int, len(first))
	for i, r := range first {
		place[s.Groups[r]] = i
	}
	width := len(s.Tasks)
	sum, seen := make([]float64, len(first)*width), make([]int, len(first)*width)
	for _, r := range rows {
		to := place[s.Groups[r]] * width
		for t, v := range s.Labels[r*width : (r+1)*width] {
			if !math.IsNaN(float64(v)) {
				sum[to+t] += float64(v)
				seen[to+t]++
			}
		}
	}
	merged, err := s.Subset(first)
	if err != nil {
		return nil, err
	}
	for k := range sum {
		merged.Labels[k] = float32(sum[k] / float64(seen[k])) // 0/0 is NaN: not observed
	}
	return merged, nil
}

// FirstOfGroup returns the first of the given rows of each group, in order. groups has one key for each row of the
// set, as in Set.Groups.
func FirstOfGroup(rows []int, groups []string) []int {
	var first []int
	known := make(map[string]bool)
	for _, r := range rows {
		if g := groups[r]; !known[g] {
			known[g] = true
			first = append(first, r)
		}
	}
	return first
}
