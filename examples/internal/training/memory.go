package training

import (
	"fmt"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// memory prints what the training of a network will take.
func (r *run) memory(net *graphs.Network) error {
	c, err := r.config(0)
	if err == nil {
		err = r.Configure(0, &c)
	}
	if err != nil {
		return err
	}
	rows := len(r.problem.Fit)
	if len(r.problem.Folds) > 0 {
		rows = len(r.problem.Folds[0].Fit)
	}
	m, err := train.MemoryOf(net, rows, c)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.out, "training takes about %v\n\n", m)
	return err
}
