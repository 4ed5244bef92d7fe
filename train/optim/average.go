package optim

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Average is an exponential moving average (EMA) of the weights of a network (Polyak and Juditsky 1992, in the exponential form): after
// each step, average = decay average + (1 - decay) weights. It starts at the first weights. A network with averaged weights often predicts
// better than one with the last weights. An Average is not safe for concurrent use.
//
// Results are bit-equal for any number of threads.
type Average struct {
	decay   float64
	made    bool
	workers *kernel.Workers
	state   memory // its count is that of the updates
	swapped bool
	list    []dense.Slices
	sweep   sweep
}

// NewAverage returns an average with the given decay, at least 0 and below 1, such as 0.999. The average then covers about the
// last 1 / (1 - decay) steps.
func NewAverage(decay float64) (*Average, error) {
	if err := check("optim: average", []setting{fraction("decay", decay)}); err != nil {
		return nil, err
	}
	return &Average{decay: decay, made: true, state: memory{kind: "average", names: []string{"weights"}}}, nil
}

// UseWorkers sets the thread pool; nil, the default, means the caller's thread alone.
func (a *Average) UseWorkers(w *kernel.Workers) {
	if a != nil {
		a.workers = w
	}
}

// Started reports whether there is an average, from Start or from Restore.
func (a *Average) Started() bool { return a != nil && a.state.forms != nil }

// Updates returns the number of updates, including those before Restore.
func (a *Average) Updates() int {
	if a == nil {
		return 0
	}
	return a.state.count
}

// Start sets the average to the weights before the first step.
func (a *Average) Start(weights []G.Value) error {
	return errors.Wrap(a.start(weights), "optim: average")
}

func (a *Average) start(weights []G.Value) error {
	if err := a.usable(); err != nil {
		return err
	}
	if a.Started() {
		return errors.New("started already")
	}
	if err := a.open(weights); err != nil {
		return err
	}
	forms := make([]form, len(weights))
	for i, x := range a.list {
		forms[i] = formOf(x)
	}
	a.state.make(forms)
	a.pass(opCopy, false)
	return nil
}

// Update blends the weights after a step into the average.
func (a *Average) Update(weights []G.Value) error {
	err := a.ready(weights)
	if err == nil && a.swapped {
		err = errors.New("an update while the network has the averaged weights; Swap them back first")
	}
	if err != nil {
		return errors.Wrap(err, "optim: average")
	}
	a.pass(opBlend, false)
	a.state.count++
	return nil
}

// Swap exchanges the weights with the average, for instance to validate a network with averaged weights; a second Swap exchanges them back.
// Until then Update, Snapshot and Restore return errors.
func (a *Average) Swap(weights []G.Value) error {
	if err := a.ready(weights); err != nil {
		return errors.Wrap(err, "optim: average")
	}
	a.pass(opSwap, true)
	a.swapped = !a.swapped
	return nil
}

// CopyTo sets the weights to the average.
func (a *Average) CopyTo(weights []G.Value) error {
	err := a.ready(weights)
	if err == nil && a.swapped {
		err = errors.New("the network already has the averaged weights")
	}
	if err != nil {
		return errors.Wrap(err, "optim: average")
	}
	a.pass(opCopy, true)
	return nil
}

func (a *Average) usable() error {
	if a == nil || !a.made {
		return errors.New("not made by NewAverage")
	}
	return nil
}

// ready returns an error unless there is an average that matches these weights.
func (a *Average) ready(weights []G.Value) error {
	if err := a.usable(); err != nil {
		return err
	}
	if !a.Started() {
		return errors.New("there is no average yet; call Start before the first step")
	}
	return a.open(weights)
}

// open takes up the elements of the weights.
func (a *Average) open(weights []G.Value) (err error) {
	defer recovered(&err, "a weight")
	if err := a.state.length(len(weights)); err != nil {
		return err
	}
	a.list = a.list[:0]
	for i, w := range weights {
		x, err := dense.Elements(w)
		if err != nil {
			return errors.Wrapf(err, "parameter %d", i)
		}
		if err := a.state.fits(i, x); err != nil {
			return err
		}
		a.list = append(a.list, x)
	}
	return nil
}

// pass applies an operation to the average and the weights passed to open; toWeights determines which of them is the destination.
func (a *Average) pass(op operation, toWeights bool) {
	for i, x := range a.list {
		dst, src := a.state.at(i, 0), x
		if toWeights {
			dst, src = src, dst
		}
		a.sweep.run(a.workers, op, dst, src, a.decay)
	}
	clear(a.list)
}

// Snapshot implements Stateful.
func (a *Average) Snapshot() (Snapshot, error) {
	err := a.usable()
	if err == nil && a.swapped {
		err = errors.New("a snapshot while the network has the averaged weights; Swap them back first")
	}
	if err != nil {
		return Snapshot{}, errors.Wrap(err, "optim: average")
	}
	s, err := a.state.snapshot()
	return s, errors.Wrap(err, "optim")
}

// Restore implements Stateful.
func (a *Average) Restore(s Snapshot) error {
	err := a.usable()
	if err == nil && a.swapped {
		err = errors.New("restored while the network has the averaged weights; Swap them back first")
	}
	if err != nil {
		return errors.Wrap(err, "optim: average")
	}
	return errors.Wrap(a.state.restore(s), "optim")
}
