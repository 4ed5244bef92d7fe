package explain

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
)

// Options say how to explain. The zero value is the usual choice.
type Options struct {
	// Baseline holds the row to compare with: for each input of the networks, its columns. Nil, and nil for an input, means zeros, the mean
	// of the training rows if they were standardized. Categories have no baseline; see Contributions.
	Baseline [][]float64
	// Tolerance bounds the difference between the sum of the contributions and that of the outputs, relative to the latter or to 1,
	// whichever is larger. 0 means 0.001.
	Tolerance float64
	// MaxPoints is the largest number of points on the line. 0 means 20,000.
	MaxPoints int
	// Workers is the pool of threads. Nil means the caller's thread alone; see kernel.Shared.
	Workers *kernel.Workers
}

// Target selects the output to explain.
type Target struct {
	// Output is the name of an output of the networks. Empty means the first one.
	Output string
	// Column is the task, class or target, from 0.
	Column int
}

// Explanation is an answer for one row.
type Explanation struct {
	// Inputs holds the contributions to each input of the networks, in order.
	Inputs []Contributions
	// Value belongs to the row, and Baseline to the baseline. For a binary task it is the log-odds of its
	// probability, for a class the log-odds against all others together, for a regression the prediction, and with a link of your
	// own the output before the link; always after calibration. For several networks it is that of their mean prediction.
	Value, Baseline float64
	// Residual is the sum of all contributions less Value - Baseline.
	Residual float64
	// Points is the number of points on the line that were computed.
	Points int
}

// Contributions are those of the columns of one input. A category has none, since it has no gradient: the baseline has the category of the row.
type Contributions struct {
	Input string
	// Row and Values are the elements of the row and their contributions.
	Row, Values []float64
}

// Sum returns the sum of all contributions.
func (e *Explanation) Sum() (sum float64) {
	if e == nil {
		return 0
	}
	for _, in := range e.Inputs {
		for _, v := range in.Values {
			sum += v
		}
	}
	return sum
}

// Explainer explains predictions of a network, or the mean predictions of several. You may use it from several goroutines; calls wait for each other.
// Do not train its networks during a call.
type Explainer struct {
	options Options
	nets    []*graphs.Network
	members []*member
	turn    chan struct{}
}

// New returns an explainer of one network or of several with the same inputs and outputs, such as those of a train.Ensemble. It returns an
// error for options out of range, for a baseline that does not fit, and for networks that differ.
func New(o Options, networks ...*graphs.Network) (*Explainer, error) {
	e, err := newExplainer(o, networks)
	return e, errors.Wrap(err, "explain")
}

func newExplainer(o Options, networks []*graphs.Network) (*Explainer, error) {
	o.Tolerance, o.MaxPoints = cmp.Or(o.Tolerance, 1e-3), cmp.Or(o.MaxPoints, 20_000)
	switch {
	case len(networks) == 0:
		return nil, errors.New("there is no network")
	case !(o.Tolerance > 0) || math.IsInf(o.Tolerance, 0):
		return nil, errors.Errorf("tolerance %v, want a positive number", o.Tolerance)
	case o.MaxPoints < rows:
		return nil, errors.Errorf("at most %d points, want at least %d", o.MaxPoints, rows)
	}
	for i, n := range networks {
		if err := n.Check(); err != nil {
			return nil, err
		}
		if err := same(networks[0], n); err != nil {
			return nil, errors.Wrapf(err, "network %d", i)
		}
	}
	baseline, err := baselineOf(o.Baseline, networks[0].Inputs)
	if err != nil {
		return nil, err
	}
	o.Baseline = baseline
	return &Explainer{options: o, nets: slices.Clone(networks), turn: make(chan struct{}, 1)}, nil
}

