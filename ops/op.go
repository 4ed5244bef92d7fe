package ops

import (
	"github.com/chewxy/hm"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// op is a Def applied to inputs of one dtype and fixed shapes, as a Gorgonia op.
type op[T kernel.Float] struct {
	def      Def
	from     origin
	identity identity
	gradient *Gradient // of a built-in op, made when it is needed
	run      func(*Call[T]) error
	dtype    tensor.Dtype
	outShape tensor.Shape

	call    Call[T]
	scalars []T     // storage behind the elements of Call.In that are scalars
	node    *G.Node // nil in a backward pass outside a graph
	out     G.Value // *tensor.Dense or a pointer to a Gorgonia scalar, made at the first run

	backward *backward[T] // made at the first DoDiff
	onRun    []func(G.Value) error
}

var (
	_ G.Op   = (*op[float32])(nil)
	_ G.SDOp = (*op[float32])(nil)
	_ G.ADOp = (*op[float32])(nil)
)

func makeOp[T kernel.Float](def Def, run func(*Call[T]) error, dtype tensor.Dtype, in []tensor.Shape, out tensor.Shape) *op[T] {
	o := &op[T]{
		def: def, run: run, dtype: dtype, outShape: out,
		call:    Call[T]{In: make([][]T, len(in)), Shapes: in, Workers: kernel.Shared()},
		scalars: make([]T, len(in)),
	}
	if len(def.Sparse) > 0 {
		o.call.Sparse = make([]kernel.CSR[T], len(in))
	}
	return o
}

func (o *op[T]) Arity() int           { return len(o.call.In) }
func (o *op[T]) ReturnsPtr() bool     { return true }
func (o *op[T]) CallsExtern() bool    { return false }
func (o *op[T]) OverwritesInput() int { return -1 }

// Type is the function type of the op. Gorgonia modifies it, so each call returns a new one.
func (o *op[T]) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.call.Shapes)+1)
	for _, s := range append(append([]tensor.Shape{}, o.call.Shapes...), o.outShape) {
		if s.IsScalar() {
			types = append(types, o.dtype)
		} else {
			types = append(types, G.TensorType{Dims: s.Dims(), Of: o.dtype})
		}
	}
	return hm.NewFnType(types...)
}

func (o *op[T]) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	shapes, err := G.DimSizersToShapes(in)
	if err != nil {
		return nil, err
	}
	if len(shapes) != len(o.call.Shapes) {
		return nil, errors.Errorf("%s: %d inputs, want %d", o.def.Name, len(shapes), len(o.call.Shapes))
	}
	for i, s := range shapes {
		if !s.Eq(o.call.Shapes[i]) {
			return nil, errors.Errorf("%s: input %d has shape %v, want %v", o.def.Name, i, s, o.call.Shapes[i])
		}
	}
	return o.outShape.Clone(), nil
}

// Do runs the op and returns its own buffer. It turns a panic of the op, or of a function given to OnRun, into an error: Gorgonia calls Do
// on its own goroutine, where the caller of the machine cannot recover.
func (o *op[T]) Do(values ...G.Value) (_ G.Value, err error) {
	name := o.def.Name
	defer func() {
		if r := recover(); r != nil {
			err = panicError(name, r)
		}
		if err != nil {
			err = &opError{err}
		}
	}()
	if len(values) != len(o.call.In) {
		return nil, errors.Errorf("%s: %d inputs, want %d", o.def.Name, len(values), len(o.call.In))
	}
	for i, v := range values {
		if err := o.take(i, v); err != nil {
			return nil, errors.Wrapf(err, "%s: input %d", o.def.Name, i)
		}
		if !v.Shape().Eq(o.call.Shapes[i]) {
			return nil, errors.Errorf("%s: input %d has shape %v, want %v", o.def.Name, i, v.Shape(), o.call.Shapes[i])
		}
	}
	if o.out == nil {
		o.makeOutput()
	}
	if o.call.rows != nil {
		o.beginRows()
	}
	if err := o.run(&o.call); err != nil {
		return nil, errors.Wrap(err, o.def.Name)
	}
	if o.call.rows != nil {
		o.finishRows()
	}
	switch out := o.out.(type) {
	case *tensor.CS:
		if o.out, err = sparseValue(out, o.outShape, o.call.Result); err != nil {
			return nil, errors.Wrap(err, o.def.Name)
		}
	case *G.F32:
		*out = G.F32(o.call.Out[0])
	case *G.F64:
		*out = G.F64(o.call.Out[0])
	}
	if len(o.onRun) > 0 {
		return o.out, o.afterRun()
	}
	return o.out, nil
}

// take takes the value of input i.
func (o *op[T]) take(i int, v G.Value) (err error) {
	if sparse, ok := v.(*tensor.CS); ok {
		return o.takeSparse(i, sparse)
	}
	if o.call.Sparse != nil {
		o.call.Sparse[i] = kernel.CSR[T]{}
	}
	o.call.In[i], err = elements(v, o.scalars[i:i+1])
	return err
}

func (o *op[T]) makeOutput() {
	if o.def.RowSparse {
		o.call.rows = newTouched(o.outShape[0])
	}
	if o.def.SparseResult {
		o.out = (*tensor.CS)(nil)
		return
	}
	if !o.outShape.IsScalar() {
		out := make([]T, o.outShape.TotalSize())
		o.call.Out = out
		o.out = tensor.New(tensor.WithShape(o.outShape.Clone()...), tensor.WithBacking(out))
		return
	}
	o.call.Out = make([]T, 1)
	if o.dtype == tensor.Float32 {
		o.out = new(G.F32)
	} else {
		o.out = new(G.F64)
	}
}

// useWorkers sets the thread pool for later runs.
func (o *op[T]) useWorkers(w *kernel.Workers) { o.call.Workers = w }

// UseWorkers makes every op of this package in g run on the pool w; nil means the caller's thread only. The default is
// kernel.Shared. The pool changes the speed, never the result.
func UseWorkers(g *G.ExprGraph, w *kernel.Workers) {
	if g == nil {
		return
	}
	for _, n := range g.AllNodes() {
		if o, ok := n.Op().(interface{ useWorkers(*kernel.Workers) }); ok {
			o.useWorkers(w)
		}
	}
}

// elements returns the elements of v, which must be a float32 or float64 value of element type T, row-major and contiguous.
// The element of a scalar is copied to scratch.
func elements[T kernel.Float](v G.Value, scratch []T) ([]T, error) {
	switch v := v.(type) {
	case *tensor.Dense:
		if v.DataOrder().IsColMajor() || v.RequiresIterator() {
			return nil, errors.Errorf("tensor of shape %v is not row-major and contiguous; clone it first", v.Shape())
		}
		switch v.Dtype() {
		case tensor.Float32:
			if s, ok := any(v.Float32s()).([]T); ok {
				return s, nil
			}
		case tensor.Float64:
			if s, ok := any(v.Float64s()).([]T); ok {
				return s, nil
			}
		}
		return nil, errors.Errorf("dtype %v, want %T", v.Dtype(), scratch[0])
	case *G.F32:
		scratch[0] = T(*v)
		return scratch, nil
	case *G.F64:
		scratch[0] = T(*v)
		return scratch, nil
	}
	return nil, errors.Errorf("value of type %T, want a dense tensor", v)
}
