package csv

import (
	"math"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Set returns the features and labels of all rows of a table, which has the columns that the encoder was fitted on, in
// any order, and possibly others. Targets may be absent; their labels are not observed then. Rows that have no label
// to train on, though the table has targets, are [datasets.Excluded] and listed in Skipped.
// So are new rows whose class the encoder does not know, unless it knows none of them.
// It returns an error if the encoder was not fitted or there is no table; one that names the line and the column for values
// that the encoder cannot use: a class that it does not know, a number too large for the scale; and one that names the column
// if it is missing.
func (e *Encoder) Set(t *Table) (*datasets.Set, error) {
	set, err := e.set(t)
	return set, errors.Wrap(err, "csv")
}

func (e *Encoder) set(t *Table) (*datasets.Set, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if t == nil {
		return nil, errors.New("the table is nil")
	}
	var blocks []datasets.Features
	if len(e.f.Numeric) > 0 {
		b, err := e.dense(t)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	if len(e.f.Categorical)+len(e.f.Texts) > 0 {
		b, err := e.sparse(t)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
	}
	set := &datasets.Set{
		Name: filepath.Base(t.name), Notes: e.f.notes(t),
		Features: blocks[0], FeatureNames: e.FeatureNames(),
		Tasks: e.Tasks(), Classes: e.f.Classes,
	}
	if len(blocks) > 1 {
		both, err := datasets.NewConcat(blocks...)
		if err != nil {
			return nil, err
		}
		set.Features = both
	}
	if t.id >= 0 {
		set.IDs = make([]string, t.Len())
		for r := range set.IDs {
			set.IDs[r] = t.columns[t.id].text(r)
		}
	}
	var err error
	if set.Weights, err = t.weights(); err != nil {
		return nil, err
	}
	return set, e.addLabels(set, t)
}

// dense returns the features of the numeric columns.
func (e *Encoder) dense(t *Table) (*datasets.Dense, error) {
	rows := t.Len()
	cols, _ := e.f.cols()
	data := make([]float32, rows*cols)
	at := 0
	for _, n := range e.f.Numeric {
		name, kind := n.Name, Numeric
		if n.Date != nil {
			name, kind = n.Date.Column, Date
		}
		c, err := t.column(name, kind)
		if err != nil {
			return nil, err
		}
		for r, v := range c.number.all() {
			if n.Date != nil {
				v = n.Date.Part.of(v)
			}
			if math.IsNaN(v) {
				v = n.Fill
				if n.Indicator {
					data[r*cols+at+1] = 1
				}
			} else if n.Spike != nil && v == *n.Spike {
				data[r*cols+at+n.features()-1] = 1
			}
			if n.SD == 0 {
				continue
			}
			if x := float32((v - n.Mean) / n.SD); math.IsInf(float64(x), 0) || x != x {
				return nil, t.errorAt(r, c, "%v is too large for a column of mean %v and standard deviation %v", v, n.Mean, n.SD)
			}
			data[r*cols+at] = n.scaled(n.clip(v))
		}
		at += n.features()
	}
	return datasets.NewDense(rows, cols, data)
}

// addLabels adds the labels, and excludes the rows without any.
func (e *Encoder) addLabels(set *datasets.Set, t *Table) error {
	width := len(e.f.Targets)
	set.Labels = make([]float32, t.Len()*width)
	for i := range set.Labels {
		set.Labels[i] = float32(math.NaN())
	}
	found := 0
	for k, target := range e.f.Targets {
		at, ok := t.place[target.Name]
		if !ok || t.columns[at].kind == Ignored {
			continue // to be predicted
		}
		found++
		var labels []float32
		var err error
		switch c := &t.columns[at]; e.f.Problem {
		case Classes:
			labels, err = t.classLabels(c, e.f.Classes)
		case Binary:
			labels, err = t.binaryLabels(c)
		default:
			labels, err = t.numberLabels(c, &target)
		}
		if err != nil {
			return err
		}
		for r, v := range labels {
			set.Labels[r*width+k] = v
		}
	}
	if found > 0 {
		e.exclude(set, t)
	}
	return nil
}

// exclude marks the rows that cannot be used for training because they have no labels.
func (e *Encoder) exclude(set *datasets.Set, t *Table) {
	width := len(e.f.Targets)
	for r := range t.Len() {
		missing, count := "", 0
		for k, v := range set.Labels[r*width : (r+1)*width] {
			if v != v {
				missing = e.f.Targets[k].Name
				count++
			}
		}
		if count == 0 || e.f.Problem != Classes && count < width {
			continue
		}
		if set.Part == nil {
			set.Part = make([]datasets.Part, t.Len())
		}
		set.Part[r] = datasets.Excluded
		skip := datasets.Skipped{Row: r, Line: t.lines.of(r), Reason: e.f.lacks(t, r, missing)}
		if set.IDs != nil {
			skip.ID = set.IDs[r]
		}
		set.Skipped = append(set.Skipped, skip)
	}
}

// lacks says why a row has no label.
func (f *fitted) lacks(t *Table, row int, target string) string {
	if c := &t.columns[t.place[target]]; !c.isMissing(row) {
		return "the target " + formats.Quote(target) + " is " + formats.Quote(c.text(row)) + ", which no row to train on has"
	}
	return "no value of the target " + formats.Quote(target)
}
