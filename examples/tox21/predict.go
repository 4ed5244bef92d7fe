package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
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
	names      []string             // of the features
	networks   []*predict.Predictor // the members that are networks
	beside     *molecular.Members   // the others
	threads    int                  // of one block; several are predicted side by side
	synthetic  bool                 // trained on made-up molecules
}

func newPredictor(o *options) (*predictor, error) {
	f, err := molecular.Load(o.Model)
	if err != nil {
		return nil, err
	}
	p := &predictor{featurizer: f.Featurizer, names: f.Featurizer.Names(), beside: f.Members, threads: 1, synthetic: f.Networks[0].Metadata[molecular.Synthetic] != ""}
	workers := kernel.Shared()
	if o.Threads > 0 {
		workers = kernel.NewWorkers(o.Threads)
	}
	for _, n := range f.Networks {
		one, err := predict.New(n, workers, predict.Snapshot)
		if err != nil {
			return nil, err
		}
		p.networks = append(p.networks, one)
	}
	return p, nil
}

func (p *predictor) close() {
	for _, n := range p.networks {
		n.Close()
	}
}

// predict returns the probabilities for some molecules, at least one.
func (p *predictor) predict(ctx context.Context, mols []*chem.Mol) (*train.Predictions, error) {
	features, err := p.featurizer.Transform(ctx, mols, p.threads)
	if err != nil {
		return nil, err
	}
	set := molecular.Set(p.featurizer, p.names, features)
	all := make([]*train.Predictions, len(p.networks))
	for i, n := range p.networks {
		if all[i], err = n.Predict(ctx, set); err != nil {
			return nil, err
		}
	}
	mean, err := metric.MeanPredictions(all...)
	if err != nil || p.beside == nil {
		return mean, err
	}
	x := molecular.Inputs{Features: features, Rows: make([]int, len(mols))}
	for i := range mols {
		x.Rows[i] = i
	}
	if x.Substructures, err = p.beside.Substructures(ctx, mols); err != nil {
		return nil, err
	}
	kinds, err := p.beside.Scores(ctx, mean.Values, x, p.threads)
	if err != nil {
		return nil, err
	}
	mean.Values, err = p.beside.Combine(kinds)
	return mean, err
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
