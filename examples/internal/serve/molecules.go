package serve

import (
	"context"
	"runtime"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/train"
)

// longestSMILES is the largest length of a SMILES in bytes, and mostAtoms that of all molecules of a request together.
const longestSMILES, mostAtoms = 10_000, 1_000_000

// smilesColumn is the input of a model of molecules.
const smilesColumn = "smiles"

// molecules is the task of a model of examples/tox21.
type molecules struct {
	featurizer *tox21.Featurizer
	names      []string
	sparse     bool
	members    *molecular.Members // beside the networks
	known      *molecular.Known   // training compounds, if the members keep them
	// scoring has a place for those members, which work on all threads: one batch or explanation at a time.
	scoring chan struct{}
}

func loadMolecules(path string) (train.Ensemble, task, error) {
	f, err := molecular.Load(path)
	if err != nil {
		return nil, nil, err
	}
	return f.Networks, &molecules{
		featurizer: f.Featurizer, names: f.Featurizer.Names(), sparse: f.Featurizer.Sparse(), members: f.Members, known: f.Members.Known(), scoring: make(chan struct{}, 1),
	}, nil
}

func (m *molecules) kind() string      { return molecular.Format.Program }
func (m *molecules) columns() []column { return []column{{smilesColumn, "BYTES"}} }

// read computes the features of molecules, on this thread alone: requests run side by side.
func (m *molecules) read(ctx context.Context, r *rows) (*features, error) {
	mols := make([]*chem.Mol, r.n)
	atoms := 0
	for i, text := range r.cells {
		var err error
		if mols[i], err = parseMolecule(text); err != nil {
			return nil, badCell(i, smilesColumn, "%s: %v", quote(text), err)
		}
		if atoms += len(mols[i].Atoms()); atoms > mostAtoms {
			return nil, &requestError{status: 413, text: "the molecules have more than 1000000 atoms together", row: i, field: smilesColumn}
		}
	}
	all, err := m.featurizer.Transform(ctx, mols, 1)
	if err != nil {
		return nil, err
	}
	f := &features{rows: r.n, all: all}
	if f.substructures, err = m.members.Substructures(ctx, mols); err != nil {
		return nil, err
	}
	if m.sparse {
		f.set = molecular.Set(m.featurizer, m.names, all)
	}
	return f, nil
}

func (m *molecules) shares(networks int) []members.Share { return m.members.Shares(networks) }

func (m *molecules) rule() string { return m.members.Rule }

func (m *molecules) byKind(ctx context.Context, networks []float64, f *features) ([][]float64, error) {
	if m.members == nil {
		return [][]float64{networks}, nil
	}
	x := molecular.Inputs{Rows: make([]int, f.rows), Substructures: f.substructures}
	for i := range x.Rows {
		x.Rows[i] = i
	}
	if x.Features = f.all; f.set == nil {
		var err error
		if x.Features, err = datasets.NewDense(f.rows, len(f.matrix)/f.rows, f.matrix); err != nil {
			return nil, err
		}
	}
	select {
	case m.scoring <- struct{}{}:
		defer func() { <-m.scoring }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return m.members.Scores(ctx, networks, x, runtime.GOMAXPROCS(0))
}

func (m *molecules) pool(all [][]float64) ([]float64, error) { return m.members.Combine(all) }

// parseMolecule reads a SMILES, which a name may follow.
func parseMolecule(text string) (*chem.Mol, error) {
	if len(text) > longestSMILES {
		return nil, errors.Errorf("a SMILES of %d bytes, want at most %d", len(text), longestSMILES)
	}
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		text = text[:i]
	}
	m, err := smiles.Parse(text)
	if err == nil && len(m.Atoms()) == 0 {
		err = errors.New("a molecule without atoms")
	}
	return m, err
}

// endpoints are the assays in the spelling of the Tox21 leaderboard, which has dashes.
func endpoints() []string {
	names := tox21.Tasks()
	for i, s := range names {
		names[i] = strings.ReplaceAll(s, ".", "-")
	}
	return names
}

func (m *molecules) outputs() []output {
	return []output{{name: "probabilities", datatype: "FP64", width: tox21.NumTasks, names: endpoints(), of: func(values []float64) (all []any) {
		for _, v := range values {
			all = append(all, v)
		}
		return all
	}}}
}

// answer returns the probability of each assay.
func (m *molecules) answer(values []float64) map[string]any {
	a := map[string]any{}
	for k, name := range endpoints() {
		a[name] = values[k]
	}
	return a
}
