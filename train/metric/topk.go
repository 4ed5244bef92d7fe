package metric

import (
	"fmt"

	"github.com/pkg/errors"
)

// TopK is the fraction of rows whose class is among the k most probable ones; TopK(1) equals Accuracy. Among equally probable classes, the
// first counts as more probable. It applies to results with more than k classes.
func TopK(k int) Metric {
	check := func(r *Result) error {
		if k < 1 || k >= r.Outputs {
			return errors.Errorf("the %d most probable of %d classes, want at least 1 and fewer than the classes", k, r.Outputs)
		}
		return nil
	}
	return Metric{Name: fmt.Sprintf("top-%d accuracy", k), Kinds: classKinds,
		Func: func(r *Result) (float64, error) {
			if err := check(r); err != nil {
				return 0, err
			}
			right, all := 0.0, 0.0
			err := r.classRows(false, func(i, class int, weight float64) {
				all += weight
				if rank(r.Row(i), class) < k {
					right += weight
				}
			})
			return right / all, err
		},
		Defined: func(labels *Result) error {
			if err := check(labels); err != nil {
				return err
			}
			return needLabels(labels)
		}}
}

// rank is the number of classes that are more probable than this one.
func rank(row []float64, class int) int {
	n := 0
	for k, p := range row {
		if p > row[class] || p == row[class] && k < class {
			n++
		}
	}
	return n
}
