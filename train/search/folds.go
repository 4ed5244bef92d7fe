package search

import (
	"encoding/binary"
	"hash/fnv"
	"strconv"

	"github.com/pkg/errors"
)

// Fold divides rows into those to fit, to select by and to judge on.
type Fold struct{ Fit, Validation, Test []int }

// CyclicFolds makes a fold for each part of the rows: the part is its test rows, the part before it (the last one for the first)
// its validation rows, and all others, in order, its rows to fit. This is the paper's nested cross-validation of HTRU2, with ten
// parts. It returns an error for fewer than three parts and for an empty one.
func CyclicFolds(parts [][]int) ([]Fold, error) {
	if len(parts) < 3 {
		return nil, errors.Errorf("search: %d parts, want at least 3", len(parts))
	}
	folds := make([]Fold, len(parts))
	for i, part := range parts {
		if len(part) == 0 {
			return nil, errors.Errorf("search: part %d has no rows", i)
		}
		before := (i + len(parts) - 1) % len(parts)
		folds[i] = Fold{Validation: parts[before], Test: part}
		for j, other := range parts {
			if j != i && j != before {
				folds[i].Fit = append(folds[i].Fit, other...)
			}
		}
	}
	return folds, nil
}

// checkFolds returns an error for folds that would judge on rows that were seen before.
func checkFolds(folds []Fold) error {
	if len(folds) == 0 {
		return errors.New("there are no folds")
	}
	for i, f := range folds {
		if len(f.Fit) == 0 || len(f.Validation) == 0 || len(f.Test) == 0 {
			return errors.Errorf("fold %d has %d rows to fit, %d to validate and %d to test", i+1, len(f.Fit), len(f.Validation), len(f.Test))
		}
		use := map[int]string{}
		for _, part := range []struct {
			name string
			rows []int
		}{{"fitting", f.Fit}, {"validation", f.Validation}, {"test", f.Test}} {
			for _, row := range part.rows {
				if other, ok := use[row]; ok && other != part.name {
					return errors.Errorf("fold %d: row %d is a %s row and a %s row", i+1, row, other, part.name)
				}
				use[row] = part.name
			}
		}
	}
	return nil
}

// checksum tells folds apart.
func checksum(folds []Fold) string {
	h := fnv.New64a()
	for _, f := range folds {
		for _, rows := range [][]int{f.Fit, f.Validation, f.Test} {
			binary.Write(h, binary.LittleEndian, int64(len(rows)))
			for _, row := range rows {
				binary.Write(h, binary.LittleEndian, int64(row))
			}
		}
	}
	return strconv.FormatUint(h.Sum64(), 16)
}
