package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
)

// The values of -features.
const (
	defaultFeatures = "default"
	sparseFeatures  = "ecfp-sparse"
)

// problem is the data of a run, ready for training.
type problem struct {
	data       *tox21.Data
	featurizer *tox21.Featurizer
	set        *datasets.Set
	fit        []int // rows to train on
	judged     []int // rows to judge on
	folds      []datasets.Fold
	validation int // the official fold that the judged rows belong to, or -1 for the test rows
	split      string
	pooling    *graphs.Calibration // of all members; nil if there is none
}

// prepare loads the compounds and computes their features, with columns and scale from the rows to train on.
func prepare(ctx context.Context, o options) (*problem, error) {
	data, err := tox21.Load(ctx, tox21.Options{Options: datasets.Options{
		Dir: o.Data, Download: o.download, StandIn: o.synthetic, Threads: o.Threads, Seed: o.Seed,
	}})
	if err != nil {
		return nil, err
	}
	p := &problem{data: data, validation: o.validation}
	if err := p.divide(ctx, o); err != nil {
		return nil, err
	}
	if p.pooling, err = pooling(o.pool, data, p.fit); err != nil {
		return nil, err
	}
	families := tox21.DefaultFamilies()
	if o.features == sparseFeatures {
		families = tox21.SparseFamilies()
	}
	raw, err := tox21.Compute(ctx, data.Mols(), families, o.Threads)
	if err != nil {
		return nil, err
	}
	if p.featurizer, err = raw.Fit(p.fit); err != nil {
		return nil, err
	}
	features, err := p.featurizer.Features(raw)
	if err != nil {
		return nil, err
	}
	if p.set, err = data.Set(features, p.featurizer.Names()); err != nil {
		return nil, err
	}
	p.set.Sparse = p.featurizer.Sparse()
	return p, nil
}

// on names the judged rows.
func (p *problem) on() string {
	if p.validation >= 0 {
		return "validation"
	}
	return "test"
}

// unreadable counts the compounds of the training part whose molecule cannot be read; without the official split those of the whole.
func (p *problem) unreadable() (n int) {
	for _, s := range p.data.Skipped() {
		if p.split != official || p.data.Compounds[s.Row].Part != datasets.Test {
			n++
		}
	}
	return n
}

// trainingRows counts the rows for training, including unreadable ones if the whole training part is used.
func (p *problem) trainingRows() int {
	if p.validation >= 0 || p.split != official {
		return len(p.fit)
	}
	return len(p.fit) + p.unreadable()
}

// shownUnreadable is the number of compounds that are listed because they cannot be read, or only in part.
const shownUnreadable = 10

// partial lists the drawings that hold more than is read.
func (p *problem) partial() (notes []string) {
	more := 0
	for i := range p.data.Compounds {
		c := &p.data.Compounds[i]
		switch {
		case c.Mol == nil || len(c.Notes) == 0:
		case len(notes) == shownUnreadable:
			more++
		default:
			notes = append(notes, fmt.Sprintf("Read in part: %s (compound on line %d): %s.", c.ID, c.Line, strings.Join(c.Notes, "; ")))
		}
	}
	if more > 0 {
		notes = append(notes, fmt.Sprintf("... and %d more are read in part.", more))
	}
	return notes
}

// describe returns sentences about the data. curves reports whether the networks are judged while they train.
func (p *problem) describe(curves bool) []string {
	notes := []string{"Data: " + p.data.Notes + "."}
	skipped := p.data.Skipped()
	for i, s := range skipped {
		if i == shownUnreadable {
			notes = append(notes, fmt.Sprintf("... and %d more are unreadable.", len(skipped)-i))
			break
		}
		notes = append(notes, fmt.Sprintf("Unreadable: %s (line %d): %s.", s.ID, s.Line, s.Reason))
	}
	notes = append(notes, p.partial()...)
	left := ""
	if n := p.trainingRows() - len(p.fit); n > 0 {
		left = fmt.Sprintf(" (%s unreadable, left out)", training.Count(n))
	}
	on := p.on()
	if p.validation >= 0 {
		on = fmt.Sprintf("validation (fold %d and leaderboard)", p.validation)
	}
	rows := fmt.Sprintf("Rows: %s for training%s, %s for %s; %s features.", training.Count(p.trainingRows()), left, training.Count(len(p.judged)), on,
		training.Count(p.set.Width()))
	if curves {
		rows += fmt.Sprintf(" Nothing is chosen by the curves of the %s.", p.curves())
	}
	return append(notes, "Split: "+splitNotes[p.split]+".", rows)
}

// curves describes the rows of the validation curves.
func (p *problem) curves() string {
	if p.folds != nil {
		return "rows held out"
	}
	return p.on() + " rows"
}
