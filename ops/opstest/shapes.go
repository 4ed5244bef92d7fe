package opstest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/ops"
	"gorgonia.org/tensor"
)

// checkShapes passes wrong shapes to the op: those of the case, and the shapes of the case with one input changed.
func checkShapes(k *kit) *fault {
	p, f := k.build(tensor.Float64, k.c.shapes())
	if f != nil {
		return f
	}
	name, _, _ := strings.Cut(p.out.Op().String(), "[")
	if def, ok := ops.DefOf(p.out); ok {
		name = def.Name
	}
	for _, shapes := range k.c.BadShapes {
		_, f := k.buildAny(shapes)
		switch {
		case f == nil:
			return faultf("shapes %v are accepted, but Case.BadShapes lists them: is a check of shapes missing?", shapes)
		case !f.refused:
			return f.when("on shapes %v: want an error", shapes)
		case k.whole(p) && !strings.Contains(f.line, name):
			return faultf("the error for shapes %v does not name the op %s: %s", shapes, name, f.line)
		case !namesShape(f.line, shapes):
			return faultf("the error for shapes %v names none of them: %s", shapes, f.line)
		}
	}
	for _, wrong := range k.changedShapes() {
		if f := k.handles(wrong); f != nil {
			return f
		}
	}
	return nil
}

// buildAny builds the op on shapes that need not be those of a tensor.
func (k *kit) buildAny(shapes []tensor.Shape) (p *program, f *fault) {
	defer func() {
		if r := recover(); r != nil { // Gorgonia has no node of such a shape, so that nothing reaches the op
			f = faultf("%s: shapes %v: %v", k.title(), shapes, r)
			f.refused = true
		}
	}()
	return k.build(tensor.Float64, shapes)
}

func namesShape(text string, shapes []tensor.Shape) bool {
	return slices.ContainsFunc(shapes, func(s tensor.Shape) bool { return strings.Contains(text, fmt.Sprint(s)) })
}

// changed is a list of shapes of which that of one input is not that of the case.
type changed struct {
	shapes []tensor.Shape
	input  int
}

// changedShapes changes one dimension of one input, or the number of its dimensions.
func (k *kit) changedShapes() (all []changed) {
	for i, s := range k.c.shapes() {
		change := func(to tensor.Shape) {
			shapes := slices.Clone(k.c.shapes())
			if shapes[i] = to; !to.Eq(s) {
				all = append(all, changed{shapes, i})
			}
		}
		for d := range s {
			for _, by := range []int{1, -1} {
				to := s.Clone()
				if to[d] += by; to[d] > 0 {
					change(to)
				}
			}
		}
		if s.Dims() == 2 {
			change(tensor.Shape{s[1], s[0]})
		}
		change(tensor.Shape{elements(s)})
		change(append(s.Clone(), 2))
		change(tensor.ScalarShape())
	}
	return all
}

// handles builds and runs the op on changed shapes. An error is fine; if the shapes are accepted, the op must run, and must take account
// of all elements of the changed input, if it does for the shapes of the case.
func (k *kit) handles(c changed) *fault {
	p, f := k.build(tensor.Float64, c.shapes)
	switch {
	case f != nil && f.refused:
		return nil
	case f != nil:
		return f.when(": want an error that names the shapes")
	case elements(p.out.Shape()) > maxElements:
		return nil
	}
	values := k.c.values(c.shapes, 0)
	p.bind(values)
	if f := p.run(); f != nil {
		if f.refused {
			return nil
		}
		return f.when("on shapes %v, which are accepted: is a check of shapes missing?", c.shapes)
	}
	if k.c.Random || k.c.Inputs[c.input].Constant || !k.allMatter(c.input) {
		return nil
	}
	base := p.output()
	for _, e := range sample(len(values[c.input]), 64) {
		x := values[c.input][e]
		same := true
		for _, to := range []float64{x + 0.5, x - 0.5, x + 4, x - 4} {
			values[c.input][e] = to
			p.bind(values)
			if f := p.run(); f != nil {
				return f.when("on shapes %v, which are accepted: is a check of shapes missing?", c.shapes)
			}
			_, differ := differs(base, p.output())
			same = same && !differ
		}
		values[c.input][e] = x
		if same && !math.IsNaN(base[0]) {
			return faultf("shapes %v are accepted, but the output ignores %s of input %d: is a check of shapes missing?", c.shapes, at(c.shapes[c.input], e), c.input)
		}
	}
	return nil
}

// allMatter reports whether the output depends on each element of input i for the shapes of the case.
func (k *kit) allMatter(i int) bool {
	return !slices.ContainsFunc(k.jacobian.inputs[i].touched, func(t []bool) bool { return !slices.Contains(t, true) })
}
