package molecular

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/examples/internal/members"
)

// Members are the members of an ensemble beside its networks. Nil means that there are none. They are safe for concurrent use.
type Members struct {
	// Rule is one of Rules, and Weight that of the networks; each group has the weight 1.
	Rule   string
	Weight float64
	Groups []*Group
}

// Substructures counts what the members compare, which takes most of the time beside the features of the networks.
func (m *Members) Substructures(ctx context.Context, mols []*chem.Mol) (*Substructures, error) {
	if m == nil {
		return nil, nil
	}
	var wanted []substructure
	for _, g := range m.Groups {
		wanted = append(wanted, g.compares...) // no two kinds compare the same
	}
	return count(ctx, mols, wanted)
}

// Scores returns the probabilities by kind: those of the networks, which are given, then those of each group. The number of threads does not change them.
func (m *Members) Scores(ctx context.Context, networks []float64, x Inputs, threads int) ([][]float64, error) {
	all := [][]float64{networks}
	if m == nil {
		return all, nil
	}
	if len(networks) != len(x.Rows)*numTasks {
		return nil, errors.Errorf("%d predictions of the networks for %d molecules", len(networks), len(x.Rows))
	}
	for _, g := range m.Groups {
		values, err := g.scores(ctx, x, threads)
		if err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	return all, nil
}

// Combine returns the probabilities of all members from those by kind, which Scores has returned.
func (m *Members) Combine(all [][]float64) ([]float64, error) {
	if m == nil {
		return all[0], nil
	}
	return Combine(m.Rule, m.Weight, all)
}

// Shares describes all kinds, the networks first, of which there is a number. It is empty if there are no others.
func (m *Members) Shares(networks int) (shares []members.Share) {
	if m == nil {
		return nil
	}
	total := m.Weight + float64(len(m.Groups))
	shares = append(shares, members.Share{Name: Networks, Models: networks, Share: m.Weight / total})
	for _, g := range m.Groups {
		shares = append(shares, members.Share{Name: g.Name, Settings: g.Settings, Models: g.Models(), Share: 1 / total})
	}
	return shares
}
