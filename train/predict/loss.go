package predict

import (
	"cmp"
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/metric"
	G "gorgonia.org/gorgonia"
)

// lossGraphs are graphs of the loss of one output alone, on values of the output that are known: for a whole block of rows, and for the
// rest.
type lossGraphs struct {
	output graphs.Output
	made   []*lossGraph // the latest first
}

type lossGraph struct {
	rows    int
	machine *vm.Machine
}

const keptLossGraphs = 2

// add adds labels, weights and loss to the result. A loss with a Total is the mean over blocks of rows; any other is computed for
// all rows at once, because it need not be a mean.
func (l *lossGraphs) add(ctx context.Context, m *model, w *kernel.Workers, d data.Data, out *logits, r *metric.Result) error {
	loss := l.output.Loss
	size := out.rows
	if loss.Total != nil {
		size = Block
	}
	total := 0.0
	for lo := 0; lo < out.rows; lo += size {
		if err := ctx.Err(); err != nil {
			return err
		}
		hi := min(lo+size, out.rows)
		cost, weight, err := l.block(m, w, d, out, r, lo, hi)
		if err != nil {
			return err
		}
		if weight > 0 {
			r.Loss += weight * cost
			total += weight
		}
	}
	if total > 0 {
		r.Loss /= total
	}
	return nil
}

// block returns the loss of the rows lo ... hi-1, and its weight in the mean.
func (l *lossGraphs) block(of *model, w *kernel.Workers, d data.Data, out *logits, r *metric.Result, lo, hi int) (cost, weight float64, err error) {
	m, err := l.get(of.net, hi-lo, w)
	if err != nil {
		return 0, 0, errors.Wrap(err, "loss")
	}
	loss, rows := l.output.Loss, rowsOf(lo, hi)
	labels, weights := m.Bound.Labels(batch.Y)
	b := &batch.Batch{Rows: len(rows), Outputs: []batch.Labels{{Output: cmp.Or(l.output.Name, batch.Y), Value: labels, Weights: weights}}}
	if err := data.Gather(d, rows, b); err != nil {
		return 0, 0, err
	}
	if err := data.Prepare(rows, b, l.output); err != nil {
		return 0, 0, err
	}
	if !m.Weighted {
		if row, found := data.NotOne(rows, b, cmp.Or(l.output.Name, batch.Y)); found {
			return 0, 0, Unweighted(loss, row)
		}
	}
	firstLabel, firstWeight := len(r.Labels), len(r.Weights)
	if r.Labels, err = dense.Float64s(labels, r.Labels); err != nil {
		return 0, 0, err
	}
	if r.Weights, err = dense.Float64s(weights, r.Weights); err != nil {
		return 0, 0, err
	}
	weight = 1
	if loss.Total != nil {
		weight = loss.Total(r.Labels[firstLabel:], r.Weights[firstWeight:])
	}
	if err := out.fill(m.Bound.Inputs[0].Value, lo, hi); err != nil {
		return 0, 0, err
	}
	if err := m.Run(); err != nil {
		return 0, 0, errors.Wrapf(err, "loss of rows %d to %d", lo, hi-1)
	}
	return m.Loss(), weight, nil
}

// Unweighted is the error of a loss that does not use the weights, on data that have some.
func Unweighted(loss graphs.Loss, row int) error {
	return errors.Errorf("the loss %q does not use the weights of labels, but row %d of the data has a missing label or a weight other than 1; "+
		"multiply by the weights in its Apply", loss.Name, row)
}

// get returns the graph of the loss for a number of rows.
func (l *lossGraphs) get(net *graphs.Network, rows int, w *kernel.Workers) (*vm.Machine, error) {
	for _, g := range l.made {
		if g.rows == rows {
			return g.machine, nil
		}
	}
	params, err := nn.NewParams(net.Params.Dtype(), 0)
	if err != nil {
		return nil, err
	}
	outputs := nn.Func(func(x *G.Node) (*G.Node, error) { return x, nil })
	g, err := graphs.Build(outputs, params, graphs.Config{
		Mode: graphs.Evaluate, Batch: rows, Inputs: graphs.Matrix(l.output.Width), Loss: l.output.Loss, Workers: w,
	})
	if err != nil {
		return nil, err
	}
	m, err := vm.New(g)
	if err != nil {
		return nil, err
	}
	if len(l.made) == keptLossGraphs {
		l.made[len(l.made)-1].machine.Close()
		l.made = l.made[:len(l.made)-1]
	}
	l.made = append([]*lossGraph{{rows, m}}, l.made...)
	return m, nil
}

func (l *lossGraphs) close() {
	for _, g := range l.made {
		g.machine.Close()
	}
	l.made = nil
}
