package tox21

import "context"

const smilesName = "tox21.smiles.csv.gz"

// ReadSMILES reads a table of the official compounds as SMILES, with the columns id, smiles, official_set (training,
// validation or test), cvfold and one for each task. An empty SMILES stands for a molecule that cannot be read.
// Errors are as in [ReadDeepChem].
func ReadSMILES(ctx context.Context, path string, threads int) (*Data, error) {
	list, _, err := readTable(path, columns{id: "id", smiles: "smiles", part: "official_set", fold: "cvfold"})
	if err != nil {
		return nil, err
	}
	d := &Data{Compounds: list}
	if err := d.complete(ctx, threads); err != nil {
		return nil, err
	}
	d.Notes = d.describe("Tox21 challenge 2014, official split, " + path)
	return d, nil
}
