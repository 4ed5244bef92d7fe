package nn

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"
)

// Param is a named tensor of a network.
type Param struct {
	Name  string
	Value *tensor.Dense
	// Trainable reports whether optimizers update it. Running statistics are not trainable.
	Trainable bool

	shape tensor.Shape // if there is no value, in a plan
}

// Shape returns the shape of the parameter, which it also has in a set of NewPlan, without a value.
func (x *Param) Shape() tensor.Shape {
	switch {
	case x == nil:
		return nil
	case x.Value == nil:
		return x.shape
	}
	return x.Value.Shape()
}

// Params is an ordered set of named tensors: the weights of a network. A set from NewParams is open: a graph creates the parameters that it
// does not find. In a sealed set, such as that of a loaded network, a missing parameter is an error. Graphs share the tensors, so all of
// them see an update.
//
// A set is not safe for concurrent use. A nil set counts as empty and sealed, the zero value as an open set of float32 with seed 0.
type Params struct {
	dtype  tensor.Dtype
	seed   uint64
	sealed bool
	list   []*Param
	byName map[string]*Param

	planned bool // see NewPlan
	states  map[string]*tensor.Dense
}

// NewParams returns an empty, open set. dtype is float32 or float64. The initial value of a parameter depends only on the seed and its
// name, so layers with the same name and shape start with the same weights in different networks, in both dtypes.
func NewParams(dtype tensor.Dtype, seed uint64) (*Params, error) {
	if dtype != tensor.Float32 && dtype != tensor.Float64 {
		return nil, errors.Errorf("nn: dtype %v, want float32 or float64", dtype)
	}
	return &Params{dtype: dtype, seed: seed, byName: map[string]*Param{}}, nil
}

// Dtype returns the dtype of all parameters.
func (p *Params) Dtype() tensor.Dtype {
	if p == nil || p.dtype.Type == nil {
		return tensor.Float32
	}
	return p.dtype
}

// Seed returns the seed of the initial weights.
func (p *Params) Seed() uint64 {
	if p == nil {
		return 0
	}
	return p.seed
}

// Seal declares the set complete: from now on, graphs create no parameters in it, and Add returns an error.
func (p *Params) Seal() {
	if p != nil && !p.sealed { // several goroutines may build graphs of one network
		p.sealed = true
	}
}

// Sealed reports whether the set is complete.
func (p *Params) Sealed() bool { return p == nil || p.sealed }

// All returns the parameters in the order in which they were added. Do not change the slice.
func (p *Params) All() []*Param {
	if p == nil {
		return nil
	}
	return p.list
}

// Get returns the parameter of that name, or nil.
func (p *Params) Get(name string) *Param {
	if p == nil {
		return nil
	}
	return p.byName[name]
}

// Size returns the number of trainable weights.
func (p *Params) Size() int {
	n := 0
	for _, x := range p.All() {
		if x.Trainable {
			n += x.Shape().TotalSize()
		}
	}
	return n
}

// Add adds a parameter with a given value, such as one read from a file; the set keeps the tensor, not a copy. It returns an error if the
// set is sealed, the name is empty or taken, or the value is nil, a scalar or of a different dtype than the set.
func (p *Params) Add(name string, value *tensor.Dense, trainable bool) error {
	switch {
	case p.Sealed():
		return errors.Errorf("nn: parameter %q: the set is sealed", name)
	case name == "" || value == nil:
		return errors.Errorf("nn: parameter %q has no name or no value", name)
	case p.byName[name] != nil:
		return errors.Errorf("nn: there are two parameters %q", name)
	case value.Dtype() != p.Dtype():
		return errors.Errorf("nn: parameter %q is %v, want %v", name, value.Dtype(), p.Dtype())
	case value.Dims() == 0:
		return errors.Errorf("nn: parameter %q is a scalar, want at least one dimension", name)
	}
	p.add(&Param{Name: name, Value: value, Trainable: trainable})
	return nil
}

func (p *Params) add(x *Param) {
	if p.byName == nil {
		p.byName = map[string]*Param{}
	}
	p.list = append(p.list, x)
	p.byName[x.Name] = x
}

// misfit is the error of a parameter that a layer asks for and that the set lacks or has with a different shape.
type misfit struct{ text string }

func (m *misfit) Error() string { return m.text }

// param returns the parameter of that name. If there is none, it creates and fills it, unless the set is sealed. If the parameter is
// missing or does not fit, it returns a placeholder and a misfit, so that the caller can continue and list all of them.
func (p *Params) param(name string, trainable bool, init Initializer, shape tensor.Shape) (*Param, error) {
	if init == nil {
		return nil, errors.Errorf("parameter %q has no initializer", name)
	}
	size, err := checkedSize(name, shape)
	if err != nil {
		return nil, err
	}
	x := p.byName[name]
	if x != nil && x.Shape().Eq(shape) && x.Trainable == trainable {
		return x, nil
	}
	made := &Param{Name: name, Trainable: trainable, shape: shape.Clone()}
	var fault error
	switch {
	case x != nil && x.Trainable != trainable:
		fault = &misfit{fmt.Sprintf("parameter %q has Trainable = %v, want %v", name, x.Trainable, trainable)}
	case x != nil:
		fault = &misfit{fmt.Sprintf("parameter %q has shape %v, want %v", name, x.Shape(), shape)}
	case p.Sealed():
		fault = &misfit{fmt.Sprintf("parameter %q %v is missing", name, shape)}
	}
	if fault != nil || p.planned {
		if !trainable { // whose value the layer may look at
			if made.Value, err = p.placeholder(name, shape, size); err != nil {
				return nil, err
			}
		}
		if fault == nil {
			p.add(made)
		}
		return made, fault
	}
	made.Value = tensor.New(tensor.Of(p.Dtype()), tensor.WithShape(shape.Clone()...))
	values := make([]float64, size)
	h := fnv.New64a()
	h.Write([]byte(name))
	init(rand.New(rand.NewPCG(p.seed, h.Sum64())), values, shape)
	made.set(values)
	p.add(made)
	return made, nil
}

