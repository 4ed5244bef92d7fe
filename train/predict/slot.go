package predict

import (
	"context"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/linear"
	"github.com/selfnorm/selfnorm/train/internal/vm"
)

// slot holds the programs of one call at a time. They share one memory.
type slot struct {
	model    *model
	memory   linear.Memory
	programs map[int]linear.Program // by the number of rows, one of sizes
	logits   []*logits
	rows     []int
	source   source
}

// source is where the rows of a call come from: data, or a matrix.
type source struct {
	data    data.Data
	matrix  []float32
	columns int
}

// fill writes rows to the inputs.
func (s *source) fill(rows []int, b *batch.Batch, inputs []batch.Input) error {
	if s.data != nil {
		if err := data.Gather(s.data, rows, b); err != nil {
			return err
		}
		return data.CheckCategories(rows, b, inputs)
	}
	to, err := dense.Elements(b.Inputs[0].Value)
	if err != nil {
		return err
	}
	for i, r := range rows {
		row := s.matrix[r*s.columns:][:s.columns]
		if to.F32 != nil {
			copy(to.F32[i*s.columns:], row)
			continue
		}
		for j, x := range row {
			to.F64[i*s.columns+j] = float64(x)
		}
	}
	return nil
}

// use makes the slot predict with a model.
func (s *slot) use(m *model) {
	if s.model != m {
		s.reset()
		s.model = m
	}
}

// reset ends the machines.
func (s *slot) reset() {
	for _, p := range s.programs {
		if m, ok := p.(*tape); ok {
			m.Close()
		}
	}
	s.programs, s.model = nil, nil
}

// program returns the program for a number of rows.
func (s *slot) program(size int) (linear.Program, error) {
	if p := s.programs[size]; p != nil {
		return p, nil
	}
	p, _, err := s.model.compile(size, &s.memory)
	if err != nil {
		return nil, err
	}
	if s.programs == nil {
		s.programs = map[int]linear.Program{}
	}
	s.programs[size] = p
	return p, nil
}

// compile returns a program, or the tape machine in its place and the reason.
func (m *model) compile(size int, memory *linear.Memory) (p linear.Program, reason, err error) {
	g, err := m.net.Build(m.net.Config(graphs.Evaluate, size).Unlabelled())
	if err != nil {
		return nil, nil, err
	}
	if p, reason = linear.Compile(g, memory, m.snapshot); !linear.Unsupported(reason) {
		return p, nil, reason
	}
	machine, err := vm.New(g)
	if err != nil {
		return nil, nil, err
	}
	return &tape{machine}, reason, nil
}

// tape is a graph on Gorgonia's tape machine, as a program.
type tape struct{ *vm.Machine }

func (t *tape) Bound() *batch.Batch { return t.Machine.Bound }
func (t *tape) Steps() int          { return 0 }

func (t *tape) Run(w *kernel.Workers) error {
	ops.UseWorkers(t.G, w)
	if err := t.Rebind(); err != nil {
		return err
	}
	return t.Machine.Run()
}

func (t *tape) Output(i int) dense.Slices {
	s, err := dense.Elements(t.Value(t.Machine.Outputs[i].Node))
	if err != nil {
		return dense.Slices{} // put finds the fault
	}
	return s
}

// predict computes all outputs for all rows of the source. A call that has the pool has the crew as well.
func (s *slot) predict(ctx context.Context, rows int, w *kernel.Workers, c *crew) (err error) {
	if s.logits, err = s.model.resize(s.logits, rows); err != nil {
		return err
	}
	most := Block
	if w.Threads() == 1 {
		most = blockRows
	} else if block := blockOf(rows, w.Threads(), s.model.weights, s.model.snapshot != nil); block > 0 {
		return c.predict(ctx, s, rows, block, w)
	}
	for x := (span{}); x.hi < rows; {
		x = spanAt(x.hi, rows, most)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.span(x, w, nil); err != nil {
			return err
		}
	}
	return nil
}

// span writes the outputs for some rows of the source to those of the slot. A lock is for reading data.
func (s *slot) span(x span, w *kernel.Workers, gather *sync.Mutex) error {
	err := s.outputs(x, w, gather)
	if err == nil { // numbers in a text cost an allocation
		return nil
	}
	return errors.Wrapf(err, "rows %d to %d", x.lo, x.hi-1)
}

func (s *slot) outputs(x span, w *kernel.Workers, gather *sync.Mutex) error {
	p, err := s.program(x.size)
	if err != nil {
		return err
	}
	s.rows = s.rows[:0]
	for i := range x.size {
		s.rows = append(s.rows, min(x.lo+i, x.hi-1)) // padding repeats the last row
	}
	if err := s.fill(p.Bound(), gather); err != nil {
		return err
	}
	if err := p.Run(w); err != nil {
		return err
	}
	for i := range s.logits {
		if err := s.logits[i].put(x.lo, x.hi, p.Output(i)); err != nil {
			return errors.Wrapf(err, "output %d", i)
		}
	}
	return nil
}

// fill writes the rows of the slot to the inputs.
func (s *slot) fill(b *batch.Batch, gather *sync.Mutex) error {
	if gather != nil && s.source.data != nil {
		gather.Lock()
		defer gather.Unlock()
	}
	return s.source.fill(s.rows, b, s.model.net.Inputs)
}
