package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/optim"
)

// checkRowGradients returns an error if a parameter has a row-sparse gradient and the rule does not take it.
func (r *run) checkRowGradients(g *graphs.Graph) error {
	if r.optimizer == nil || r.optimizer.AllRows() { // Gorgonia's solvers read the whole gradient
		return nil
	}
	for i, grad := range g.Grads {
		if def, ok := ops.DefOf(grad); !ok || !def.RowSparse {
			continue
		}
		name := g.Params[i].Name
		if !r.optimizer.TakesRows() {
			return errors.Errorf("parameter %q has a row-sparse gradient, which %s does not take; %s", name, optim.Describe(r.Optimizer), optim.RowAdvice)
		}
		if r.Accumulate > 1 || r.Parallel != nil {
			return errors.Errorf("parameter %q has a row-sparse gradient, which cannot be accumulated over %d batches; use larger batches, "+
				"or optim.AllRows, which updates all rows in each step", name, r.Accumulate)
		}
	}
	return nil
}

// hideRows hides the rows of row-sparse gradients from all that reads them, if the run updates all rows in each step.
func (r *run) hideRows(m *vm.Machine) {
	if r.optimizer != nil && !r.optimizer.AllRows() {
		return
	}
	for _, u := range m.Updates {
		u.(*vm.Update).AllRows = true
	}
}
