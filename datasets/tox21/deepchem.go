package tox21

import (
	"context"
	"fmt"
)

// The possible names of the file of the DeepChem project. Downloads use the first one.
var deepChemNames = []string{"deepchem_tox21.csv.gz", "tox21.csv.gz", "deepchem_tox21.csv"}

// ReadDeepChem reads the table of the DeepChem project: the challenge's training compounds as SMILES, without an official split. All are in
// the training part, and no fold is known. Several rows can have the same SMILES; [Data.RandomSplit] keeps them together. threads is as in
// datasets.Options.
//
// If the file cannot be read, has another shape or an unknown label, the error names file and line. An unreadable SMILES is not an error;
// see Compound.Problem.
func ReadDeepChem(ctx context.Context, path string, threads int) (*Data, error) {
	list, _, err := readTable(path, columns{id: "mol_id", smiles: "smiles", task: dashed})
	if err != nil {
		return nil, err
	}
	d := &Data{Compounds: list}
	if err := d.complete(ctx, threads); err != nil {
		return nil, err
	}
	d.Notes = fmt.Sprintf("%s, table of the DeepChem project, %s: %s compounds (%d of them unreadable and skipped), without an official split",
		realCompounds, path, thousands(len(list)), len(d.Skipped()))
	return d, nil
}
