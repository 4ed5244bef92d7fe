package csv

import (
	"math"
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// minSkewness is the skewness of a target from which logarithms may be better.
const minSkewness = 1

// Skewed reports whether logarithms may be better labels: the targets are numbers of at least 0 in the given rows, and have long upper tails.
// [Encoder.Log] then makes them. Validation rows tell whether that is better.
func (t *Table) Skewed(rows []int) bool {
	if t == nil || t.problem != Regression || t.opts.RawTarget || len(t.targets) == 0 {
		return false
	}
	for _, at := range t.targets {
		if logUnit(t.observed(&t.columns[at], rows)) == 0 {
			return false
		}
	}
	return true
}

// Log returns an encoder that differs in its labels: they are standardized logarithms of 1 + value/u, where u is the median of the values above 0 in
// the given rows of the table that the encoder was fitted on. [Encoder.Value] goes back. It returns an error unless Skewed reports true for the rows.
func (e *Encoder) Log(t *Table, rows []int) (*Encoder, error) {
	if err := e.check(); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	if t == nil || len(t.targets) != len(e.f.Targets) {
		return nil, errors.New("csv: this is not the table that the encoder was fitted on")
	}
	to := &Encoder{e.f}
	to.f.Targets = slices.Clone(e.f.Targets)
	return to, to.f.logTargets(t, rows)
}

func (f *fitted) logTargets(t *Table, rows []int) error {
	for i := range f.Targets {
		to := &f.Targets[i]
		values := t.observed(&t.columns[t.targets[i]], rows)
		unit := logUnit(values)
		if t.problem != Regression || t.opts.RawTarget || unit == 0 {
			return errors.Errorf("csv: fit: target %s is no number of at least 0 with a long upper tail", formats.Quote(to.Name))
		}
		for k, v := range values {
			values[k] = math.Log1p(v / unit)
		}
		mean, sd, ok := moments(values)
		if !ok || sd == 0 {
			return errors.Errorf("csv: fit: target %s: logarithms with mean %v and standard deviation %v cannot be scaled", formats.Quote(to.Name), mean, sd)
		}
		to.Log, to.Mean, to.SD = unit, mean, sd
	}
	return nil
}

// observed returns the values of some rows that are not missing. Rows that the table lacks are left out.
func (t *Table) observed(c *column, rows []int) (values []float64) {
	if c.kind != Numeric {
		return nil
	}
	for _, r := range rows {
		if r < 0 || r >= t.Len() {
			continue
		}
		if v := c.number.at(r); v == v {
			values = append(values, v)
		}
	}
	return values
}

// logUnit returns the median of the positive values, or 0 if logarithms make no sense.
func logUnit(values []float64) float64 {
	if len(values) == 0 || slices.Min(values) < 0 {
		return 0
	}
	mean, sd, ok := moments(values)
	if !ok || sd == 0 {
		return 0
	}
	skew := 0.0
	for _, v := range values {
		z := (v - mean) / sd
		skew += z * z * z / float64(len(values))
	}
	if skew < minSkewness {
		return 0
	}
	unit := median(slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v == 0 }))
	if !(unit > 0) || math.IsInf(slices.Max(values)/unit, 0) {
		return 0
	}
	return unit
}

// label maps a value to a label, and value maps it back.
func (t *target) label(v float64) float64 {
	if t.Log > 0 {
		v = math.Log1p(v / t.Log)
	}
	return (v - t.Mean) / t.SD
}

func (t *target) value(label float64) float64 {
	v := label*t.SD + t.Mean
	if t.Log > 0 {
		return t.Log * math.Expm1(min(v, 300)) // finite whatever the network says
	}
	return v
}

// LogUnit returns u if the labels of a target are logarithms of 1 + value/u, else 0.
func (e *Encoder) LogUnit(target int) float64 {
	if targets := e.settings().Targets; target >= 0 && target < len(targets) {
		return targets[target].Log
	}
	return 0
}
