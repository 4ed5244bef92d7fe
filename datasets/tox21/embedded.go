package tox21

import (
	"bytes"
	"context"
	_ "embed"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// embedded is the table of SMILES; data/README.md gives its origin and counts.
//
//go:embed data/tox21.smiles.csv.gz
var embedded []byte

// Embedded returns the compounds embedded in the program: all 12,707 of the challenge as SMILES, with the official split. It reads no file.
// threads is as in datasets.Options. It returns an error only if ctx is done.
func Embedded(ctx context.Context, threads int) (*Data, error) {
	f, err := formats.New(smilesName, bytes.NewReader(embedded))
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	return readSMILES(ctx, f, threads,
		realCompounds+" (assay data of the US government's Tox21 programme: NIH, EPA and FDA), official split, built into the program")
}
