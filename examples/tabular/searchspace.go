package main

import (
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/train/search"
)

// axis is a setting that -search varies, under the name of its flag.
type axis struct {
	search.Axis
	in func(o *options) any // a pointer to the setting
}

// factor ends the name of an axis whose values are factors of the default.
const factor = "-factor"

// axes are all settings that a search can vary.
func axes() []axis {
	return []axis{
		{search.Int("layers", 2, 3, 4, 6), func(o *options) any { return &o.Hidden.Layers }},
		{search.Int("units", 64, 128, 256, 512), func(o *options) any { return &o.Hidden.Units }},
		{search.LogUniform("lr", 3e-4, 1e-2), func(o *options) any { return &o.Rate }},
		{search.Choice("schedule", "cosine", "flatcosine"), func(o *options) any { return &o.Schedule }},
		{search.Float("batch"+factor, 0.5, 1, 2), func(o *options) any { return &o.batchFactor }},
		{search.Float("dropout", 0, 0.05, 0.1, 0.2), func(o *options) any { return &o.Hidden.Dropout }},
		{search.Float("input-dropout", 0, 0.1), func(o *options) any { return &o.Hidden.InputDropout }},
		{search.Float("l2", 0, 1e-5, 1e-4, 1e-3), func(o *options) any { return &o.L2 }},
		{search.Float("average", 0, 0.98, 0.995), func(o *options) any { return &o.average }},
		{search.Choice("scaling", string(datasets.RobustClip), string(datasets.Standardize)), func(o *options) any { return &o.scaling }},
		{search.Bool("embed"), func(o *options) any { return &o.embed }},
	}
}

// axesFor are those of a table: without the flags that were given, and those that mean nothing for it.
func (e *experiment) axesFor() (all []axis) {
	for _, a := range axes() {
		switch {
		case e.given[strings.TrimSuffix(a.Name, factor)]:
		case (a.Name == "embed" || a.Name == "scaling") && numbersOf(e.set.Features) == 0:
		case a.Name == "scaling" && len(e.problem.table.Rows()) > largeTable: // a second copy of the features
		case a.Name == "embed" && (e.Net != "snn" || e.tabm > 0):
		case a.Name == "input-dropout" && e.tabm > 0:
		default:
			all = append(all, a)
		}
	}
	return all
}

// pointOf returns the settings of the flags as a point.
func pointOf(all []axis, o *options) (p search.Point) {
	for _, a := range all {
		var value any
		switch v := a.in(o).(type) {
		case *int:
			value = *v
		case *float64:
			value = *v
		case *string:
			value = *v
		case *bool:
			value = *v
		}
		p = append(p, search.Param{Name: a.Name, Value: value})
	}
	return p
}

// apply sets the flags to a point.
func apply(all []axis, p search.Point, o *options) error {
	to := map[string]any{}
	for _, a := range all {
		to[a.Name] = a.in(o)
	}
	return p.Read(to)
}

// points returns so many different points, fewer if there are no more: first the settings of the flags, then random ones. A larger number continues a smaller
// one.
func points(all []axis, first search.Point, n int, seed uint64) ([]search.Point, error) {
	var space search.Space
	size, endless := 1, false
	for _, a := range all {
		space, endless = append(space, a.Axis), endless || a.Values == nil
		size = min(max(1, size*len(a.Values)), 1<<20)
	}
	if !endless {
		n = min(n, size)
	}
	if n == 1 {
		return []search.Point{first}, nil
	}
	drawn, err := space.Sample(n, seed)
	if err != nil {
		return nil, errors.Wrap(err, "-search")
	}
	seen, list := map[string]bool{first.String(): true}, []search.Point{first}
	for _, p := range drawn {
		for i, x := range p {
			if v, ok := x.Value.(float64); ok {
				p[i].Value = rounded(v)
			}
		}
		if text := p.String(); !seen[text] && len(list) < n {
			seen[text], list = true, append(list, p)
		}
	}
	return list, nil
}

// rounded returns a number with three digits, which a person can repeat.
func rounded(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	if err != nil {
		return v
	}
	return short
}