// same returns an error unless two networks have the same inputs and outputs.
func same(a, b *graphs.Network) error {
	input := func(x, y batch.Input) bool {
		return cmp.Or(x.Name, batch.X) == cmp.Or(y.Name, batch.X) && x.Kind == y.Kind && x.Width == y.Width && slices.Equal(x.Shape, y.Shape)
	}
	output := func(x, y graphs.Output) bool {
		return cmp.Or(x.Name, batch.Y) == cmp.Or(y.Name, batch.Y) && x.Width == y.Width && x.Loss.Link == y.Loss.Link
	}
	if !slices.EqualFunc(a.Inputs, b.Inputs, input) || !slices.EqualFunc(a.Outputs, b.Outputs, output) {
		return errors.New("its inputs or outputs differ from those of the first network")
	}
	return nil
}

// baselineOf returns a copy of the baseline with zeros where there is none.
func baselineOf(given [][]float64, inputs []batch.Input) (all [][]float64, err error) {
	if given != nil && len(given) != len(inputs) {
		return nil, errors.Errorf("a baseline of %d inputs, want %d", len(given), len(inputs))
	}
	for i, in := range inputs {
		var b []float64
		if given != nil {
			b = slices.Clone(given[i])
		}
		switch {
		case in.Kind == batch.Category && b == nil:
		case in.Kind == batch.Category:
			return nil, errors.Errorf("a baseline of the input %q, which is a category", cmp.Or(in.Name, batch.X))
		case b == nil:
			b = make([]float64, in.Width)
		case len(b) != in.Width:
			return nil, errors.Errorf("a baseline of %d columns for the %d of the input %q", len(b), in.Width, cmp.Or(in.Name, batch.X))
		}
		for _, v := range b {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, errors.Errorf("the baseline of the input %q has the element %v", cmp.Or(in.Name, batch.X), v)
			}
		}
		all = append(all, b)
	}
	return all, nil
}

// Explain explains a prediction for a row of the data, which need no labels. It adds points to the line until the sum of the contributions
// is right, and returns an error if it is not with the largest number of points, or if an output is not finite.
func (e *Explainer) Explain(ctx context.Context, d data.Data, row int, t Target) (*Explanation, error) {
	x, err := e.explain(ctx, d, row, t)
	return x, errors.Wrap(err, "explain")
}

func (e *Explainer) explain(ctx context.Context, d data.Data, row int, t Target) (*Explanation, error) {
	if e == nil || len(e.nets) == 0 {
		return nil, errors.New("there is no explainer; use explain.New")
	}
	if ctx == nil {
		return nil, errors.New("there is no context")
	}
	if err := data.Check(d, e.nets[0].Inputs); err != nil {
		return nil, err
	}
	if row < 0 || row >= d.Len() {
		return nil, errors.Errorf("row %d of %d", row, d.Len())
	}
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	x, err := gather(d, row, e.nets[0])
	if err != nil {
		return nil, err
	}
	all := &Explanation{}
	for i, in := range e.nets[0].Inputs {
		all.Inputs = append(all.Inputs, Contributions{Input: cmp.Or(in.Name, batch.X), Row: x[i]})
	}
	l := &line{options: &e.options, x: x}
	if l.members, err = e.open(); err != nil {
		return nil, err
	}
	for k, net := range e.nets {
		target, err := targetOf(net, t)
		if err != nil {
			return nil, err
		}
		l.members[k].target = target
	}
	if err := l.integrate(ctx); err != nil {
		return nil, err
	}
	for i := range all.Inputs {
		all.Inputs[i].Values = l.sums[i]
	}
	all.Value, all.Baseline, all.Points = l.last, l.first, l.points
	all.Residual = all.Sum() - (all.Value - all.Baseline)
	return all, nil
}

// open returns the graphs of the networks.
func (e *Explainer) open() ([]*member, error) {
	for k := len(e.members); k < len(e.nets); k++ {
		m, err := newMember(e.nets[k], e.options.Workers)
		if err != nil {
			return nil, errors.WithMessagef(err, "network %d", k)
		}
		e.members = append(e.members, m)
	}
	return e.members, nil
}

// Close frees the machines. The explainer may be used again.
func (e *Explainer) Close() {
	if e == nil || e.turn == nil {
		return
	}
	e.turn <- struct{}{}
	for _, m := range e.members {
		m.machine.Close()
	}
	e.members = nil
	<-e.turn
}
