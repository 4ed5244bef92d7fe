package tox21

import (
	"context"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

func init() {
	datasets.MustRegister("tox21", open)
	datasets.MustRegister("tox21-descriptors", openMatrices)
}

// open makes the set "tox21": computed features, columns and scale from the training compounds.
func open(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
	d, err := Load(ctx, Options{Options: o})
	if err != nil {
		return nil, err
	}
	raw, err := Compute(ctx, d.Mols(), nil, o.Threads)
	if err != nil {
		return nil, err
	}
	f, err := raw.Fit(d.TrainRows())
	if err != nil {
		return nil, err
	}
	features, err := f.Features(raw)
	if err != nil {
		return nil, err
	}
	return d.Set(features, f.Names())
}

// openMatrices makes the set "tox21-descriptors": the official descriptors, chosen and scaled as in the paper.
// It has no stand-in.
func openMatrices(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
	has := func(dir string) error {
		for _, f := range matrixFiles {
			if _, ok := exists(dir, f.name); !ok && f.name != compoundsName {
				return errors.Errorf("no %s", f.name)
			}
		}
		return nil
	}
	dir, err := datasets.Locate("tox21", o, has)
	if errors.Is(err, datasets.ErrNoFiles) && o.Download {
		dir, err = download(ctx, Options{Options: o}, deepToxURL, matrixFiles)
	}
	if err != nil {
		return nil, err
	}
	set, err := ReadMatrices(dir, PaperShare)
	if err != nil {
		return nil, err
	}
	fit := append(set.Rows(datasets.Train), set.Rows(datasets.Validation)...)
	scaler, err := datasets.FitScaler(datasets.StandardizeTanh, 0, set.Features, fit)
	if err != nil {
		return nil, err
	}
	set.Features, err = scaler.Apply(set.Features)
	return set, err
}
