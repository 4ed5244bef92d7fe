package csv

import "math"

// leastEvidence is how many standard deviations a word's rows must differ from the others in the target, so that the word becomes a feature.
const leastEvidence = 4

// evidence returns how much the rows with each word differ in the targets from those without, in standard deviations of what chance does: of the mean
// of a number, or of the chi-squared statistic of classes.
func (t *Table) evidence(x *textual, c *column, rows []int) ([]float64, error) {
	places := x.places(c)
	best := make([]float64, len(x.Words))
	for _, at := range t.targets {
		to := &t.columns[at]
		classes := 0
		var labels []float32
		var err error
		switch t.problem {
		case Classes:
			classes = len(t.classes)
			labels, err = t.classLabels(to, t.classes)
		case Binary:
			classes = 2
			labels, err = t.binaryLabels(to)
		default:
			labels, err = t.numberLabels(to, &target{SD: 1})
		}
		if err != nil {
			return nil, err
		}
		e := newEvidence(len(x.Words), classes)
		for _, r := range rows {
			if y := float64(labels[r]); y == y {
				var has []int32
				if k := *c.codes.at(r); k >= 0 {
					has = places[k]
				}
				e.add(y, has)
			}
		}
		for w := range best {
			best[w] = max(best[w], e.of(w))
		}
	}
	return best, nil
}

// evidence sums up the targets of the rows with each word, and of all.
type evidence struct {
	classes int
	all     tallied
	words   []tallied
}

// tallied are the targets of some rows.
type tallied struct {
	n, sum, squares float64
	classes         []float64
}

func newEvidence(words, classes int) *evidence {
	e := &evidence{classes: classes, words: make([]tallied, words)}
	e.all.classes = make([]float64, classes)
	for i := range e.words {
		e.words[i].classes = make([]float64, classes)
	}
	return e
}

func (e *evidence) add(y float64, words []int32) {
	e.all.add(y)
	for _, w := range words {
		e.words[w].add(y)
	}
}

func (a *tallied) add(y float64) {
	a.n++
	if len(a.classes) > 0 {
		a.classes[int(y)]++
		return
	}
	a.sum += y
	a.squares += y * y
}

// of returns the evidence of a word.
func (e *evidence) of(w int) float64 {
	with, all := &e.words[w], &e.all
	if with.n == 0 || with.n == all.n {
		return 0
	}
	share := with.n / all.n
	if e.classes == 0 {
		variance := all.squares/all.n - all.sum/all.n*all.sum/all.n
		z := (with.sum - share*all.sum) / math.Sqrt(variance*with.n*(1-share))
		if z != z {
			return 0
		}
		return math.Abs(z)
	}
	chi, freedom := 0.0, -1.0
	for k, n := range all.classes {
		if n > 0 {
			freedom++
			d := with.classes[k] - share*n
			chi += d * d / (share * n * (1 - share))
		}
	}
	if freedom <= 0 {
		return 0
	}
	return (chi - freedom) / math.Sqrt(2*freedom)
}
