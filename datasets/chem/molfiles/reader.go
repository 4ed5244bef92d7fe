package molfiles

import (
	"io"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/sdf"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Format is a kind of file.
type Format string

// The formats; see the package comment.
const (
	SMILES Format = "SMILES"
	Table  Format = "table"
	SDF    Format = "SDF"
)

// Record is a molecule of a file.
type Record struct {
	Name   string    // as in the file, without space around it; empty if there is none
	SMILES string    // as in the file; empty for a drawing
	Mol    *chem.Mol // with at least one atom; nil if Err is not
	Err    error     // why the molecule cannot be read, with file and line
	Line   int       // of the beginning of the record, from 1
	Notes  []string  // what Mol does not hold of a drawing, such as a list of atoms, with the line

	file    string
	pending bool // Mol and Err are still to be made
}

// Reader reads the records of a file.
type Reader struct {
	name   string
	file   *formats.File
	format Format
	notes  []string
	next   func() (*Record, error)
	err    error // io.EOF or a failure, which ends the reading
	bad    int   // records without a molecule since the last one with a molecule
}

// MaxBad limits the records without a molecule that follow each other: a file of nothing else would give errors without an end.
const MaxBad = 100_000

// Open opens a file. It returns an error that names the file if there is none, it is of another kind (and then says which), or it is a table
// without SMILES.
func Open(path string) (*Reader, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "molfiles")
	}
	r, err := start(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

// New reads from r, plain or gzip; name stands for it in errors, and its ending is that of a file. Errors are as in [Open]. Close does not
// close r.
func New(name string, r io.Reader) (*Reader, error) {
	f, err := formats.New(name, r)
	if err != nil {
		return nil, errors.Wrap(err, "molfiles")
	}
	return start(f)
}

func start(f *formats.File) (*Reader, error) {
	r := &Reader{name: f.Path, file: f}
	text, err := formats.NewText(f.Path, f)
	if err == nil {
		err = r.begin(text)
	}
	if err != nil {
		return nil, errors.Wrap(err, "molfiles")
	}
	return r, nil
}

// Next returns the next record, or io.EOF after the last one. If a molecule cannot be read, Record.Err says why, and Next goes on with the
// following one. Any other error ends the reading: it names file and line, and is a failure to read, a limit of the format, a quote in a
// table that does not end, or the 100,001st record without a molecule in a row.
func (r *Reader) Next() (*Record, error) {
	if r == nil || r.next == nil {
		return nil, errors.New("molfiles: no open file")
	}
	if r.err != nil {
		return nil, r.err
	}
	rec, err := r.NextText()
	if err != nil {
		return nil, err
	}
	rec.Read()
	if rec.Err == nil {
		r.bad = 0
		return rec, nil
	}
	if r.bad++; r.bad > MaxBad {
		r.err = errors.Errorf("molfiles: %s:%d: more than %d records in a row without a molecule, the limit", r.name, rec.Line, MaxBad)
		return nil, r.err
	}
	return rec, nil
}

// NextText is Next without the work of making a molecule of a SMILES, which [Record.Read] does, on any goroutine: before it, a record of a list or a
// table may have neither a molecule nor an error. The number of records without a molecule is not limited.
func (r *Reader) NextText() (*Record, error) {
	if r == nil || r.next == nil {
		return nil, errors.New("molfiles: no open file")
	}
	if r.err != nil {
		return nil, r.err
	}
	rec, err := r.next()
	if err != nil {
		if err != io.EOF {
			err = errors.Wrap(err, "molfiles")
		}
		r.err = err
		return nil, err
	}
	rec.file = r.name
	if !rec.pending {
		rec.finish()
	}
	return rec, nil
}

// Read makes the molecule of a record that [Reader.NextText] has returned, or sets Err. Further calls do nothing.
func (rec *Record) Read() {
	if rec == nil || !rec.pending {
		return
	}
	rec.pending = false
	rec.Mol, rec.Err = parse(rec.SMILES)
	rec.finish()
}

// finish places the error of a record.
func (rec *Record) finish() {
	if rec.Err == nil && len(rec.Mol.Atoms()) == 0 {
		rec.Err = errors.New("a molecule without atoms")
	}
	if rec.Err != nil {
		rec.Mol, rec.Notes = nil, nil
		rec.Err = rec.place()
	}
}

// place adds file and line to the error of a record: the line of the error in a drawing, or else that of the record.
func (rec *Record) place() error {
	var format *sdf.FormatError
	var atom *chem.AtomError
	switch {
	case errors.As(rec.Err, &format):
		return errors.Errorf("%s:%d: %s", rec.file, format.Line, format.Msg)
	case errors.As(rec.Err, &atom) && atom.Line > 0:
		return errors.Wrapf(rec.Err, "%s:%d", rec.file, atom.Line)
	}
	return errors.Wrapf(rec.Err, "%s:%d", rec.file, rec.Line)
}

// Format returns the format of the file.
func (r *Reader) Format() Format {
	if r == nil {
		return ""
	}
	return r.format
}

// Notes returns what was decided about the file and is not evident, in sentences: which of the columns are used, and that a line is a
// header.
func (r *Reader) Notes() []string {
	if r == nil {
		return nil
	}
	return r.notes
}

// Close closes the file that Open opened.
func (r *Reader) Close() error {
	if r == nil {
		return nil
	}
	return errors.Wrap(r.file.Close(), "molfiles") // a nil file has nothing to close
}
