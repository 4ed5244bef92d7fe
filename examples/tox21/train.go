package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/predict"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// trainNetworks trains the networks, prints the results, and writes the files that the flags name.
func trainNetworks(ctx context.Context, o options, w io.Writer) error {
	s := training.Setup{Title: "Tox21", Format: molecular.Format}
	for _, dir := range []string{o.Data, filepath.Join(os.Getenv(datasets.DataVar), "tox21")} {
		for _, name := range []string{"tox21_compoundData.csv", "tox21.sdf.gz", "tox21.smiles.csv.gz", "deepchem_tox21.csv.gz", "tox21.csv.gz"} {
			s.Inputs = append(s.Inputs, filepath.Join(dir, name))
		}
	}
	return training.Train(ctx, &o.Flags, s, &experiment{options: &o, out: w}, w)
}

// experiment implements training.Experiment for the compounds.
type experiment struct {
	*options
	*problem
	judge   *datasets.Set   // the judged rows
	results []*train.Result // on them, by network
	out     io.Writer
}

// Prepare implements training.Experiment.
func (e *experiment) Prepare(ctx context.Context) (*training.Problem, error) {
	var err error
	if e.problem, err = prepare(ctx, *e.options); err != nil {
		return nil, err
	}
	if e.judge, err = e.set.Subset(e.judged); err != nil {
		return nil, err
	}
	options, err := e.onnx()
	if err != nil {
		return nil, err
	}
	return &training.Problem{
		Set: e.set, Loss: graphs.BCE, Fit: e.fit, Folds: e.folds, Curves: e.curves(), Notes: e.describe(e.Curves()), Encoder: e.featurizer, ONNX: options, Calibration: e.pooling,
		Source: e.source(), Metadata: metadataOf(e.problem.split, e.data.Synthetic),
	}, nil
}

// onnx returns the options for the file -onnx. The inputs of the model are counts and values as they are computed from a molecule;
// their scaling is part of the model.
func (p *problem) onnx() (o onnx.Options, err error) {
	o.Scale, err = p.featurizer.Steps()
	return o, err
}

// Configure implements training.Experiment: it sets the rate of the first hidden layer and, if a flag asks for curves, validates the networks
// on the judged rows.
func (e *experiment) Configure(_ int, c *train.Config) error {
	c.Metric = metric.MeanROCAUC
	if e.inputRate != 1 && e.Hidden.Layers > 0 {
		c.Groups = []optim.Group{{Match: []string{"hidden1.*"}, RateFactor: e.inputRate}}
	}
	if e.folds != nil || !e.Curves() {
		return nil
	}
	c.Validation = e.judge
	rates, err := e.data.BaseRates(e.fit)
	c.Metric.Func = func(r *train.Result) (float64, error) { // as evaluate, so that the curve ends at the result
		patched := *r
		patched.Values = slices.Clone(r.Values)
		e.predictUnreadable(&patched, rates)
		return metric.MeanROCAUC.Func(&patched)
	}
	return err
}

// Trained implements training.Experiment: it judges the network.
func (e *experiment) Trained(ctx context.Context, net *graphs.Network, _ *train.History, held *train.Result) (string, reports.Result, error) {
	r, err := e.evaluate(ctx, net)
	if err != nil {
		return "", reports.Result{}, err
	}
	e.results = append(e.results, r)
	text := ""
	if e.Members.N > 1 {
		text = fmt.Sprintf("mean ROC-AUC %.4f", meanAUC(r))
		if held != nil {
			text += fmt.Sprintf(", %.4f on the rows held out", meanAUC(held))
		}
	}
	return text, reports.Result{Name: e.on() + " rows", Names: tox21.Tasks(), Result: r}, nil
}

// Judge implements training.Experiment.
func (e *experiment) Judge(ctx context.Context, fitted *train.FittedEnsemble, s *training.Summary) (training.Report, error) {
	groups, judged, err := e.fitMembers(ctx, fitted, e.out)
	if err != nil {
		return nil, err
	}
	r, err := newReport(s, e.problem, e.results, fitted.OutOfFold)
	if err != nil {
		return nil, err
	}
	if len(groups) > 0 {
		r.beside = &molecular.Members{Rule: e.combine, Weight: molecular.NetworksWeight, Groups: groups}
	}
	return r, r.addMembers(e.combine, judged)
}

// evaluate judges a network. Compounds whose molecule cannot be read are predicted by the base rates.
func (e *experiment) evaluate(ctx context.Context, net *graphs.Network) (*train.Result, error) {
	predictor, err := predict.New(net, nil)
	if err != nil {
		return nil, err
	}
	defer predictor.Close()
	result, err := predictor.Evaluate(ctx, e.judge)
	if err != nil {
		return nil, err
	}
	rates, err := e.data.BaseRates(e.fit)
	if err != nil {
		return nil, err
	}
	e.predictUnreadable(result, rates)
	return result, nil
}

// predictUnreadable gives the judged compounds whose molecule cannot be read the base rates.
func (e *experiment) predictUnreadable(result *train.Result, rates [tox21.NumTasks]float64) {
	for i, row := range e.judged {
		if e.data.Compounds[row].Mol == nil {
			copy(result.Row(i), rates[:])
		}
	}
}
