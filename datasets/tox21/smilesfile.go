package tox21

import (
	"context"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

const smilesName = "tox21.smiles.csv.gz"

// realCompounds starts the notes of all sources with a description of the compounds.
const realCompounds = "the real compounds of the Tox21 Data Challenge 2014"

// ReadSMILES reads a table of the official compounds as SMILES, with the columns id, smiles, official_set (training,
// validation or test), cvfold and one for each task. An empty SMILES stands for a molecule that cannot be read.
// Errors are as in [ReadDeepChem].
func ReadSMILES(ctx context.Context, path string, threads int) (*Data, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	defer f.Close()
	return readSMILES(ctx, f, threads, realCompounds+", official split, from "+path)
}

// readSMILES is ReadSMILES for an open file; origin starts the notes.
func readSMILES(ctx context.Context, f *formats.File, threads int, origin string) (*Data, error) {
	list, _, err := readTableFrom(f, columns{id: "id", smiles: "smiles", part: "official_set", fold: "cvfold"})
	if err != nil {
		return nil, err
	}
	d := &Data{Compounds: list}
	if err := d.complete(ctx, threads); err != nil {
		return nil, err
	}
	d.Notes = d.describe(origin)
	return d, nil
}
