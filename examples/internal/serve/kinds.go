package serve

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/examples/internal/members"
)

// kindOf is a kind of members in an explanation: its share, and its own probability of what is explained.
type kindOf struct {
	members.Share
	Probability float64 `json:"probability"`
}

// addKinds tells an explanation, which is that of the networks alone, of the other kinds of members that take part in the prediction. all holds the
// predictions of each kind for one row, and column is what is explained.
func (m *Model) addKinds(reply map[string]any, all [][]float64, column int) {
	shares := m.shares(len(m.networks))
	if len(shares) == 0 {
		return
	}
	kinds := make([]kindOf, len(shares))
	for k, s := range shares {
		kinds[k] = kindOf{s, all[k][column]}
	}
	reply["explained"], reply["members"], reply["combine"] = shares[0].Name, kinds, m.rule()
}

// rates returns the shares of actives among the training compounds: of the reference, which may be nil, else of those that the members keep, or nil.
func (m *molecules) rates(r *reference) []float64 {
	switch {
	case r != nil:
		return r.rates[:]
	case m.known != nil:
		return m.known.Rates[:]
	}
	return nil
}

// nearest describes the training compound that is the nearest to a molecule: of the reference, which may be nil, else of those that the members keep, whose
// structures are unknown. It returns nil without training compounds.
func (m *molecules) nearest(ctx context.Context, r *reference, mol *chem.Mol, f *features) (map[string]any, error) {
	if r != nil {
		return r.neighbour(mol), nil
	}
	if m.known == nil {
		return nil, nil
	}
	similarity, labels, err := m.known.Nearest(ctx, f.substructures)
	if err != nil {
		return nil, err
	}
	reply := map[string]any{"similarity": similarity, "training": m.known.Compounds}
	if labels != nil {
		reply["active"], reply["inactive"] = activities(labels)
	}
	return reply, nil
}
