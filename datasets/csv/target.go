package csv

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// decideProblem infers the kind of the targets, if it is not given, and names the classes.
func (t *Table) decideProblem() error {
	if len(t.targets) == 0 || t.problem != "" { // nothing to predict, or an encoder knows the kind
		return nil
	}
	t.problem = t.opts.Problem
	if t.problem == "" {
		var err error
		if t.problem, err = t.guessProblem(); err != nil {
			return err
		}
	}
	if t.problem != Classes {
		return nil
	}
	if len(t.targets) > 1 {
		return errors.Errorf("%s: %d targets cannot form one set of classes", t.name, len(t.targets))
	}
	c := &t.columns[t.targets[0]]
	t.decideNone(c)
	t.classes = t.classNames(c)
	if len(t.classes) < 2 {
		return errors.Errorf("%s: target %s has %d different values, want at least two classes", t.name, formats.Quote(c.name), len(t.classes))
	}
	return nil
}

// decideNone makes the text None a class if the others are texts, too, and not just yes and no.
func (t *Table) decideNone(c *column) {
	words := func(s string) bool {
		_, number := parseNumber(s, t.opts.DecimalComma)
		_, binary := t.binaryLabel(s)
		return !number && !binary
	}
	if c.kind != Categorical || len(c.noneRows) == 0 || !slices.ContainsFunc(c.dict, words) {
		return
	}
	for _, r := range c.noneRows {
		k, known := c.place["None"]
		if !known {
			k = int32(len(c.dict))
			c.dict = append(c.dict, "None")
			c.place["None"] = k
		}
		*c.codes.at(r) = k
	}
	c.missing -= len(c.noneRows)
	t.decide("%q is a class of the target %s, with %d rows. If it means no value, use %s.", "None", formats.Quote(c.name), len(c.noneRows),
		t.opts.setting("Missing", "None"))
}

func (t *Table) guessProblem() (Problem, error) {
	if len(t.targets) > 1 {
		return t.guessProblems()
	}
	c := &t.columns[t.targets[0]]
	rows := t.Len() - c.missing
	if c.kind == Categorical {
		if n := len(c.dict); !c.forced && n > maxGuessed && 2*n > rows {
			return "", t.errorAt(c.firstText, c, "%s is not a number, but %d different values in %d rows are hardly classes; "+
				"correct it, or use %s", formats.Quote(c.text(c.firstText)), n, rows, t.opts.setting("Problem", string(Classes)))
		}
		return Classes, nil
	}
	distinct := make(map[float64]bool)
	for _, v := range c.number.all() {
		if math.IsNaN(v) {
			continue
		}
		if v != math.Trunc(v) {
			return Regression, nil
		}
		if distinct[v] = true; len(distinct) > maxGuessed {
			return Regression, nil
		}
	}
	if 2*len(distinct) > rows {
		return Regression, nil
	}
	return t.wholeProblem(c, distinct), nil
}

// guessProblems infers the kind for several targets.
func (t *Table) guessProblems() (Problem, error) {
	binary, text := true, -1
	for _, at := range t.targets {
		c := &t.columns[at]
		if _, err := t.binaryLabels(c); err != nil {
			binary = false
		}
		if c.kind == Categorical {
			text = at
		}
	}
	switch {
	case binary:
		return Binary, nil
	case text < 0:
		return Regression, nil
	}
	c := &t.columns[text]
	return "", t.errorAt(c.firstText, c, "%s is not a number, but several targets must be all numbers (a regression) or all 0 and 1 (binary); predict classes one at a time", formats.Quote(c.text(c.firstText)))
}

// className returns the name of the class of a text. Numbers are named by their value: 1 and 1.0 are one class.
func (t *Table) className(s string) string {
	if v, ok := parseNumber(s, t.opts.DecimalComma); ok {
		return formatNumber(v + 0) // no negative zero
	}
	return s
}

