package train

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Fold is one way to divide the rows of a data set; see batch.Fold.
type Fold = batch.Fold

// EnsembleConfig describes the training of an ensemble.
type EnsembleConfig struct {
	// Members is the number of networks. With Folds it may be 0, for one network each.
	Members int
	// Folds are the rows of each member. Nil means that all members are trained on all rows, and differ by their seeds.
	Folds []Fold
	// Network returns the network of member k, counted from 0, with weights of its own.
	Network func(k int) (*graphs.Network, error)
	// Config returns the configuration of member k, with callbacks of its own. With folds, the held-out rows are its validation data
	// unless it sets Validation.
	Config func(k int) (Config, error)
	// Done is called after each member. held is the member's result on its held-out rows, nil without folds. An error ends the
	// training. Nil means that nothing is called.
	Done func(k int, net *graphs.Network, h *History, held *Result) error
}

// FittedEnsemble is a trained ensemble and its history.
type FittedEnsemble struct {
	Ensemble
	Histories []*History
	// OutOfFold holds the predictions for all held-out rows, fold after fold, each by the network that was not trained on the row.
	// HeldRows are their indices. If members use early stopping on their held-out rows, these predictions are slightly
	// optimistic. OutOfFold is nil without folds.
	OutOfFold *Result
	HeldRows  []int
}

// FitEnsemble trains networks one after the other: on all rows, from different seeds, or each on the rows of a fold,
// so that every row is also predicted by a network that was not trained on it. A member whose configuration has a Checkpoint with
// Resume continues where it was. An error names the member.
func FitEnsemble(ctx context.Context, d Data, c EnsembleConfig) (*FittedEnsemble, error) {
	if c.Folds != nil && c.Members == 0 {
		c.Members = len(c.Folds)
	}
	switch {
	case c.Members < 1 || c.Members > maxMembers:
		return nil, errors.Errorf("train: an ensemble of %d members, want 1 to %d", c.Members, maxMembers)
	case c.Network == nil || c.Config == nil:
		return nil, errors.New("train: ensemble: set EnsembleConfig.Network and EnsembleConfig.Config")
	case c.Folds != nil && len(c.Folds) != c.Members:
		return nil, errors.Errorf("train: ensemble: %d folds for %d members", len(c.Folds), c.Members)
	case d == nil:
		return nil, errors.New("train: ensemble: there is no data")
	}
	f := &FittedEnsemble{}
	for k := range c.Members {
		if err := f.member(ctx, d, c, k); err != nil {
			return nil, errors.Wrapf(err, "member %d of %d", k+1, c.Members)
		}
	}
	return f, nil
}

// maxMembers is beyond any ensemble.
const maxMembers = 1 << 20

// member trains member k and adds it. A panic of a function of the configuration is an error.
func (f *FittedEnsemble) member(ctx context.Context, d Data, c EnsembleConfig, k int) (err error) {
	defer data.Recover("the configuration of the ensemble", &err)
	config, err := c.Config(k)
	if err != nil {
		return err
	}
	net, err := c.Network(k)
	if err != nil {
		return err
	}
	fit, held := d, Data(nil)
	if c.Folds != nil {
		if fit, held, err = divide(d, c.Folds[k]); err != nil {
			return err
		}
		if config.Validation == nil {
			config.Validation = held
		}
	}
	history, err := Fit(ctx, net, fit, config)
	if err != nil {
		return err
	}
	f.Ensemble, f.Histories = append(f.Ensemble, net), append(f.Histories, history)
	var result *Result
	if held != nil {
		if result, err = f.outOfFold(ctx, net, held, c.Folds[k].Held); err != nil {
			return err
		}
	}
	if c.Done == nil {
		return nil
	}
	return c.Done(k, net, history, result)
}

// outOfFold judges a member on the rows that were held out, and adds the result.
func (f *FittedEnsemble) outOfFold(ctx context.Context, net *graphs.Network, held Data, rows []int) (*Result, error) {
	p, err := predict.New(net, kernel.Shared())
	if err != nil {
		return nil, err
	}
	defer p.Close()
	result, err := p.Evaluate(ctx, held)
	if err != nil {
		return nil, err
	}
	if f.OutOfFold == nil {
		f.OutOfFold = &Result{}
	}
	f.HeldRows = append(f.HeldRows, rows...)
	return result, f.OutOfFold.Append(result)
}

// divide returns the rows to fit on and those held out.
func divide(d Data, f Fold) (fit, held Data, err error) {
	if len(f.Fit) == 0 || len(f.Held) == 0 {
		return nil, nil, errors.Errorf("a fold of %d rows to fit on and %d held out", len(f.Fit), len(f.Held))
	}
	if fit, err = Subset(d, f.Fit); err != nil {
		return nil, nil, err
	}
	held, err = Subset(d, f.Held)
	return fit, held, err
}
