package main

import (
	"cmp"
	"flag"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// timePrefix begins the value of -split for an order in time.
const timePrefix = "time:"

// registerRows adds the flags for the rows: weights, groups, time.
func (o *options) registerRows(f *flag.FlagSet) {
	f.StringVar(&o.table.Weight, "weight", "", "column with the weights of the rows, numbers of at least 0, in the loss and the metrics; it is not a feature")
	f.StringVar(&o.table.Group, "group", "", "column that names the group of a row, such as a patient with several visits: no group is divided between training, validation, test and folds; it is not a feature")
	f.StringVar(&o.split, "split", "", "how the rows are divided: time:COLUMN tests on the latest rows, and validates on the latest of the others; otherwise they are drawn at random")
}

// checkRows checks them.
func (o *options) checkRows() error {
	column, ok := strings.CutPrefix(o.split, timePrefix)
	o.table.Time = column
	return program.CheckAll(
		program.Check{Flag: "split", OK: o.split == "" || ok && column != "", Got: o.split, Want: "time:COLUMN"},
		program.Check{Flag: "split", OK: !ok || o.table.Group == "", Got: o.split, Want: "no -group beside it"},
		program.Check{Flag: "split", OK: !ok || !o.Members.Folds, Got: o.split, Want: "-ensemble without folds, which would be judged on rows earlier than those they learn from"},
	)
}

// apart divides rows: it keeps a share of them apart, the latest in time, or whole groups, or rows with the same proportions of classes.
func (p *problem) apart(o options, rows []int, class func(row int) int, share float64, seed uint64) (first, second []int, err error) {
	switch groups := p.table.Groups(); {
	case o.table.Time != "":
		times, err := p.table.Times()
		if err != nil {
			return nil, nil, err
		}
		first, second = latest(rows, times, share)
		return first, second, nil
	case groups != nil:
		return datasets.GroupSplit(rows, groups, share, seed)
	case class != nil:
		return datasets.StratifiedSplit(rows, class, share, seed)
	}
	return datasets.Split(rows, share, seed)
}

// latest puts the rows with the latest times into second, at most the share of them. Rows of the same time stay together, and those without a
// time come first.
func latest(rows []int, times []float64, share float64) (first, second []int) {
	of := func(r int) float64 {
		if t := times[r]; t == t {
			return t
		}
		return math.Inf(-1)
	}
	order := slices.Clone(rows)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of(a), of(b)) })
	cut := len(order) - int(math.Round(share*float64(len(order))))
	for cut > 0 && cut < len(order) && of(order[cut]) == of(order[cut-1]) {
		cut++
	}
	first, second = slices.Clone(order[:cut]), slices.Clone(order[cut:])
	slices.Sort(first)
	slices.Sort(second)
	return first, second
}

// folded divides rows into folds.
func (p *problem) folded(rows []int, class func(row int) int, k int, seed uint64) ([]datasets.Fold, error) {
	if groups := p.table.Groups(); groups != nil {
		return datasets.GroupKFold(rows, groups, k, seed)
	}
	return kFold(rows, class, k, seed)
}

// noteSplit notes how rows with an order or groups are divided. It returns an error if no test rows are left.
func (p *problem) noteSplit(o options) error {
	if groups := p.table.Groups(); groups != nil {
		seen := map[string]bool{}
		for _, r := range p.table.Rows() {
			seen[groups[r]] = true
		}
		p.note("The rows are of %d groups of %q, none of which is divided.", len(seen), o.table.Group)
		if o.testShare > 0 && len(p.test) == 0 {
			return errors.Errorf("-group %s: no group is as small as the share of the test rows; use a greater -test-share, or 0", o.table.Group)
		}
	}
	if o.table.Time == "" {
		return nil
	}
	times, err := p.table.Times()
	if err != nil {
		return err
	}
	missing := 0
	for _, r := range p.table.Rows() {
		if math.IsNaN(times[r]) {
			missing++
		}
	}
	if missing > 0 {
		p.note("%d rows have no time in %q; they are used for training.", missing, o.table.Time)
	}
	if o.testShare > 0 && len(p.test) == 0 {
		return errors.Errorf("-split time:%s: too many rows have the last time", o.table.Time)
	}
	p.note("The test rows are the latest by %q, and the validation rows the latest of the others.", o.table.Time)
	return nil
}
