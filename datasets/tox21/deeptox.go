package tox21

import (
	"context"
	"io"
	"path/filepath"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem/sdf"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

const (
	compoundsName = "tox21_compoundData.csv"
	sdfName       = "tox21.sdf.gz"
)

// maxAtoms limits the atoms of all drawings, as maxText does those of SMILES.
const maxAtoms = 1 << 22

// ReadDeepTox reads the files of the DeepTox authors from a folder: the table tox21_compoundData.csv, the drawings tox21.sdf.gz and, if
// present, the label files, which must agree with the table.
//
// Drawings are matched to rows by their order. Their titles are compared with the column sdftitle and not with the ID, from which they
// differ outside the training part. An unreadable drawing is not an error; see Compound.Problem. For a missing or truncated file, titles or
// numbers that do not agree, and labels other than 0, 1 and NA, the error names file and line.
func ReadDeepTox(ctx context.Context, dir string, threads int) (*Data, error) {
	path := filepath.Join(dir, compoundsName)
	read, fields, err := readTable(path,
		columns{id: "ID", inchikey: "inchikey", part: "set", fold: "CVfold"}, "order", "sdftitle")
	if err != nil {
		return nil, err
	}
	list, titles := make([]Compound, len(read)), make([]string, len(read))
	for i, c := range read {
		at, err := strconv.Atoi(fields[i][0])
		if err != nil || at < 0 || at >= len(list) || list[at].ID != "" {
			return nil, errors.Errorf("tox21: %s:%d: order %s is not a unique position among %d compounds", path, c.Line, formats.Quote(fields[i][0]), len(list))
		}
		list[at], titles[at] = c, fields[i][1]
	}
	if err := readDrawings(ctx, filepath.Join(dir, sdfName), list, titles, maxAtoms); err != nil {
		return nil, err
	}
	if err := checkLabels(dir, list); err != nil {
		return nil, err
	}
	d := &Data{Compounds: list}
	if err := d.complete(ctx, threads); err != nil {
		return nil, err
	}
	d.Notes = d.describe(realCompounds + ", official split, files of the DeepTox authors in " + dir)
	return d, nil
}

// readDrawings reads the molecules from an SD file whose records come in the order of the list; limit is the
// number of atoms of all together.
func readDrawings(ctx context.Context, path string, list []Compound, titles []string, limit int) error {
	f, err := formats.Open(path)
	if err != nil {
		return errors.Wrap(err, "tox21")
	}
	defer f.Close()
	text, err := formats.NewText(path, f)
	if err != nil {
		return errors.Wrap(err, "tox21")
	}
	r, atoms := sdf.NewReader(text), 0
	for i := range list {
		if ctx != nil && ctx.Err() != nil {
			return errors.Wrap(ctx.Err(), "tox21")
		}
		rec, err := r.Next()
		if err == io.EOF {
			return errors.Errorf("tox21: %s: %d drawings for %d compounds", path, i, len(list))
		}
		if err != nil {
			return errors.Wrapf(err, "tox21: %s", path)
		}
		c := &list[i]
		if rec.Title != titles[i] {
			return errors.Errorf("tox21: %s:%d: drawing of %s, but %s:%d has %s there", path, rec.Line, formats.Quote(rec.Title), c.File, c.Line, formats.Quote(titles[i]))
		}
		c.Notes = rec.Notes
		switch c.Mol = rec.Mol; {
		case rec.Err != nil:
			c.Mol, c.Problem = nil, rec.Err.Error()
		case rec.Mol == nil || len(rec.Mol.Atoms()) == 0:
			c.Mol, c.Problem = nil, "no atoms"
		}
		if atoms += len(c.Mol.Atoms()); atoms > limit {
			return errors.Errorf("tox21: %s:%d: the drawings have more than the limit of %d atoms together", path, rec.Line, limit)
		}
	}
	if _, err := r.Next(); err != io.EOF {
		if err != nil {
			return errors.Wrapf(err, "tox21: %s", path)
		}
		return errors.Errorf("tox21: %s: more drawings than the %d compounds", path, len(list))
	}
	return nil
}
