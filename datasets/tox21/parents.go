package tox21

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

// complete parses the SMILES of compounds that have no molecule yet, and fills in the parents.
func (d *Data) complete(ctx context.Context, threads int) error {
	return parallel(ctx, len(d.Compounds), threads, func(i int) {
		c := &d.Compounds[i]
		if c.Mol == nil && c.Problem == "" {
			c.parse()
		}
		if c.Mol == nil {
			c.Parent = "?" + c.ID
			return
		}
		c.Parent = smiles.Canonical(standardize.Parent(c.Mol))
	})
}

// parse reads the SMILES.
func (c *Compound) parse() {
	if c.SMILES == "" {
		c.Problem = "the source has no SMILES"
		return
	}
	m, err := smiles.Parse(c.SMILES)
	switch {
	case err != nil:
		c.Problem = err.Error()
	case len(m.Atoms()) == 0:
		c.Problem = "no atoms"
	default:
		c.Mol = m
	}
}
