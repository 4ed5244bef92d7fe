package attribution

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/depict"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/explain"
)

// Molecules explains predictions of networks of examples/tox21. You may use it from several goroutines.
type Molecules struct {
	featurizer *tox21.Featurizer
	explainer  *explain.Explainer
	names      []string
}

// NewMolecules returns an explainer for the networks of a file and their featurizer. The baseline has no substructures, and the mean of the
// training molecules for all other features.
func NewMolecules(networks train.Ensemble, f *tox21.Featurizer, w *kernel.Workers) (*Molecules, error) {
	baseline, err := f.Baseline()
	if err != nil {
		return nil, err
	}
	e, err := explain.New(explain.Options{Baseline: [][]float64{baseline}, Workers: w}, networks...)
	if err != nil {
		return nil, err
	}
	return &Molecules{featurizer: f, explainer: e, names: f.Names()}, nil
}

// Close frees the graphs.
func (m *Molecules) Close() { m.explainer.Close() }

// Molecule is the explanation of a prediction.
type Molecule struct {
	*explain.Explanation
	*tox21.Attribution
	Task string
}

// Explain explains the log-odds of a task, from 0, for a molecule.
func (m *Molecules) Explain(ctx context.Context, mol *chem.Mol, task int) (*Molecule, error) {
	if task < 0 || task >= tox21.NumTasks {
		return nil, errors.Errorf("task %d of %d", task, tox21.NumTasks)
	}
	features, err := m.featurizer.Transform(ctx, []*chem.Mol{mol}, 1)
	if err != nil {
		return nil, err
	}
	labels := make([]float32, tox21.NumTasks)
	for i := range labels {
		labels[i] = float32(math.NaN())
	}
	set := &datasets.Set{Name: "molecule", Features: features, FeatureNames: m.names, Tasks: tox21.Tasks(), Labels: labels, Sparse: m.featurizer.Sparse()}
	e, err := m.explainer.Explain(ctx, set, 0, explain.Target{Column: task})
	if err != nil {
		return nil, err
	}
	a, err := m.featurizer.Attribute(mol, e.Inputs[0].Values)
	if err != nil {
		return nil, err
	}
	return &Molecule{e, a, tox21.Tasks()[task]}, nil
}

// Probability is that of log-odds.
func Probability(logOdds float64) float64 { return 1 / (1 + math.Exp(-logOdds)) }

// Sum returns the sum of all contributions.
func (m *Molecule) Sum() float64 { return m.Attribution.Sum() }

// Parts returns the sum over the atoms, and those of the other features by kind, in the order of the featurizer.
func (m *Molecule) Parts() (names []string, sums []float64) {
	atoms := 0.0
	for _, v := range m.Atoms {
		atoms += v
	}
	names, sums = []string{"atoms"}, []float64{atoms}
	for _, o := range m.Others {
		name := string(o.Kind)
		if o.Name == "" {
			name = "absent " + name
		}
		if last := len(names) - 1; names[last] == name {
			sums[last] += o.Contribution
			continue
		}
		names, sums = append(names, name), append(sums, o.Contribution)
	}
	return names, sums
}

// Draw returns an SVG with the contributions of the atoms as colours.
func (m *Molecule) Draw() ([]byte, error) {
	return depict.SVG(m.Mol, depict.Options{Weights: m.Atoms, Title: fmt.Sprintf("%s: atoms that argue for (orange) and against (blue)", m.Task)})
}

// WriteTable writes the contributions as CSV: a line for the baseline, one for each atom, one for each other feature, one for the residual,
// and the log-odds, which are the sum of the lines before.
func (m *Molecule) WriteTable(w io.Writer) error {
	out := csv.NewWriter(w)
	line := func(part, name string, v float64) {
		_ = out.Write([]string{part, name, strconv.FormatFloat(v, 'g', 8, 64)}) // Error returns it
	}
	_ = out.Write([]string{"part", "name", "contribution"})
	line("baseline", "", m.Baseline)
	for i, v := range m.Atoms {
		a := m.Mol.Atoms()[i]
		line("atom", fmt.Sprintf("%s %d", chem.Symbol(a.Number), i+1), v)
	}
	for _, o := range m.Others {
		if o.Name == "" {
			line("absent", string(o.Kind), o.Contribution)
			continue
		}
		line(string(o.Kind), o.Name, o.Contribution)
	}
	line("residual", "", -m.Residual)
	line("log-odds", m.Task, m.Value)
	out.Flush()
	return out.Error()
}
