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

// Read reads a table of new rows in the same way as the encoder's own table. It skips columns that the encoder does not use. Errors are
// those of the function [Read], and an error that names missing columns.
func (e *Encoder) Read(path string) (*Table, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	defer f.Close()
	return e.ReadFrom(path, f)
}

// ReadNew reads a table of rows to predict. It is like [Encoder.Read], but ignores the targets if the table has them. id is the column with
// the names of the rows; empty means the encoder's ID column, if the table has it. It returns an error if id is not a column, or is one of
// the features or targets.
func (e *Encoder) ReadNew(path, id string) (*Table, error) {
	g := *e.settings()
	g.newRows = true
	if id != "" {
		for name := range g.kinds() {
			if name == id {
				return nil, errors.Errorf("csv: column %q is a feature and cannot name the rows", id)
			}
		}
		for _, t := range g.Targets {
			if t.Name == id {
				return nil, errors.Errorf("csv: column %q is a target and cannot name the rows", id)
			}
		}
		g.ID, g.idNeeded = id, true
	}
	return (&Encoder{g}).Read(path)
}

// ReadFrom is like [Encoder.Read] for a table from a reader; errors refer to it by name.
func (e *Encoder) ReadFrom(name string, r io.Reader) (*Table, error) {
	if err := e.check(); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	o := Options{Header: e.f.Header, DecimalComma: e.f.DecimalComma, Missing: e.f.Missing}
	for _, c := range e.f.Comma {
		o.Comma = c
	}
	return readAs(name, r, o, e)
}

// beginFor sets the kinds of the columns of a table of new rows.
func (r *reader) beginFor(e *Encoder) error {
	r.id, r.problem, r.classes = -1, e.f.Problem, e.f.Classes
	for i := range r.columns {
		r.columns[i].kind, r.columns[i].forced = Ignored, true
	}
	var missing []string
	for name, kind := range e.f.kinds() {
		if i, ok := r.place[name]; ok {
			r.columns[i].kind = kind
		} else {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return errors.Errorf("%s: no column %s; there are %s", r.name, list(missing), list(r.names()))
	}
	if i, ok := r.place[e.f.ID]; ok && e.f.ID != "" {
		r.columns[i].kind, r.id = Categorical, i
	} else if e.f.idNeeded {
		return errors.Errorf("%s: no column %q; there are %s", r.name, e.f.ID, list(r.names()))
	}
	for _, t := range e.f.Targets {
		i, ok := r.place[t.Name]
		if !ok || e.f.newRows {
			continue
		}
		r.columns[i].kind = Categorical
		if e.f.Problem == Regression {
			r.columns[i].kind = Numeric
		}
		r.targets = append(r.targets, i)
	}
	return nil
}
