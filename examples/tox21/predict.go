package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

// predictMolecules writes the probabilities for the molecules of -predict: a table for one SMILES, CSV for a file.
func predictMolecules(ctx context.Context, o options, w io.Writer) error {
	if err := o.CheckPredict(); err != nil {
		return err
	}
	p, err := newPredictor(&o)
	if err != nil {
		return err
	}
	defer p.close()
	m, err := findMolecules(ctx, o.Predict, o.stderr)
	if err != nil {
		return err
	}
	defer m.Close()
	if m.one == nil {
		return predictFile(ctx, &o, p, m, w)
	}
	if !o.Shard.IsWhole() {
		return errors.New("-shard: want a file, not a molecule")
	}
	p.threads = o.threads()
	one, err := p.predict(ctx, []*chem.Mol{m.one})
	if err != nil {
		return err
	}
	return o.WritePredictions(w, func(w io.Writer) error { return writeTable(w, one, p.synthetic) })
}

// predictor predicts molecules with the members of -model.
type predictor struct {
	featurizer *tox21.Featurizer
	members    []*predict.Predictor // the networks
	groups     []*group             // the other members
	file       memberFile
	threads    int  // of one block; several are predicted side by side
	synthetic  bool // trained on made-up molecules
}

func newPredictor(o *options) (*predictor, error) {
	s, err := load(o.Model)
	if err != nil {
		return nil, err
	}
	p := &predictor{featurizer: s.featurizer, groups: s.groups, file: s.members, threads: 1, synthetic: s.networks[0].Metadata[syntheticKey] != ""}
	workers := kernel.Shared()
	if o.Threads > 0 {
		workers = kernel.NewWorkers(o.Threads)
	}
	for _, n := range s.networks {
		member, err := predict.New(n, workers)
		if err != nil {
			return nil, err
		}
		p.members = append(p.members, member)
	}
	return p, nil
}

func (p *predictor) close() {
	for _, m := range p.members {
		m.Close()
	}
}

// predict returns the probabilities for some molecules, at least one.
func (p *predictor) predict(ctx context.Context, mols []*chem.Mol) (*train.Predictions, error) {
	features, err := p.featurizer.Transform(ctx, mols, p.threads)
	if err != nil {
		return nil, err
	}
	labels := make([]float32, len(mols)*tox21.NumTasks)
	for i := range labels {
		labels[i] = float32(math.NaN())
	}
	set := &datasets.Set{Name: "molecules", Features: features, FeatureNames: p.featurizer.Names(), Tasks: tox21.Tasks(), Labels: labels,
		Sparse: p.featurizer.Sparse()}
	all := make([]*train.Predictions, len(p.members))
	for i, m := range p.members {
		if all[i], err = m.Predict(ctx, set); err != nil {
			return nil, err
		}
	}
	networks, err := metric.MeanPredictions(all...)
	if err != nil || len(p.groups) == 0 {
		return networks, err
	}
	x := inputs{features: features, mols: mols}
	for i := range mols {
		x.rows = append(x.rows, i)
	}
	kinds := [][]float64{networks.Values}
	for _, g := range p.groups {
		values, err := g.scores(ctx, x, p.threads)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, values)
	}
	networks.Values, err = combine(p.file.Combine, p.file.Weight, kinds)
	return networks, err
}

// syntheticNote is about the predictions of networks that were trained on made-up molecules.
const syntheticNote = "These networks were trained on SYNTHETIC data: the probabilities say nothing about real compounds."

func writeTable(out io.Writer, p *train.Predictions, synthetic bool) error {
	if synthetic {
		fmt.Fprintln(out, syntheticNote)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "task\tprobability\t\n")
	for task, name := range tox21.Tasks() {
		fmt.Fprintf(w, "%s\t%.4f\t\n", name, p.Row(0)[task])
	}
	return w.Flush()
}
