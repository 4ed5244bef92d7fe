package search

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// Rule decides which trial is the best: the one with the best value of its validation curve. The metric determines whether lower is better.
// The zero value compares single epochs and breaks no ties; PaperRule smooths.
type Rule struct {
	// Window is the length of the moving average: the value of an epoch is the mean over it and the validated epochs before it, as in
	// callback.EarlyStopping. 0 means 1, no averaging. A shorter curve is averaged as a whole, at its last epoch.
	Window int
	// Ties decides between equal scores: the first tie-break that distinguishes them counts. Remaining ties go to the earlier point. Scores
	// count as equal if their first 12 significant digits agree, because averages are rounded.
	Ties []TieBreak
}

// TieBreak prefers the higher value of a numeric parameter, or the lower one. Points without that parameter come last.
type TieBreak struct {
	Param       string
	PreferLower bool
}

// PaperTies is the paper's order among equal scores: more layers, then the lower learning rate, then the higher dropout rate.
var PaperTies = []TieBreak{{Param: "layers"}, {Param: "rate", PreferLower: true}, {Param: "dropout"}}

// PaperRule is the rule of Klambauer et al. 2017: the best value of the validation curves, smoothed by a moving average of 10.
var PaperRule = Rule{Window: 10, Ties: PaperTies}

// Best returns the best value of the smoothed curve of a metric and its index, counted from 1; ties go to the first. If the curve has a
// value for every epoch, this is the epoch that callback.EarlyStopping keeps. The index is 0 if the curve is empty or no window has a
// finite mean.
func (r Rule) Best(m metric.Metric, curve []float64) (score float64, index int) {
	window := min(max(1, r.Window), len(curve))
	for last := window; last <= len(curve) && window > 0; last++ {
		mean := 0.0
		for _, v := range curve[last-window : last] {
			mean += v / float64(window)
		}
		if !math.IsNaN(mean) && !math.IsInf(mean, 0) && (index == 0 || m.Better(mean, score)) {
			score, index = mean, last
		}
	}
	return score, index
}

// Rank sorts trials by the scores of their curves under this rule, best first; trials without a score come last. The result depends on the
// order of the trials only where they tie completely. It returns an error if two trials with a score report metrics that cannot be
// compared, or if a curve has different numbers of epochs and values.
func (r Rule) Rank(trials []TrialResult) ([]TrialResult, error) {
	ranked := make([]TrialResult, len(trials))
	for i, t := range trials {
		if c := t.curve(); c.check() != nil {
			return nil, errors.Wrapf(c.check(), "search: curve of trial %s", t.Point)
		}
		ranked[i] = r.judge(t)
	}
	if err := same(ranked); err != nil {
		return nil, errors.Wrap(err, "search")
	}
	slices.SortStableFunc(ranked, r.compare)
	return ranked, nil
}

// judge fills in the score.
func (r Rule) judge(t TrialResult) TrialResult {
	t.Score, t.Best = 0, 0
	if c := t.curve(); t.Failure == "" && c.check() == nil {
		score, index := r.Best(c.metric, c.values)
		t.Score, t.Best = score, c.epoch(index-1)
	}
	return t
}

// compare is negative if a is better than b.
func (r Rule) compare(a, b TrialResult) int {
	if a.Best == 0 || b.Best == 0 {
		return cmp.Compare(min(b.Best, 1), min(a.Best, 1))
	}
	if c := cmp.Compare(rounded(b.Score), rounded(a.Score)); c != 0 {
		if a.Lower {
			return -c
		}
		return c
	}
	for _, by := range r.Ties {
		if c := by.compare(a.Point, b.Point); c != 0 {
			return c
		}
	}
	return 0
}

func (by TieBreak) compare(a, b Point) int {
	x, missing := a.Float(by.Param)
	y, alsoMissing := b.Float(by.Param)
	switch {
	case missing != nil && alsoMissing != nil:
		return 0
	case missing != nil:
		return 1
	case alsoMissing != nil:
		return -1
	case by.PreferLower:
		return cmp.Compare(x, y)
	}
	return cmp.Compare(y, x)
}

// rounded returns the first 12 significant digits.
func rounded(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 11, 64), 64)
	if err != nil {
		return x
	}
	return y
}

func (r Rule) check(points []Point) error {
	if r.Window < 0 {
		return errors.Errorf("Rule.Window is %d, want 0 or more", r.Window)
	}
	for _, by := range r.Ties {
		for _, p := range points {
			if p.index(by.Param) < 0 {
				continue
			}
			if _, err := p.Float(by.Param); err != nil {
				return errors.Wrap(err, "ties cannot be decided")
			}
		}
	}
	return nil
}
