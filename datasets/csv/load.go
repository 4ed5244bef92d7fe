package csv

import (
	"io"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Load reads a table and returns a set and the encoder that was fitted on its training part. The test part has a fifth of the rows, with
// the same proportions of classes. Errors are those of [Read], [Table.Fit] and [Encoder.Set].
func Load(path string, o Options) (*datasets.Set, *Encoder, error) {
	t, err := Read(path, o)
	if err != nil {
		return nil, nil, err
	}
	return t.load()
}

// LoadFrom is like [Load] for a table from a reader; errors refer to it by name.
func LoadFrom(name string, r io.Reader, o Options) (*datasets.Set, *Encoder, error) {
	t, err := ReadFrom(name, r, o)
	if err != nil {
		return nil, nil, err
	}
	return t.load()
}

func (t *Table) load() (*datasets.Set, *Encoder, error) {
	if len(t.targets) == 0 {
		_, err := t.Fit(nil) // names what is missing
		return nil, nil, err
	}
	train, test, err := t.Split(max(0, t.opts.TestShare), t.opts.Seed)
	if err != nil {
		return nil, nil, err
	}
	e, err := t.Fit(train)
	if err != nil {
		return nil, nil, err
	}
	set, err := e.Set(t)
	if err != nil {
		return nil, nil, err
	}
	if set.Part == nil {
		set.Part = make([]datasets.Part, t.Len())
	}
	for _, r := range test {
		set.Part[r] = datasets.Test
	}
	return set, e, nil
}

// Load reads a table of new rows and returns their features, and their labels if the table has the targets.
// Errors are those of [Encoder.Read] and [Encoder.Set].
func (e *Encoder) Load(path string) (*datasets.Set, error) {
	t, err := e.Read(path)
	if err != nil {
		return nil, err
	}
	return e.Set(t)
}

// NewRows is how to read a table of new rows.
type NewRows struct {
	// Predict ignores the targets if the table has them, whatever they hold.
	Predict bool
	// Targets makes a [Stream] read the targets and the weights, which it ignores otherwise. It is an error if the table lacks a target.
	Targets bool
	// ID is the column with the names of the rows. Empty means that of the encoder, if the table has it.
	ID string
	// MaxMemory is as in Options.
	MaxMemory int64
	// Setting is as in Options.
	Setting func(option, value string) string
}

// Read reads a table of new rows with their targets; see [Encoder.ReadNew].
func (e *Encoder) Read(path string) (*Table, error) { return e.ReadNew(path, NewRows{}) }

// ReadFrom is like [Encoder.Read] for a table from a reader; name stands for it in errors.
func (e *Encoder) ReadFrom(name string, r io.Reader) (*Table, error) {
	return e.ReadNewFrom(name, r, NewRows{})
}

// ReadNew reads a table of new rows as the encoder's own table was read. The columns may come in any order; those that the encoder does
// not use are skipped. The separator of the fields is found anew if it is another one. Few texts in a column of numbers are missing
// values, as they are in the encoder's own table; [Encoder.Notices] reports them.
// It returns the errors of the function [Read], one that names the columns that are missing, and one if ID is no column, or is one
// of the features or targets.
func (e *Encoder) ReadNew(path string, n NewRows) (*Table, error) {
	if err := e.check(); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	defer f.Close()
	return e.readNew(path, f, n)
}

// ReadNewFrom is like [Encoder.ReadNew] for a table from a reader, plain or gzip; name stands for it in errors.
func (e *Encoder) ReadNewFrom(name string, r io.Reader, n NewRows) (*Table, error) {
	if err := e.check(); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	if r == nil {
		return nil, errors.Errorf("csv: %s: nothing to read from", name)
	}
	f, err := formats.New(name, r)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return e.readNew(name, f, n)
}

func (e *Encoder) readNew(name string, r io.Reader, n NewRows) (*Table, error) {
	if err := e.checkID(n.ID); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return readAs(name, r, e.options(n), e, n)
}

// options are those for new rows.
func (e *Encoder) options(n NewRows) Options {
	return Options{Header: e.f.Header, Missing: e.f.Missing, MaxMemory: n.MaxMemory, Setting: n.Setting}
}

// checkID returns an error for a column that cannot hold the names of the rows.
func (e *Encoder) checkID(id string) error {
	if id == "" {
		return nil
	}
	for column := range e.f.kinds() {
		if column == id {
			return errors.Errorf("column %s is a feature, it cannot name the rows", formats.Quote(id))
		}
	}
	for _, t := range e.f.Targets {
		if t.Name == id {
			return errors.Errorf("column %s is a target, it cannot name the rows", formats.Quote(id))
		}
	}
	return nil
}

// beginFor sets the kinds of the columns of a table of new rows.
func (r *reader) beginFor(e *Encoder) error {
	r.problem, r.classes = e.f.Problem, e.f.Classes
	for i := range r.columns {
		r.columns[i].kind, r.columns[i].forced = Ignored, true
	}
	var missing []string
	for name, kind := range e.f.kinds() {
		if i, ok := r.place[name]; ok {
			if r.columns[i].kind = kind; kind == Text {
				r.columns[i].kind, r.columns[i].words = Categorical, true
			}
		} else {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return errors.Errorf("%s: no column %s; there are %s", r.name, list(missing), list(r.names()))
	}
	for _, n := range e.f.Numeric {
		if n.Date != nil {
			r.columns[r.place[n.Date.Column]].layout = n.Date.Layout
			continue
		}
		c := &r.columns[r.place[n.Name]]
		c.strict, c.style = n.Strict, n.Style
		for _, s := range n.Texts {
			if c.odd.known == nil {
				c.odd.known = make(map[string]bool)
			}
			c.odd.known[s] = true
		}
	}
	id, asked := e.f.ID, r.asked.ID
	if asked != "" {
		id = asked
	}
	if i, ok := r.place[id]; ok && id != "" {
		r.columns[i].kind, r.id = Categorical, i
	} else if asked != "" {
		return errors.Errorf("%s: no column %s; there are %s", r.name, formats.Quote(id), list(r.names()))
	}
	if i, ok := r.place[e.f.Weight]; ok && e.f.Weight != "" && !r.asked.Predict && r.columns[i].kind == Ignored {
		r.columns[i].kind, r.columns[i].strict, r.roles.weight = Numeric, true, i+1
	}
	for _, t := range e.f.Targets {
		i, ok := r.place[t.Name]
		if !ok || r.asked.Predict {
			continue
		}
		r.columns[i].kind = Categorical
		if e.f.Problem == Regression {
			r.columns[i].kind, r.columns[i].style = Numeric, t.Style
		}
		r.targets = append(r.targets, i)
	}
	return nil
}
