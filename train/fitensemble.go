package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// Fold is one way to divide rows: fit on Fit, look at Held. A datasets.Fold converts to one.
type Fold struct{ Fit, Held []int }

// EnsembleConfig says how to train an ensemble.
type EnsembleConfig struct {
	// Members is the number of networks. With Folds it may be 0, for one network each.
	Members int
	// Folds are the rows of each member. Nil means that all members are trained on all rows, and differ by their seeds.
	Folds []Fold
	// Member returns the configuration of member k, counted from 0; its optimizer and callbacks serve no other. Its Seed is also
	// that of the weights. With folds, the rows held out are its validation data if it names no others.
	Member func(k int) (Config, error)
	// Dtype is that of the weights. The zero value means float32.
	Dtype tensor.Dtype
	// Done is called after each member, if it is not nil. held is what the member says of the rows that were held out, nil
	// without folds. An error ends the training.
	Done func(k int, m *graphs.Model, h *History, held *Result) error
}

// FittedEnsemble is a trained ensemble, and what happened.
type FittedEnsemble struct {
	Ensemble
	Histories []*History
	// OutOfFold are the predictions for all rows that were held out, each by the network that was not trained on it, fold after
	// fold, and HeldRows are their numbers. A member that stopped early by its held rows has seen them in that way.
	// OutOfFold is nil without folds.
	OutOfFold *Result
	HeldRows  []int
}

// FitEnsemble trains networks of the same kind one after the other: on all rows, from different seeds, or each on the rows of a fold,
// so that every row is also predicted by a network that was not trained on it. Members whose configuration has a Checkpoint
// and Resume continue where they were. An error names the member.
func FitEnsemble(ctx context.Context, model nn.Layer, data Data, c EnsembleConfig) (*FittedEnsemble, error) {
	if c.Folds != nil && c.Members == 0 {
		c.Members = len(c.Folds)
	}
	switch {
	case c.Members < 1:
		return nil, errors.Errorf("train: an ensemble of %d members", c.Members)
	case c.Member == nil:
		return nil, errors.New("train: ensemble: set EnsembleConfig.Member, which says how to train")
	case c.Folds != nil && len(c.Folds) != c.Members:
		return nil, errors.Errorf("train: ensemble: %d folds for %d members", len(c.Folds), c.Members)
	case data == nil:
		return nil, errors.New("train: ensemble: there is no data")
	}
	if c.Dtype == (tensor.Dtype{}) {
		c.Dtype = tensor.Float32
	}
	f := &FittedEnsemble{}
	for k := range c.Members {
		if err := f.member(ctx, model, data, c, k); err != nil {
			return nil, errors.Wrapf(err, "member %d of %d", k+1, c.Members)
		}
	}
	return f, nil
}

// member trains member k and adds it.
func (f *FittedEnsemble) member(ctx context.Context, model nn.Layer, data Data, c EnsembleConfig, k int) error {
	config, err := c.Member(k)
	if err != nil {
		return err
	}
	fit, held := data, Data(nil)
	if c.Folds != nil {
		if fit, held, err = divide(data, c.Folds[k]); err != nil {
			return err
		}
		if config.Validation == nil {
			config.Validation = held
		}
	}
	params, err := nn.NewParams(c.Dtype, config.Seed)
	if err != nil {
		return err
	}
	history, err := Fit(ctx, model, params, fit, config)
	if err != nil {
		return err
	}
	m := &graphs.Model{Layer: model, Loss: config.Loss, Params: params}
	m.Spec, _ = graphs.SpecOf(model)
	m.Spec.Inputs, m.Spec.Loss = data.Inputs(), config.Loss.Name
	f.Ensemble, f.Histories = append(f.Ensemble, m), append(f.Histories, history)
	var result *Result
	if held != nil {
		if result, err = NewPredictor(model, params, config.Loss, kernel.Shared()).Evaluate(ctx, held); err != nil {
			return err
		}
		f.OutOfFold = appendResult(f.OutOfFold, result)
		f.HeldRows = append(f.HeldRows, c.Folds[k].Held...)
	}
	if c.Done == nil {
		return nil
	}
	return c.Done(k, m, history, result)
}

// divide returns the rows to fit on and those held out.
func divide(data Data, f Fold) (fit, held Data, err error) {
	if len(f.Fit) == 0 || len(f.Held) == 0 {
		return nil, nil, errors.Errorf("a fold of %d rows to fit on and %d held out", len(f.Fit), len(f.Held))
	}
	if fit, err = Subset(data, f.Fit); err != nil {
		return nil, nil, err
	}
	held, err = Subset(data, f.Held)
	return fit, held, err
}

// appendResult returns the rows of both. The loss is the mean over all observed labels.
func appendResult(a, b *Result) *Result {
	if a == nil {
		c := *b
		return &c
	}
	m, n := a.observed(), b.observed()
	if m+n > 0 {
		a.Loss = (m*a.Loss + n*b.Loss) / (m + n)
	}
	a.Rows += b.Rows
	a.Values, a.Labels, a.Weights = append(a.Values, b.Values...), append(a.Labels, b.Labels...), append(a.Weights, b.Weights...)
	return a
}

// observed is the number of observed labels.
func (r *Result) observed() float64 {
	if r.Classes {
		return float64(r.Rows)
	}
	n := 0.0
	for _, w := range r.Weights {
		n += w
	}
	return n
}