// classNames returns the classes of a target: in numerical order if all are numbers, otherwise in alphabetical order.
func (t *Table) classNames(c *column) []string {
	var names []string
	seen := make(map[string]bool)
	numbers := true
	for r := range t.Len() {
		if c.isMissing(r) {
			continue
		}
		s := c.text(r)
		if !c.code {
			s = t.className(s)
		}
		if !seen[s] {
			_, is := parseNumber(s, false)
			numbers = numbers && is
			seen[s] = true
			names = append(names, s)
		}
	}
	if !numbers {
		slices.Sort(names)
		return names
	}
	slices.SortFunc(names, func(a, b string) int {
		x, _ := parseNumber(a, false)
		y, _ := parseNumber(b, false)
		return cmp.Compare(x, y)
	})
	return names
}

// classLabels returns the class index of each row, NaN where the value is missing, or is no class and the rows are new.
func (t *Table) classLabels(c *column, classes []string) ([]float32, error) {
	label := t.classLabel(classes)
	return t.labels(c, fmt.Sprintf("one of the %d classes", len(classes)), label)
}

// classLabel returns a function that returns the index of the class that a text names.
func (t *Table) classLabel(classes []string) func(s string) (float32, bool) {
	number := make(map[string]float32, len(classes))
	for i, name := range classes {
		number[name] = float32(i)
	}
	find := spelled(classes, false)
	return func(s string) (float32, bool) {
		v, ok := number[s]
		if !ok {
			v, ok = number[t.className(s)]
		}
		if !ok {
			if i := find(s); i >= 0 {
				v, ok = float32(i), true
			}
		}
		return v, ok
	}
}

// binaryLabels returns 0 or 1 for each row, NaN where the value is missing, or is none of them and the rows are new.
func (t *Table) binaryLabels(c *column) ([]float32, error) {
	return t.labels(c, "0 or 1"+t.wrongProblem(Binary), t.binaryLabel)
}

// binaryLabel returns the label that a text stands for.
func (t *Table) binaryLabel(s string) (float32, bool) {
	switch strings.ToLower(t.className(s)) {
	case "0", "false", "no":
		return 0, true
	case "1", "true", "yes":
		return 1, true
	}
	return 0, false
}

// numberLabels returns the number of each row, mapped, NaN where the value is missing.
func (t *Table) numberLabels(c *column, to *target) ([]float32, error) {
	if c.kind != Numeric {
		return nil, t.errorAt(c.firstText, c, "%s is not a number%s", formats.Quote(c.text(c.firstText)), t.wrongProblem(Regression))
	}
	out := make([]float32, c.number.len())
	for r, v := range c.number.all() {
		out[r] = float32(to.label(v))
		if math.IsInf(float64(out[r]), 0) || v == v && out[r] != out[r] {
			return nil, t.errorAt(r, c, "%v is out of range", v)
		}
	}
	return out, nil
}

// wrongProblem says, after an error about the value of a target, what a kind of target needs and what the others are for.
func (t *Table) wrongProblem(p Problem) string {
	use := func(p Problem) string { return t.opts.setting("Problem", string(p)) }
	switch {
	case t.newRows:
		return ""
	case p == Regression && len(t.targets) > 1:
		return "; the targets of a regression are numbers"
	case p == Regression:
		return "; the target of a regression is a number, classes need " + use(Classes)
	case len(t.targets) > 1:
		return "; binary targets are 0 or 1, numbers need " + use(Regression)
	}
	return "; a binary target is 0 or 1, classes need " + use(Classes) + ", numbers " + use(Regression)
}

// labels looks up the label of each row. New rows may have a label that does not exist.
func (t *Table) labels(c *column, what string, label func(text string) (float32, bool)) ([]float32, error) {
	out := make([]float32, t.Len())
	found, firstBad := false, -1
	for r := range out {
		out[r] = float32(math.NaN())
		if c.isMissing(r) {
			continue
		}
		v, ok := label(c.text(r))
		if ok {
			out[r], found = v, true
		} else if firstBad < 0 {
			firstBad = r
		}
	}
	if firstBad >= 0 && !(t.newRows && found) {
		return nil, t.errorAt(firstBad, c, "%s is not %s", formats.Quote(c.text(firstBad)), what)
	}
	return out, nil
}
