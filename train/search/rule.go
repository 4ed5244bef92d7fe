package search

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// Rule says which trial is the best. Its zero value, with PaperTies, is the rule of Klambauer et al. 2017: the best point
// of the validation curves, smoothed by a moving average of 10.
type Rule struct {
	// Window is the length of the moving average: that of an epoch is over it and the epochs before it, as in
	// train.EarlyStopping. 0 means 10. A curve that is shorter is averaged as a whole, at its last epoch.
	Window int
	// Lower says that a lower metric is better, as for a loss.
	Lower bool
	// TieBreak decides between equal scores: the first that differs counts. What is still equal goes to the earlier point.
	// Scores are equal if their first 12 digits are, because averages are rounded.
	TieBreak []By
}

// By prefers the higher value of a number of the point, or the lower one. Points without that name come last.
type By struct {
	Name  string
	Lower bool
}

// PaperTies is the paper's order among equal scores: more layers, then the lower learning rate, then the higher dropout rate.
var PaperTies = []By{{Name: "layers"}, {Name: "rate", Lower: true}, {Name: "dropout"}}

// Best returns the best value of the smoothed curve and its epoch, counted from 1; of equal ones the first. It is the epoch that
// train.EarlyStopping keeps. The epoch is 0 if there is none: for an empty curve, or one with NaN in each window.
func (r Rule) Best(curve []float64) (score float64, epoch int) {
	window := r.Window
	if window <= 0 {
		window = 10
	}
	window = min(window, len(curve))
	for last := window; last <= len(curve) && window > 0; last++ {
		mean := 0.0
		for _, v := range curve[last-window : last] {
			mean += v / float64(window)
		}
		if !math.IsNaN(mean) && (epoch == 0 || r.better(mean, score)) {
			score, epoch = mean, last
		}
	}
	return score, epoch
}

func (r Rule) better(a, b float64) bool {
	if r.Lower {
		return a < b
	}
	return a > b
}

// Rank sorts trials, the best first, by the scores of their curves under this rule; those without a score come last. The
// order does not depend on the order of the trials unless they are equal in all that counts.
func (r Rule) Rank(trials []Trial) []Trial {
	ranked := make([]Trial, len(trials))
	for i, t := range trials {
		ranked[i] = r.judge(t)
	}
	slices.SortStableFunc(ranked, r.compare)
	return ranked
}

// judge fills in the score.
func (r Rule) judge(t Trial) Trial {
	t.Score, t.Best = 0, 0
	if t.Failure == "" {
		t.Score, t.Best = r.Best(t.Curve)
	}
	return t
}

// compare is negative if a is better than b.
func (r Rule) compare(a, b Trial) int {
	if a.Best == 0 || b.Best == 0 {
		return cmp.Compare(min(b.Best, 1), min(a.Best, 1))
	}
	if c := cmp.Compare(rounded(b.Score), rounded(a.Score)); c != 0 {
		if r.Lower {
			return -c
		}
		return c
	}
	for _, by := range r.TieBreak {
		if c := by.compare(a.Point, b.Point); c != 0 {
			return c
		}
	}
	return 0
}

func (by By) compare(a, b Point) int {
	x, missing := a.Float(by.Name)
	y, alsoMissing := b.Float(by.Name)
	switch {
	case missing != nil && alsoMissing != nil:
		return 0
	case missing != nil:
		return 1
	case alsoMissing != nil:
		return -1
	case by.Lower:
		return cmp.Compare(x, y)
	}
	return cmp.Compare(y, x)
}

// rounded returns the first 12 digits.
func rounded(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 11, 64), 64)
	if err != nil {
		return x
	}
	return y
}

func (r Rule) check(points []Point) error {
	if r.Window < 0 {
		return errors.Errorf("a moving average over %d epochs", r.Window)
	}
	for _, by := range r.TieBreak {
		for _, p := range points {
			if p.index(by.Name) < 0 {
				continue
			}
			if _, err := p.Float(by.Name); err != nil {
				return errors.Wrap(err, "ties cannot be decided")
			}
		}
	}
	return nil
}