// maxElements bounds the elements of one parameter. A Go program that asks for more memory than there is dies without an error.
const maxElements = 1 << (26 + 7*(^uint(0)>>63)) // 2^33, and 2^26 on 32-bit systems

// checkedSize returns the number of elements of a shape, or an error if a parameter cannot have it.
func checkedSize(name string, shape tensor.Shape) (int, error) {
	if len(shape) == 0 {
		return 0, errors.Errorf("parameter %q has no dimensions, want at least one", name)
	}
	size := 1
	for _, d := range shape {
		if d <= 0 {
			return 0, errors.Errorf("parameter %q has shape %v, want positive sizes", name, shape)
		}
		if d > maxElements/size {
			return 0, errors.Errorf("parameter %q of shape %v is too large: more than %d elements", name, shape, maxElements)
		}
		size *= d
	}
	return size, nil
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

// Clone returns a copy that shares no tensors.
func (p *Params) Clone() *Params {
	if p == nil {
		return nil
	}
	c := &Params{dtype: p.Dtype(), seed: p.seed, sealed: p.sealed, byName: map[string]*Param{}, planned: p.planned}
	for _, x := range p.list {
		y := &Param{Name: x.Name, Trainable: x.Trainable, shape: x.shape}
		if x.Value != nil {
			y.Value = x.Value.Clone().(*tensor.Dense)
		}
		c.add(y)
	}
	return c
}

// CopyFrom copies the values of another set into the tensors of this one. If they do not match, it returns the error of Match and
// copies nothing.
func (p *Params) CopyFrom(other *Params) error {
	if err := p.Match(other); err != nil {
		return err
	}
	if err := noPlan(p, other); err != nil {
		return err
	}
	for _, x := range p.All() {
		if err := tensor.Copy(x.Value, other.byName[x.Name].Value); err != nil {
			return errors.Wrapf(err, "nn: parameter %q", x.Name)
		}
	}
	return nil
}

// CopyMatching copies the parameters of another set whose names match at least one of the patterns of path.Match, such as "hidden*": the
// body of a trained network for a network with a new head. It returns their names, in order. If a pattern is malformed or matches nothing,
// or this set lacks a matching parameter or has it with a different shape or dtype, it returns an error that lists all such problems and
// copies nothing.
func (p *Params) CopyMatching(other *Params, patterns ...string) ([]string, error) {
	if err := noPlan(p, other); err != nil {
		return nil, err
	}
	var names, faults []string
	for _, pattern := range patterns {
		found := false
		for _, y := range other.All() {
			ok, err := path.Match(pattern, y.Name)
			if err != nil {
				return nil, errors.Wrapf(err, "nn: pattern %q", pattern)
			}
			found = found || ok
			if !ok || slices.Contains(names, y.Name) {
				continue
			}
			if fault := y.unlike(p.Get(y.Name)); fault != "" {
				faults = append(faults, fault)
			}
			names = append(names, y.Name)
		}
		if !found {
			faults = append(faults, fmt.Sprintf("no parameter matches %q", pattern))
		}
	}
	if faults != nil {
		return nil, errors.New("nn: " + strings.Join(faults, "; "))
	}
	for _, name := range names {
		if err := tensor.Copy(p.Get(name).Value, other.Get(name).Value); err != nil {
			return nil, errors.Wrapf(err, "nn: parameter %q", name)
		}
	}
	return names, nil
}

// unlike describes how y, which has the same name, differs from x in shape or dtype. It is empty if they agree.
func (x *Param) unlike(y *Param) string {
	switch {
	case y == nil:
		return fmt.Sprintf("parameter %q %v is missing", x.Name, x.Shape())
	case !y.Shape().Eq(x.Shape()) || y.Value != nil && x.Value != nil && y.Value.Dtype() != x.Value.Dtype():
		return fmt.Sprintf("parameter %q is %v %v, want %v %v", x.Name, y.Value.Dtype(), y.Shape(), x.Value.Dtype(), x.Shape())
	}
	return ""
}

// Match returns an error that lists every parameter that the other set lacks, has in addition, or has with a different shape or dtype. The
// order does not matter.
func (p *Params) Match(other *Params) error {
	var faults []string
	for _, x := range p.All() {
		if fault := x.unlike(other.Get(x.Name)); fault != "" {
			faults = append(faults, fault)
		}
	}
	for _, y := range other.All() {
		if p.Get(y.Name) == nil {
			faults = append(faults, fmt.Sprintf("parameter %q %v is surplus", y.Name, y.Shape()))
		}
	}
	if faults != nil {
		return errors.New("nn: " + strings.Join(faults, "; "))
	}
	return nil
}
