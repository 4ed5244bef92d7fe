package serve

import (
	"sync"

	"github.com/selfnorm/selfnorm/examples/internal/attribution"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// explainers are made when they are asked for.
type explainers struct {
	mu          sync.Mutex
	ofMolecules *attribution.Molecules
	ofTable     *attribution.Table
}

// molecules returns the explainer of a model of molecules. It is made for the first explanation.
func (x *explainers) molecules(m *Model, t *molecules) (*attribution.Molecules, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var err error
	if x.ofMolecules == nil {
		x.ofMolecules, err = attribution.NewMolecules(m.networks, t.featurizer, kernel.Shared())
	}
	return x.ofMolecules, err
}

// table returns the explainer of a model of a table.
func (x *explainers) table(m *Model, t *table) (*attribution.Table, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var err error
	if x.ofTable == nil {
		x.ofTable, err = attribution.NewTable(m.networks, t.encoder, kernel.Shared())
	}
	return x.ofTable, err
}

// close frees the explainers.
func (x *explainers) close() {
	if x.ofMolecules != nil {
		x.ofMolecules.Close()
	}
	if x.ofTable != nil {
		x.ofTable.Close()
	}
}
