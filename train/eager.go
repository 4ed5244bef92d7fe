package train

import (
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/optim"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
)

// eager updates each parameter as soon as its gradient is known and no op of the step still has to read the parameter, while both are
// in the cache. Updates after the backward pass would fetch them from memory once more. The results are the same.
//
// It can wait for ops of package ops only. A parameter that an op of Gorgonia reads, which may return a view of it, is updated at
// the end, and so are all parameters whose turn comes before the loss is known to be finite.
type eager struct {
	updates []G.ValueGrad
	needs   []int // by parameter: the number of ops to wait for; 0 means that it waits for the end
	left    []int // how many of them have not run in this step; -1 once the parameter is updated

	optimizer *optim.Optimizer // nil between steps
	finite    bool             // the loss of this step is
}

// newEager watches the ops of the graph of m.
func newEager(m *vm.Machine) *eager {
	e := &eager{updates: m.Updates, needs: make([]int, len(m.Updates)), left: make([]int, len(m.Updates))}
	if m.Cost == nil || !ops.OnRun(m.Cost, e.onCost) {
		return e
	}
	readers := map[graph.Node][]*G.Node{} // G.To knows of nodes that are not in this graph, too
	for _, n := range m.G.AllNodes() {
		for _, child := range graph.NodesOf(m.G.From(n.ID())) {
			readers[child] = append(readers[child], n)
		}
	}
	for i, u := range e.updates {
		u := u.(*vm.Update)
		e.needs[i] = e.watch(i, u, readers[u.Node])
	}
	return e
}

// watch waits for the gradient of parameter i and its readers. It returns their number, or 0 if they cannot all be waited for.
func (e *eager) watch(i int, u *vm.Update, readers []*G.Node) int {
	n := 0
	for _, reader := range readers {
		if reader == u.Grads {
			continue
		}
		if !ops.OnRun(reader, func(G.Value) error { return e.countDown(i) }) {
			return 0
		}
		n++
	}
	if !ops.OnRun(u.Grads, func(v G.Value) error { u.Now = v; return e.countDown(i) }) {
		return 0
	}
	return n + 1
}

func (e *eager) onCost(v G.Value) error {
	e.finite = callback.Finite(v)
	return nil
}

// begin opens a step of the optimizer. Until finish, parameters are updated while the machine runs.
func (e *eager) begin(o *optim.Optimizer) error {
	if err := o.Open(e.updates); err != nil {
		return err
	}
	copy(e.left, e.needs)
	e.optimizer, e.finite = o, false
	return nil
}

// countDown notes that one of the ops that parameter i waits for has run.
func (e *eager) countDown(i int) error {
	if e.optimizer == nil || e.left[i] <= 0 {
		return nil
	}
	if e.left[i]--; e.left[i] > 0 || !e.finite {
		return nil
	}
	e.left[i] = -1
	return e.optimizer.Update(i, e.updates[i])
}

// abort ends a step whose run has failed.
func (e *eager) abort() { e.optimizer = nil }

// finish updates the parameters that are left.
func (e *eager) finish() error {
	o := e.optimizer
	e.optimizer = nil
	for i, left := range e.left {
		if left >= 0 {
			if err := o.Update(i, e.updates[i]); err != nil {
				return err
			}
		}
	}
	return o.Close()
}
