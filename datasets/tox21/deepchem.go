package tox21

import "context"

// The names under which the file of the DeepChem project is looked for. The first one is taken for downloads.
var deepChemNames = []string{"deepchem_tox21.csv.gz", "tox21.csv.gz", "deepchem_tox21.csv"}

// ReadDeepChem reads the table of the DeepChem project: the challenge's training compounds as SMILES, without an
// official split: all are in the training part, and no fold is known. Several rows can have the same SMILES;
// split by Groups to keep them together. threads as in datasets.Options.
//
// A file that cannot be read, has another shape or an unknown label is an error that names file and line; a SMILES that
// cannot be read is not (Compound.Problem).
func ReadDeepChem(ctx context.Context, path string, threads int) (*Data, error) {
	list, _, err := readTable(path, columns{id: "mol_id", smiles: "smiles", task: dashed})
	if err != nil {
		return nil, err
	}
	d := &Data{Compounds: list}
	if err := d.complete(ctx, threads); err != nil {
		return nil, err
	}
	d.Notes = d.describe(realCompounds + ", table of the DeepChem project, " + path)
	return d, nil
}
