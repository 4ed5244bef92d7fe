// Package linear runs graphs for prediction: the ops of a graph one after the other, on buffers that share memory. The ops are those that the
// tape machine would run, so the results have the same bits.
package linear

import (
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// Memory holds the values that programs compute. Programs that never run at the same time may share one. The zero value is ready for use.
type Memory struct {
	f32 []float32
	f64 []float64
}

// Size returns the number of elements of the memory.
func (m *Memory) Size() int { return len(m.f32) + len(m.f64) }

// Program is a graph as a list of steps. One run at a time.
type Program interface {
	// Bound returns the tensors of the inputs, to fill before a run. A run of another program with the same memory overwrites them.
	Bound() *batch.Batch
	// Run computes the outputs with the threads of w.
	Run(w *kernel.Workers) error
	// Output returns output i of the last run, row-major. A run of another program with the same memory overwrites it.
	Output(i int) dense.Slices
	// Steps returns the number of ops.
	Steps() int
}

// Compile makes a program of a graph without losses and gradients. It keeps nothing of the graph but its parameters, which a run reads in place, or, if
// snapshot is not nil, those of the snapshot in their place.
// For a graph with an op that only Gorgonia's machine can run it returns an error that names the op, of which [Unsupported] is true.
func Compile(g *graphs.Graph, m *Memory, snapshot *Snapshot) (p Program, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, errors.Errorf("compiling the graph: panic: %v\n%s", r, debug.Stack())
		}
	}()
	if len(g.Outputs) == 0 || m == nil {
		return nil, errors.New("there is no output or no memory")
	}
	if g.Outputs[0].Node.Dtype() == tensor.Float64 {
		return compile(g, &m.f64, snapshot, func(d ops.Def) func(*ops.Call[float64]) error { return d.Float64 })
	}
	return compile(g, &m.f32, snapshot, func(d ops.Def) func(*ops.Call[float32]) error { return d.Float32 })
}

// Unsupported reports whether an error of Compile means that the graph can run on Gorgonia's machine alone.
func Unsupported(err error) bool { return errors.As(err, new(unsupported)) }

type unsupported struct{ error }

// place is where a value lies: in the memory, elsewhere, or in the sparse rows of an input.
type place[T kernel.Float] struct {
	fixed     []T  // a parameter or a constant
	parameter bool // of the network, of which there is no copy
	offset, n int  // in the memory
	sparse    *batch.CSR
	inMemory  bool
	shape     tensor.Shape
	users     int // steps that have not read it yet; outputs count, too
}

// step is one op.
type step[T kernel.Float] struct {
	name string
	run  func(*ops.Call[T]) error
	call ops.Call[T]
	in   []*place[T]
	out  *place[T]
}

// program implements Program.
type program[T kernel.Float] struct {
	memory  *[]T
	need    int // elements of memory
	base    *T  // of the memory that the slices below refer to
	bound   *batch.Batch
	inputs  []*place[T]
	steps   []step[T]
	outputs []*place[T]
}

func (p *program[T]) Steps() int { return len(p.steps) }

func (p *program[T]) Bound() *batch.Batch {
	p.bind()
	return p.bound
}

func (p *program[T]) Output(i int) (s dense.Slices) {
	x := p.outputs[i]
	s.Shape = x.shape
	switch v := any(x.slice(*p.memory)).(type) {
	case []float32:
		s.F32 = v
	case []float64:
		s.F64 = v
	}
	return s
}

func (p *program[T]) Run(w *kernel.Workers) (err error) {
	at := "memory"
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("%s: panic: %v\n%s", at, r, debug.Stack())
		}
	}()
	p.bind()
	for i := range p.steps {
		s := &p.steps[i]
		at = s.name
		if s.call.Sparse != nil {
			if err := s.takeSparse(); err != nil {
				return errors.Wrap(err, s.name)
			}
		}
		s.call.Workers = w
		if err := s.run(&s.call); err != nil {
			return errors.Wrap(err, s.name)
		}
	}
	return nil
}

// takeSparse gives the op the rows that its sparse inputs hold now.
func (s *step[T]) takeSparse() error {
	for i, x := range s.in {
		if x.sparse == nil {
			continue
		}
		t, err := x.sparse.Tensor()
		if err != nil {
			return err
		}
		if t.Shape()[0] != x.shape[0] {
			return errors.Errorf("%d sparse rows, want %d", t.Shape()[0], x.shape[0])
		}
		rows := kernel.CSR[T]{}
		rows.Start, rows.Columns = dense.CSR(t)
		if len(rows.Columns) > 0 { // Data panics without values
			rows.Values, _ = t.Data().([]T)
		}
		s.call.Sparse[i] = rows
	}
	return nil
}

// bind makes all slices refer to the memory, which is grown if it is too small.
func (p *program[T]) bind() {
	if len(*p.memory) < p.need {
		*p.memory = aligned[T](p.need)
	}
	all := *p.memory
	if base := &all[0]; base == p.base {
		return
	} else {
		p.base = base
	}
	for i, x := range p.inputs {
		if x.inMemory {
			p.bound.Inputs[i].Value = tensor.New(tensor.WithShape(x.shape.Clone()...), tensor.WithBacking(x.slice(all)))
		}
	}
	for i := range p.steps {
		s := &p.steps[i]
		for j, x := range s.in {
			s.call.In[j] = x.slice(all)
		}
		s.call.Out = s.out.slice(all)
	}
}

func (x *place[T]) slice(all []T) []T {
	if !x.inMemory {
		return x.fixed
	}
	return all[x.offset : x.offset+x.n : x.offset+x.n]
}
