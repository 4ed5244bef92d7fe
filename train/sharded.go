package train

import (
	"context"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/train/internal/shards"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// sharded computes steps whose batches are divided among processes: virtual shards of one large batch. A vector has the gradients of all
// parameters, and behind them the changes of the states, such as running statistics.
type sharded struct {
	sum    ShardSum
	model  []G.ValueGrad // the parameters with their mean gradients
	mean   []dense.Slices
	states []dense.Slices
	before []shards.Vector // of the states, before the step
}

// shardMean is a parameter and its mean gradient.
type shardMean struct {
	value G.Value
	grad  *tensor.Dense
}

func (m *shardMean) Value() G.Value         { return m.value }
func (m *shardMean) Grad() (G.Value, error) { return m.grad, nil }

// newSharded returns the room for the steps of a run whose machines have these parameters.
func (r *run) newSharded() (*sharded, error) {
	m, err := r.firstMachine()
	if err != nil {
		return nil, err
	}
	if r.state.Graph == nil { // a process may have no shard of the first step
		r.state.Graph = m.Graph
	}
	double := r.state.Params.Dtype() == tensor.Float64
	s := &sharded{}
	width := 0
	for _, u := range m.Updates {
		value, ok := u.Value().(*tensor.Dense)
		if !ok {
			return nil, errors.Errorf("a parameter is a %T", u.Value())
		}
		grad := tensor.New(tensor.Of(value.Dtype()), tensor.WithShape(value.Shape().Clone()...))
		x, err := dense.Elements(grad)
		if err != nil {
			return nil, err
		}
		s.model, s.mean = append(s.model, &shardMean{value, grad}), append(s.mean, x)
		width += x.Len()
	}
	for _, p := range r.state.Params.All() {
		if p.Trainable || r.frozen[p.Name] {
			continue
		}
		x, err := dense.Elements(p.Value)
		if err != nil {
			return nil, errors.Wrap(err, p.Name)
		}
		s.states, s.before = append(s.states, x), append(s.before, shards.NewVector(x.Len(), double))
		width += x.Len()
	}
	s.sum = ShardSum{Most: r.Accumulate, Gradients: shards.NewStack(width, double), PerShard: 1 + len(r.losses)}
	return s, nil
}

// shardedStep makes one update from n batches, of which this process computes its own. If the others fail, the run is as it was before the step.
func (r *run) shardedStep(ctx context.Context, n int, next func() (batchOf, error)) (err error) {
	if r.sharded == nil {
		if r.sharded, err = r.newSharded(); err != nil {
			return err
		}
	}
	if _, err := r.updateDue(); err != nil {
		return err
	}
	s := r.sharded
	s.sum.Step, s.sum.Shards, s.sum.Check = r.state.Step, n, r.check()
	s.sum.Losses = append(s.sum.Losses[:0], make([]float64, n*s.sum.PerShard)...)
	s.sum.Gradients.Begin(n)
	for i, x := range s.states {
		copyTo(s.before[i], x)
	}
	from, to := shards.Range(r.Parallel.Rank(), r.Parallel.Size(), r.Accumulate, n)
	for k := from; k < to; k++ {
		if err := r.shard(ctx, k, next); err != nil {
			return err
		}
	}
	if err := r.Parallel.Sum(ctx, &s.sum); err != nil {
		r.state.Step--
		return r.interrupted(err)
	}
	if err := s.finish(n); err != nil {
		return err
	}
	total := 0.0
	for k := range n {
		losses := s.sum.Losses[k*s.sum.PerShard:][:s.sum.PerShard]
		r.state.Loss = losses[0]
		copy(r.losses, losses[1:])
		total += r.state.Loss
		r.finished()
	}
	r.state.Loss = total / float64(n)
	return r.update(s.model)
}

// shard computes the gradients of a shard.
func (r *run) shard(ctx context.Context, k int, next func() (batchOf, error)) error {
	s := r.sharded
	b, err := next()
	if err != nil {
		return err
	}
	r.leaf = k
	err = r.gradients(b)
	r.leaf = 0
	if err == nil {
		err = r.beforeUpdate(ctx)
	}
	if err != nil {
		s.restore()
		return err
	}
	v, at := s.sum.Gradients.Room(), 0
	for i, u := range b.machine.Updates {
		g, err := u.Grad()
		if err != nil {
			return err
		}
		x, err := dense.Elements(g)
		if err != nil {
			return errors.Wrapf(err, "the gradient of parameter %d", i)
		}
		if x.Len() != s.mean[i].Len() {
			return errors.Errorf("the gradient of parameter %d has %d elements, want %d", i, x.Len(), s.mean[i].Len())
		}
		at += copyTo(part(v, at, x.Len()), x)
	}
	for i, x := range s.states {
		to := part(v, at, x.Len())
		for j := range to.F32 {
			to.F32[j] = x.F32[j] - s.before[i].F32[j]
		}
		for j := range to.F64 {
			to.F64[j] = x.F64[j] - s.before[i].F64[j]
		}
		at += x.Len()
	}
	s.restore()
	s.sum.Gradients.Push(shards.Node{Index: k, Sum: v})
	s.sum.Losses[k*s.sum.PerShard] = r.state.Loss
	copy(s.sum.Losses[k*s.sum.PerShard+1:][:s.sum.PerShard-1], r.losses)
	return nil
}

// restore gives the states the values that they had before the step: every shard begins with them.
func (s *sharded) restore() {
	for i, x := range s.states {
		shards.Vector{F32: x.F32, F64: x.F64}.Copy(s.before[i])
	}
}

// finish takes the means of the sums over n shards.
func (s *sharded) finish(n int) error {
	root, err := s.sum.Gradients.Root()
	if err != nil {
		return err
	}
	at := 0
	for _, x := range s.mean {
		from := part(root, at, x.Len())
		for j, v := range from.F32 {
			x.F32[j] = v / float32(n)
		}
		for j, v := range from.F64 {
			x.F64[j] = v / float64(n)
		}
		at += x.Len()
	}
	for _, x := range s.states {
		from := part(root, at, x.Len())
		for j, v := range from.F32 {
			x.F32[j] += v / float32(n)
		}
		for j, v := range from.F64 {
			x.F64[j] += v / float64(n)
		}
		at += x.Len()
	}
	return nil
}

// copyTo copies the elements of a tensor, and returns how many there are.
func copyTo(v shards.Vector, x dense.Slices) int {
	v.Copy(shards.Vector{F32: x.F32, F64: x.F64})
	return x.Len()
}

// part returns n values of a vector.
func part(v shards.Vector, from, n int) shards.Vector {
	if v.F64 != nil {
		return shards.Vector{F64: slices.Clip(v.F64[from : from+n])}
	}
	return shards.Vector{F32: slices.Clip(v.F32[from : from+n])}
}
