package opstest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/graph"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkAllocations runs the op, and each op of its gradient, individually after a first run.
func checkAllocations(r *report, c Case) (n int) {
	for _, dtype := range dtypes {
		p, err := c.ran(dtype, c.values())
		if err != nil {
			r.errorf("%v: %v", dtype, err)
			continue
		}
		for _, node := range p.graph.AllNodes() {
			if node.Op() == nil || node.Op().Arity() == 0 {
				continue
			}
			var values []G.Value
			for _, child := range graph.NodesOf(p.graph.From(node.ID())) {
				values = append(values, child.(*G.Node).Value())
			}
			n++
			if allocs := testing.AllocsPerRun(10, func() { _, err = node.Op().Do(values...) }); allocs > 0 || err != nil {
				r.errorf("%v: %v makes %g allocations a run, error %v", dtype, node.Op(), allocs, err)
			}
		}
	}
	return n
}

// checkHashes builds the op and its variants on the same inputs and compares the hashes of their nodes.
func checkHashes(r *report, c Case) (n int) {
	p, err := c.program(tensor.Float64, c.values(), nil)
	if err != nil {
		r.errorf("%v", err)
		return n
	}
	seen := map[uint32]string{p.out.Hashcode(): fmt.Sprint(p.out.Op())}
	for i, build := range c.Variants {
		node, err := build(p.in)
		if err != nil {
			r.errorf("variant %d: %v", i, err)
			continue
		}
		n++
		if other, ok := seen[node.Hashcode()]; ok {
			r.errorf("variant %d (%v) has the hash of %s: Gorgonia would take them for one node", i, node.Op(), other)
		}
		seen[node.Hashcode()] = fmt.Sprint(node.Op())
	}
	other, err := c.program(tensor.Float32, c.values(), nil)
	if err != nil {
		r.errorf("float32: %v", err)
		return n
	}
	n++
	if other.out.Hashcode() == p.out.Hashcode() {
		r.errorf("float32 and float64 have the same hash")
	}
	return n
}

// checkShapes passes wrong shapes to the op.
func checkShapes(r *report, c Case) (n int) {
	p, err := c.program(tensor.Float64, c.values(), nil)
	if err != nil {
		r.errorf("%v", err)
		return n
	}
	n++
	if got := p.out.Op(); len(c.Inputs) != got.Arity() && got.Arity() >= 0 {
		r.errorf("%v takes %d inputs, but the case has %d", got, got.Arity(), len(c.Inputs))
	}
	name, _, _ := strings.Cut(p.out.Op().String(), "[")
	for _, shapes := range c.BadShapes {
		n++
		err := c.build(tensor.Float64, shapes)
		switch {
		case err == nil:
			r.errorf("shapes %v were accepted", shapes)
		case !strings.Contains(err.Error(), name):
			r.errorf("shapes %v: the error does not name the op %s: %v", shapes, name, err)
		case !namesShape(err, shapes):
			r.errorf("shapes %v: the error names none of them: %v", shapes, err)
		}
	}
	return n
}

func namesShape(err error, shapes []tensor.Shape) bool {
	for _, s := range shapes {
		if strings.Contains(err.Error(), fmt.Sprint(s)) {
			return true
		}
	}
	return false
}

// build adds the op on inputs of the given shapes, and returns the resulting error or panic.
func (c Case) build(dtype tensor.Dtype, shapes []tensor.Shape) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Errorf("panic, not an error: %v", r)
		}
	}()
	g := G.NewGraph()
	var in []*G.Node
	for i, s := range shapes {
		in = append(in, inputNode(g, dtype, s, inputName(i), nil))
	}
	_, err = c.Build(in)
	return err
}

// checkDtypes mixes dtypes, and passes integers.
func checkDtypes(r *report, c Case) (n int) {
	g := G.NewGraph()
	var mixed []*G.Node
	for i, in := range c.Inputs {
		dtype := tensor.Float64
		if i > 0 {
			dtype = tensor.Float32
		}
		mixed = append(mixed, inputNode(g, dtype, in.Shape, inputName(i), nil))
	}
	if len(mixed) > 1 {
		n++
		if _, err := c.Build(mixed); err == nil {
			r.errorf("float64 and float32 inputs were accepted together")
		}
	}
	var shapes []tensor.Shape
	for _, in := range c.Inputs {
		shapes = append(shapes, in.Shape)
	}
	n++
	if err := c.build(tensor.Int, shapes); err == nil {
		r.errorf("integer inputs were accepted")
	}
	return n
}
