package linear

import (
	"slices"
	"sync"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Snapshot holds copies of the parameters that programs of one network read, matrices of affine layers in the order in which products read them. Each is made when the
// first program with it is compiled. The zero value is ready for use, by several goroutines.
type Snapshot struct {
	mu     sync.Mutex
	copies map[any]any
}

// parameter identifies a parameter by its elements; rows and columns are those of a matrix that is packed.
type parameter[T kernel.Float] struct {
	first         *T
	n             int
	rows, columns int
}

// copied returns the copy that is found by a key, which create makes if there is none.
func copied[T kernel.Float, C any](s *Snapshot, key parameter[T], create func() C) C {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.copies[key]; ok {
		return c.(C)
	}
	if s.copies == nil {
		s.copies = map[any]any{}
	}
	c := create()
	s.copies[key] = c
	return c
}

// read makes a step or an output read the copy of a parameter.
func (c *compiler[T]) read(x *place[T]) *place[T] {
	if c.snapshot != nil && x.parameter && len(x.fixed) > 0 {
		x.fixed = copied(c.snapshot, parameter[T]{first: &x.fixed[0], n: len(x.fixed)}, func() []T { return slices.Clone(x.fixed) })
		x.parameter = false
	}
	return x
}

// packed returns the packed matrix of an affine layer, or nil for another op and for a matrix that is no parameter.
func (c *compiler[T]) packed(n *G.Node, def ops.Def, in []*place[T]) *kernel.Packed[T] {
	if !ops.BuiltIn(n) || def.Name != "Affine" || !in[1].parameter || len(in[1].fixed) == 0 {
		return nil
	}
	w := in[1]
	key := parameter[T]{&w.fixed[0], len(w.fixed), w.shape[0], w.shape[1]}
	return copied(c.snapshot, key, func() *kernel.Packed[T] { return kernel.Pack(w.shape[0], w.shape[1], w.fixed) })
}

// affine is the op of that name with a packed matrix.
func affine[T kernel.Float](w *kernel.Packed[T]) func(*ops.Call[T]) error {
	p := kernel.MatMul[T]{Packed: w}
	return func(c *ops.Call[T]) error {
		p.M, p.K, p.N = c.Shapes[0][0], c.Shapes[1][0], c.Shapes[1][1]
		p.A, p.Bias, p.C = c.In[0], c.In[2], c.Out
		p.Run(c.Workers)
		return nil
	}
}
