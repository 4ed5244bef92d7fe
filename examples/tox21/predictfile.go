package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/molfiles"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// A block is predicted at once. These are its limits, which bound the memory for a file of any length.
const (
	blockRecords = 1024
	blockAtoms   = 100_000
	blockText    = 1 << 23 // bytes of SMILES and names
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
	f := &filePredictor{predictor: p}
	if err := o.WritePredictions(w, func(w io.Writer) error { return f.all(ctx, m, w) }); err != nil {
		return err
	}
	if f.bad > 0 {
		fmt.Fprintf(o.stderr, "tox21: %d of %d molecules cannot be read, see the column error; the first: %v\n", f.bad, f.records, f.first)
	}
	if f.partial > 0 {
		fmt.Fprintf(o.stderr, "tox21: %d of %d molecules hold their drawings only in part; the first: %s: %s\n", f.partial, f.records, m.name, f.firstNote)
	}
	return nil
}

// filePredictor predicts the records of a file block by block.
type filePredictor struct {
	*predictor
	out          *csv.Writer
	records, bad int
	first        error  // of a record
	partial      int    // molecules that do not hold all of their drawings
	firstNote    string // of such a molecule
}

func (f *filePredictor) all(ctx context.Context, m *molecules, w io.Writer) error {
	f.out = csv.NewWriter(w)
	for {
		block, err := nextBlock(m.Reader)
		if err != nil && err != io.EOF {
			return err
		}
		if err := f.block(ctx, block); err != nil {
			return err
		}
		if err == nil {
			continue
		}
		switch f.records {
		case 0:
			return errors.Errorf("%s holds no molecules", m.name)
		case f.bad:
			return errors.Errorf("%s: none of the %d molecules can be read; the first: %v", m.name, f.bad, f.first)
		}
		return nil
	}
}

// nextBlock reads the records of a block. The error is io.EOF with the last one.
func nextBlock(r *molfiles.Reader) (block []*molfiles.Record, err error) {
	for atoms, text := 0, 0; len(block) < blockRecords && atoms < blockAtoms && text < blockText; {
		rec, err := r.Next()
		if err != nil {
			return block, err
		}
		atoms += len(rec.Mol.Atoms())
		text += len(rec.SMILES) + len(rec.Name)
		block = append(block, rec)
	}
	return block, nil
}

// block predicts and writes some records.
func (f *filePredictor) block(ctx context.Context, block []*molfiles.Record) error {
	var mols []*chem.Mol
	for _, rec := range block {
		if rec.Err == nil {
			mols = append(mols, rec.Mol)
		}
	}
	values := func(int) []float64 { return nil }
	if len(mols) > 0 {
		p, err := f.predict(ctx, mols)
		if err != nil {
			return err
		}
		values = p.Row
	}
	if f.records == 0 && len(block) > 0 {
		if err := f.out.Write(slices.Concat([]string{"smiles", "name"}, tox21.Tasks(), []string{"error"})); err != nil {
			return err
		}
	}
	next := 0
	for _, rec := range block {
		f.count(rec)
		row := []string{text(rec), rec.Name}
		if rec.Err != nil {
			row = slices.Concat(row, make([]string, tox21.NumTasks), []string{rec.Err.Error()})
		} else {
			for _, v := range values(next) {
				row = append(row, fmt.Sprintf("%.6f", v))
			}
			row = append(row, "")
			next++
		}
		if err := f.out.Write(row); err != nil {
			return err
		}
	}
	f.out.Flush()
	return f.out.Error()
}

// count counts a record, and keeps what is said about the first one of its kind.
func (f *filePredictor) count(rec *molfiles.Record) {
	f.records++
	if rec.Err != nil {
		if f.bad++; f.bad == 1 {
			f.first = rec.Err
		}
	}
	if len(rec.Notes) > 0 {
		if f.partial++; f.partial == 1 {
			f.firstNote = rec.Notes[0]
		}
	}
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
