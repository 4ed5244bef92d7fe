package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
)

const (
	minRows   = 10 // of a table, with a target
	rareClass = 5  // rows of a class that is worth a note

	largeGarbage = 50 // garbage beside a large table, in percent of what is in use, unless the variable GOGC says otherwise
)

// problem is a table, ready for training.
type problem struct {
	table *csv.Table
	// checksum is that of the file of the table, empty for a built-in one.
	checksum string
	encoder  *csv.Encoder
	set      *datasets.Set
	loss     graphs.Loss
	// fit are the rows to train on. With -ensemble folds, folds divide them.
	fit, validation, test []int
	folds                 []datasets.Fold
	networks              training.Members
	notes                 []string        // sentences about what a stranger would not expect
	warned                map[string]bool // the kinds of warnings that have been printed
}

// prepare reads the table, divides its rows, and fits the encoder on the rows to train on.
func prepare(ctx context.Context, o options) (*problem, error) {
	p := &problem{warned: map[string]bool{}}
	if err := p.read(ctx, o); err != nil {
		return nil, err
	}
	rows := p.table.Rows()
	if missing := p.table.Len() - len(rows); missing > 0 {
		p.note("%d of %d rows have no value of the target; they are left out.", missing, p.table.Len())
	}
	p.noteGaps(o, len(rows))
	if len(rows) < minRows {
		return nil, errors.Errorf("%d rows with a value of the target, want at least %d", len(rows), minRows)
	}
	o.forSize(len(rows))
	if o.ONNX != "" && !o.fast && o.Members.N == 1 {
		p.note("-onnx holds one network, so one is trained, as with -fast.")
	}
	p.networks = o.Members
	if err := p.split(o); err != nil {
		return nil, err
	}
	encoder, err := p.table.FitScaled(p.fit, o.scalingOf(p.table.Skewed(p.fit)))
	if err != nil {
		return nil, err
	}
	if p.set, err = encoder.Set(p.table); err != nil {
		return nil, err
	}
	p.encoder = encoder
	p.loss = lossOf(encoder)
	if err := p.chooseScale(ctx, o); err != nil {
		return nil, err
	}
	p.noteClasses()
	return p, nil
}

func (p *problem) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// read reads the table.
func (p *problem) read(ctx context.Context, o options) (err error) {
	if name := o.builtIn(); name != "" {
		var origin string
		p.table, origin, err = classics.Table(name)
		p.note("This is a table that comes with the program: %s. Name your own with -data my.csv -target COLUMN.", origin)
		return err
	}
	file, err := openTable(ctx, o.Data)
	if err != nil {
		return err
	}
	defer file.close()
	if p.table, err = csv.ReadFrom(file.name, file, o.table); err != nil {
		return err
	}
	p.checksum = file.checksum()
	if p.table.Len() > largeTable && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(largeGarbage)
	}
	p.notes = append(p.notes, p.table.Decisions()...)
	return nil
}

// split divides the rows: first the test rows, then validation rows or folds.
func (p *problem) split(o options) (err error) {
	if o.table.Group+o.table.Time != "" {
		p.fit, p.test, err = p.apart(o, p.table.Rows(), nil, o.testShare, o.splitSeed)
	} else {
		p.fit, p.test, err = p.table.Split(o.testShare, o.splitSeed)
	}
	if err != nil {
		return err
	}
	if err := p.noteSplit(o); err != nil {
		return err
	}
	class, err := p.table.ClassOf()
	if err != nil {
		return err
	}
	if o.Members.Folds {
		p.folds, err = p.folded(p.fit, class, o.Members.N, o.splitSeed)
		return err
	}
	if o.validationShare == 0 {
		return nil
	}
	p.fit, p.validation, err = p.apart(o, p.fit, class, o.validationShare, o.splitSeed+1)
	if err == nil && (len(p.fit) < 2 || len(p.validation) == 0) {
		err = errors.Errorf("%d rows to train on and %d to validate; want more rows, or other shares", len(p.fit), len(p.validation))
	}
	return err
}

func kFold(rows []int, class func(row int) int, k int, seed uint64) ([]datasets.Fold, error) {
	if class == nil {
		return datasets.KFold(rows, k, seed)
	}
	return datasets.StratifiedKFold(rows, class, k, seed)
}

// noteClasses notes classes with few rows.
func (p *problem) noteClasses() {
	if p.set.Classes == nil {
		return
	}
	all, fit := make([]int, len(p.set.Classes)), make([]int, len(p.set.Classes))
	for _, r := range p.table.Rows() {
		all[p.set.Class(r)]++
	}
	for _, r := range p.fit {
		fit[p.set.Class(r)]++
	}
	var rare, unseen []string
	for c, name := range p.set.Classes {
		if all[c] < rareClass {
			rare = append(rare, fmt.Sprintf("%q (%d)", name, all[c]))
		}
		if fit[c] == 0 {
			unseen = append(unseen, fmt.Sprintf("%q", name))
		}
	}
	if rare != nil {
		p.note("%d of %d classes have fewer than %d rows, too few to learn or to judge: %s.", len(rare), len(all), rareClass, few(rare))
	}
	if unseen != nil {
		p.note("No training row has the classes %s: they are never predicted.", few(unseen))
	}
}

// noteGaps notes rows that lack some of several targets.
func (p *problem) noteGaps(o options, rows int) {
	if len(o.table.Targets) < 2 {
		return
	}
	if n := p.table.Gaps(); n > 0 {
		p.note("%d of %d rows lack some of the targets; they are used for the others.", n, rows)
	}
}

// few joins names, the first ten if there are more.
func few(names []string) string {
	if n := len(names); n > 10 {
		return strings.Join(names[:10], ", ") + fmt.Sprintf(" and %d more", n-10)
	}
	return strings.Join(names, ", ")
}
