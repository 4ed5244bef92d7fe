package ops

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// OnRun registers a function to be called with the output of n after each run of its op, before any other op runs. Functions are called in
// the order in which they were registered. An error or a panic of f becomes an error of the op. If f is nil or n is not an op of this
// package, OnRun returns false and f is never called. Do not call it while the graph runs.
func OnRun(n *G.Node, f func(output G.Value) error) bool {
	if n == nil || f == nil {
		return false
	}
	o, ok := n.Op().(interface{ addOnRun(func(G.Value) error) })
	if ok {
		o.addOnRun(f)
	}
	return ok
}

func (o *op[T]) addOnRun(f func(G.Value) error) { o.onRun = append(o.onRun, f) }

// afterRun calls the functions of OnRun.
func (o *op[T]) afterRun() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError("after "+o.def.Name, r)
		}
	}()
	for _, f := range o.onRun {
		if err := f(o.out); err != nil {
			return errors.Wrapf(err, "after %s", o.def.Name)
		}
	}
	return nil
}
