package csv

import (
	"math"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// roles are the columns that are no features but say something about the rows, counted from 1; 0 means none. The column of the time may be a
// feature as well.
type roles struct{ group, weight, time int }

// beginGroups finds the columns of the weights, groups and times.
func (r *reader) beginGroups() error {
	for _, role := range []struct {
		what, name string
		to         *int
	}{{"weight", r.opts.Weight, &r.roles.weight}, {"group", r.opts.Group, &r.roles.group}, {"time", r.opts.Time, &r.roles.time}} {
		if role.name == "" {
			continue
		}
		at, err := r.find(role.name)
		if err != nil {
			return errors.Wrapf(err, "%s: %s", r.name, role.what)
		}
		c := &r.columns[at]
		if r.isTarget(at) || at == r.id && role.what != "group" || r.roles.weight == at+1 || r.roles.group == at+1 && role.what == "weight" {
			return errors.Errorf("%s: column %s is the %s and something else", r.name, formats.Quote(c.name), role.what)
		}
		*role.to = at + 1
		switch role.what {
		case "weight":
			c.kind, c.forced, c.strict = Numeric, true, true
		case "group":
			c.kind, c.forced = Categorical, true
		case "time":
			if c.unused = c.kind == Ignored; c.unused {
				c.kind, c.forced = "", false
			}
		}
	}
	if g := r.roles.group; g > 0 && g == r.roles.time {
		return errors.Errorf("%s: column %s is the group and something else", r.name, formats.Quote(r.columns[g-1].name))
	}
	return nil
}

// isRole reports whether a column is no feature because of what it says about the rows.
func (t *Table) isRole(at int) bool { return t.roles.weight == at+1 || t.roles.group == at+1 }

// Groups returns the group of each row, or nil if Options.Group is empty. A row without a value is a group of its own.
func (t *Table) Groups() []string {
	if t == nil || t.roles.group == 0 {
		return nil
	}
	c := &t.columns[t.roles.group-1]
	groups := make([]string, t.Len())
	for r := range groups {
		if c.isMissing(r) {
			groups[r] = "\x00" + strconv.Itoa(r)
		} else {
			groups[r] = c.text(r)
		}
	}
	return groups
}

// Times returns the time of each row, which grows with time in a unit of its own, or nil if Options.Time is empty. NaN stands for a missing value.
// It returns an error if the column holds neither dates nor numbers.
func (t *Table) Times() ([]float64, error) {
	if t == nil || t.roles.time == 0 {
		return nil, nil
	}
	c := &t.columns[t.roles.time-1]
	if c.number.len() != t.Len() {
		return nil, errors.Errorf("csv: %s: column %s holds neither dates nor numbers, so that it cannot tell the time", t.name, formats.Quote(c.name))
	}
	times := make([]float64, t.Len())
	for r, v := range c.number.all() {
		times[r] = v
	}
	return times, nil
}

// weights returns the weight of each row, or nil without weights. It returns an error for one that is missing, negative or out of range.
func (t *Table) weights() ([]float32, error) {
	if t.roles.weight == 0 {
		return nil, nil
	}
	c := &t.columns[t.roles.weight-1]
	weights := make([]float32, t.Len())
	total := 0.0
	for r, v := range c.number.all() {
		weights[r] = float32(v)
		if !(v >= 0) || math.IsInf(float64(weights[r]), 0) {
			what := formatNumber(v)
			if v != v {
				what = "missing"
			}
			return nil, t.errorAt(r, c, "the weight is %s, want a number of at least 0", what)
		}
		total += float64(weights[r])
	}
	if total == 0 {
		return nil, errors.Errorf("%s: column %s: all weights are 0", t.name, formats.Quote(c.name))
	}
	return weights, nil
}
