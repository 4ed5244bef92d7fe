package search

import (
	"encoding/binary"
	"hash/fnv"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

// CyclicFolds creates a fold for each part of the rows. The part is its Test rows, the previous part (the last one for the first) is its
// Held rows, for validation, and all others, in order, are its rows to Fit. This is the paper's nested cross-validation of HTRU2, with ten
// parts. It returns an error for fewer than three parts, for an empty one, and for a row that occurs in two.
func CyclicFolds(parts [][]int) ([]batch.Fold, error) {
	if len(parts) < 3 {
		return nil, errors.Errorf("search: %d parts, want at least 3", len(parts))
	}
	folds := make([]batch.Fold, len(parts))
	for i, part := range parts {
		if len(part) == 0 {
			return nil, errors.Errorf("search: part %d has no rows", i)
		}
		before := (i + len(parts) - 1) % len(parts)
		folds[i] = batch.Fold{Held: parts[before], Test: part}
		for j, other := range parts {
			if j != i && j != before {
				folds[i].Fit = append(folds[i].Fit, other...)
			}
		}
	}
	return folds, errors.Wrap(checkFolds(folds), "search")
}

// checkFolds returns an error for folds that would evaluate on rows that were used before.
func checkFolds(folds []batch.Fold) error {
	if len(folds) == 0 {
		return errors.New("there are no folds")
	}
	for i, f := range folds {
		if len(f.Fit) == 0 || len(f.Held) == 0 || len(f.Test) == 0 {
			return errors.Errorf("fold %d has %d rows to fit, %d to validate and %d to test", i+1, len(f.Fit), len(f.Held), len(f.Test))
		}
		use := map[int]string{}
		for _, part := range []struct {
			name string
			rows []int
		}{{"fitting", f.Fit}, {"validation", f.Held}, {"test", f.Test}} {
			for _, row := range part.rows {
				if row < 0 {
					return errors.Errorf("fold %d: row %d", i+1, row)
				}
				if other, ok := use[row]; ok && other != part.name {
					return errors.Errorf("fold %d: row %d is a %s row and a %s row", i+1, row, other, part.name)
				}
				use[row] = part.name
			}
		}
	}
	return nil
}

// checksum identifies folds.
func checksum(folds []batch.Fold) string {
	h := fnv.New64a()
	for _, f := range folds {
		for _, rows := range [][]int{f.Fit, f.Held, f.Test} {
			binary.Write(h, binary.LittleEndian, int64(len(rows)))
			for _, row := range rows {
				binary.Write(h, binary.LittleEndian, int64(row))
			}
		}
	}
	return strconv.FormatUint(h.Sum64(), 16)
}
