package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/molfiles"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/answers"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// A block is predicted at once, on one thread. These are its limits, which bound the memory for a file of any length.
const (
	blockRecords = 128
	blockText    = 1 << 20 // bytes of SMILES and names, and atoms of drawings
	atomSize     = 100     // bytes that an atom of a drawing counts for
)

// predictFile writes a row for each record of a file, in order. A record that cannot be read has an error in place of probabilities; they are
// counted on the standard error, as are molecules that hold a drawing only in part. It returns an error, and leaves -out as it was, if no molecule
// at all can be read, and if the file is damaged.
func predictFile(ctx context.Context, o *options, p *predictor, m *molecules, w io.Writer) error {
	for _, note := range m.Notes() {
		fmt.Fprintf(o.stderr, "tox21: %s: %s\n", m.name, note)
	}
	if p.synthetic {
		fmt.Fprintln(o.stderr, "tox21: "+syntheticNote)
	}
	t := &recordTally{}
	a := &answers.Run[*molfiles.Record, []recordCount]{
		Program: "tox21", Unit: "molecules", Input: m.input, Stderr: o.stderr, Columns: recordColumns(),
		Source: stream.Source[*molfiles.Record]{
			Next: m.NextText, Rows: blockRecords, Weight: blockText,
			Text:     func(r *molfiles.Record) []string { return []string{r.SMILES, r.Name, canonical(r)} },
			WeightOf: weightOf,
		},
		Answer: p.answer, Tally: t,
		Count: func(c []recordCount) error { return t.count(m.name, c) },
		Check: func() error { return t.check(m.name) },
	}
	if err := a.Write(ctx, &o.Flags, w); err != nil {
		return err
	}
	if t.Bad > 0 {
		fmt.Fprintf(o.stderr, "tox21: %d of %d molecules cannot be read, see the column error; the first: %s\n", t.Bad, t.Records, t.First)
	}
	if t.Partial > 0 {
		fmt.Fprintf(o.stderr, "tox21: %d of %d molecules hold their drawings only in part; the first: %s: %s\n", t.Partial, t.Records, m.name, t.FirstNote)
	}
	return nil
}

// recordColumns are the columns of the predictions.
func recordColumns() []stream.Column {
	columns := []stream.Column{{Name: "smiles"}, {Name: "name"}}
	for _, t := range tox21.Tasks() {
		columns = append(columns, stream.Column{Name: t, Format: func(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }})
	}
	return append(columns, stream.Column{Name: "error"})
}

// canonical returns the molecule of a drawing as text, or why it is none.
func canonical(r *molfiles.Record) string {
	switch {
	case r.SMILES != "":
		return ""
	case r.Err != nil:
		return "no molecule"
	case r.Mol != nil:
		return smiles.Canonical(r.Mol)
	}
	return ""
}

func weightOf(r *molfiles.Record) int {
	n := len(r.SMILES) + len(r.Name)
	if r.Mol != nil {
		n += atomSize * len(r.Mol.Atoms())
	}
	return n
}

// answer returns the predictions for some records.
func (p *predictor) answer(ctx context.Context, block []*molfiles.Record) (rows [][]stream.Value, counts []recordCount, err error) {
	var mols []*chem.Mol
	for _, rec := range block {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		if rec.Read(); rec.Err == nil {
			mols = append(mols, rec.Mol)
		}
		counts = append(counts, countOf(rec))
	}
	values := func(int) []float64 { return make([]float64, tox21.NumTasks) }
	if len(mols) > 0 {
		all, err := p.predict(ctx, mols)
		if err != nil {
			return nil, nil, err
		}
		values = all.Row
	}
	next := 0
	for _, rec := range block {
		row := []stream.Value{{Text: text(rec)}, {Text: rec.Name}}
		for _, v := range values(min(next, max(0, len(mols)-1))) {
			row = append(row, stream.Value{Number: v, Missing: rec.Err != nil})
		}
		if rec.Err == nil {
			row = append(row, stream.Value{Missing: true})
			next++
		} else {
			row = append(row, stream.Value{Text: rec.Err.Error()})
		}
		rows = append(rows, row)
	}
	return rows, counts, nil
}

// recordCount is a record as the tally counts it.
type recordCount struct {
	bad, note string
	line      int
}

func countOf(rec *molfiles.Record) (c recordCount) {
	c.line = rec.Line
	if rec.Err != nil {
		c.bad = rec.Err.Error()
	}
	if len(rec.Notes) > 0 {
		c.note = rec.Notes[0]
	}
	return c
}

// recordTally counts the records of a file.
type recordTally struct {
	Records int64 `json:"records"`
	Bad     int64 `json:"bad"`
	// InARow are those without a molecule since the last one with a molecule.
	InARow int64  `json:"in_a_row"`
	First  string `json:"first,omitempty"` // error
	// Partial are molecules that do not hold all of their drawings.
	Partial   int64  `json:"partial"`
	FirstNote string `json:"first_note,omitempty"`
}

func (t *recordTally) count(name string, counts []recordCount) error {
	for _, c := range counts {
		t.Records++
		if c.bad == "" {
			t.InARow = 0
		} else {
			if t.Bad++; t.Bad == 1 {
				t.First = c.bad
			}
			if t.InARow++; t.InARow > molfiles.MaxBad {
				return errors.Errorf("%s:%d: more than %d records in a row without a molecule, the limit", name, c.line, molfiles.MaxBad)
			}
		}
		if c.note != "" {
			if t.Partial++; t.Partial == 1 {
				t.FirstNote = c.note
			}
		}
	}
	return nil
}

// check returns an error for a file without molecules.
func (t *recordTally) check(name string) error {
	switch t.Records {
	case 0:
		return errors.Errorf("%s holds no molecules", name)
	case t.Bad:
		return errors.Errorf("%s: none of the %d molecules can be read; the first: %s", name, t.Bad, t.First)
	}
	return nil
}

// text returns the SMILES of a record: as in the file, or the canonical one of a drawing. A long text that is no SMILES is cut.
func text(rec *molfiles.Record) string {
	const most = 1000
	switch {
	case rec.Err == nil && rec.SMILES == "":
		return smiles.Canonical(rec.Mol)
	case rec.Err != nil && len(rec.SMILES) > most:
		return strings.ToValidUTF8(rec.SMILES[:most], "") + "..."
	}
	return rec.SMILES
}
