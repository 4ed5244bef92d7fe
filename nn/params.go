package nn

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Param is a named tensor of a network.
type Param struct {
	Name  string
	Value *tensor.Dense
	// Trainable says that an optimizer updates it. Running statistics are not trainable.
	Trainable bool
}

// Params is an ordered set of named tensors: the weights of a network. They are made when a graph first asks for them.
// Graphs share the tensors, so an update shows in all of them. It must not be used by several goroutines at a time.
type Params struct {
	dtype  tensor.Dtype
	seed   uint64
	list   []*Param
	byName map[string]*Param
}

// NewParams returns an empty set. dtype is float32 or float64. A weight depends on the seed and its own name alone,
// so that networks which share a layer's name and shape share its initial weights, in both dtypes.
func NewParams(dtype tensor.Dtype, seed uint64) (*Params, error) {
	if dtype != tensor.Float32 && dtype != tensor.Float64 {
		return nil, errors.Errorf("nn: dtype %v, want float32 or float64", dtype)
	}
	return &Params{dtype: dtype, seed: seed, byName: map[string]*Param{}}, nil
}

// Dtype returns the dtype of all parameters.
func (p *Params) Dtype() tensor.Dtype { return p.dtype }

// Seed returns the seed from which weights are drawn.
func (p *Params) Seed() uint64 { return p.seed }

// All returns the parameters in the order in which they were made. The slice must not be changed.
func (p *Params) All() []*Param { return p.list }

// Get returns the parameter of that name, or nil.
func (p *Params) Get(name string) *Param { return p.byName[name] }

// Size returns the number of trainable weights.
func (p *Params) Size() int {
	n := 0
	for _, x := range p.list {
		if x.Trainable {
			n += x.Value.DataSize()
		}
	}
	return n
}

// Add adds a parameter with a value of its own, such as one read from a file. It returns an error if the name is taken or
// the dtype is not that of the set.
func (p *Params) Add(name string, value *tensor.Dense, trainable bool) error {
	switch {
	case p.byName[name] != nil:
		return errors.Errorf("nn: there are two parameters %q", name)
	case value.Dtype() != p.dtype:
		return errors.Errorf("nn: parameter %q is %v, want %v", name, value.Dtype(), p.dtype)
	}
	p.add(&Param{Name: name, Value: value, Trainable: trainable})
	return nil
}

func (p *Params) add(x *Param) {
	p.list = append(p.list, x)
	p.byName[x.Name] = x
}

// param returns the parameter of that name, and makes and fills it if there is none.
func (p *Params) param(name string, trainable bool, init Initializer, shape tensor.Shape) (*Param, error) {
	if x := p.byName[name]; x != nil {
		if !x.Value.Shape().Eq(shape) || x.Trainable != trainable {
			return nil, errors.Errorf("parameter %q has shape %v (trainable %v), but the layer asks for %v (trainable %v)",
				name, x.Value.Shape(), x.Trainable, shape, trainable)
		}
		return x, nil
	}
	for _, d := range shape {
		if d <= 0 {
			return nil, errors.Errorf("parameter %q has shape %v, want positive sizes", name, shape)
		}
	}
	values := make([]float64, shape.TotalSize())
	h := fnv.New64a()
	h.Write([]byte(name))
	init(rand.New(rand.NewPCG(p.seed, h.Sum64())), values, shape)
	x := &Param{Name: name, Value: tensor.New(tensor.Of(p.dtype), tensor.WithShape(shape.Clone()...)), Trainable: trainable}
	x.set(values)
	p.add(x)
	return x, nil
}

func (x *Param) set(values []float64) {
	switch dst := x.Value.Data().(type) {
	case []float64:
		copy(dst, values)
	case []float32:
		for i, v := range values {
			dst[i] = float32(v)
		}
	}
}

// Clone returns a copy with tensors of its own.
func (p *Params) Clone() *Params {
	c := &Params{dtype: p.dtype, seed: p.seed, byName: map[string]*Param{}}
	for _, x := range p.list {
		c.add(&Param{Name: x.Name, Value: x.Value.Clone().(*tensor.Dense), Trainable: x.Trainable})
	}
	return c
}

// CopyFrom copies the values of another set into the tensors of this one. It returns an error, before anything is
// copied, if they do not match.
func (p *Params) CopyFrom(other *Params) error {
	if err := p.Match(other); err != nil {
		return err
	}
	for _, x := range p.list {
		if err := tensor.Copy(x.Value, other.byName[x.Name].Value); err != nil {
			return errors.Wrapf(err, "nn: parameter %q", x.Name)
		}
	}
	return nil
}

// Match returns an error that lists every parameter that another set lacks, has too many, or has with another shape or dtype.
// The order does not matter.
func (p *Params) Match(other *Params) error {
	var faults []string
	for _, x := range p.list {
		y := other.byName[x.Name]
		switch {
		case y == nil:
			faults = append(faults, fmt.Sprintf("parameter %q %v is missing", x.Name, x.Value.Shape()))
		case !y.Value.Shape().Eq(x.Value.Shape()) || y.Value.Dtype() != x.Value.Dtype():
			faults = append(faults, fmt.Sprintf("parameter %q is %v %v, want %v %v", x.Name,
				y.Value.Dtype(), y.Value.Shape(), x.Value.Dtype(), x.Value.Shape()))
		}
	}
	for _, y := range other.list {
		if p.byName[y.Name] == nil {
			faults = append(faults, fmt.Sprintf("parameter %q %v is surplus", y.Name, y.Value.Shape()))
		}
	}
	if faults != nil {
		return errors.New("nn: " + strings.Join(faults, "; "))
	}
	return nil
}
