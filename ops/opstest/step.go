package opstest

import (
	"math"

	G "gorgonia.org/gorgonia"
)

// step runs one op. It is a fault if the op panics, returns an error, changes an operand, or returns nothing.
func (p *program) step(x instruction, operands []G.Value) (out G.Value, f *fault) {
	return p.stepAs(x.node.Op(), x, operands)
}

// stepAs runs an op in the place of another.
func (p *program) stepAs(op G.Op, x instruction, operands []G.Value) (out G.Value, f *fault) {
	before := make([]any, len(operands))
	for i, v := range operands {
		before[i] = snapshot(v)
	}
	role := p.role(x.node)
	out, f = p.protected(role, op, operands)
	if f != nil {
		return nil, f
	}
	if out == nil {
		return nil, faultf("%s returns no value and no error", role)
	}
	for i, v := range operands {
		if k, was, is, same := compare(before[i], v); !same {
			what := p.operand(x, i)
			a, b := nums(was, is)
			if what == "input "+num(float64(i)) && x.node == p.out {
				return nil, faultf("%s was overwritten: %s was %s and is %s after %s ran", what, at(v.Shape(), k), a, b, role).because(what)
			}
			return nil, faultf("%s was overwritten: %s was %s and is %s after %s ran, of which it is In[%d]", what, at(v.Shape(), k), a, b, role, i).because(what)
		}
	}
	return out, nil
}

func (p *program) protected(role string, op G.Op, operands []G.Value) (out G.Value, f *fault) {
	defer p.k.watch.begin(role)()
	defer func() {
		if r := recover(); r != nil {
			text := panicText(r)
			out, f = nil, faultf("%s panics: %s", role, text).because(place(text))
		}
	}()
	out, err := op.Do(operands...)
	if err == nil {
		return out, nil
	}
	if text, ok := panicOf(err); ok {
		return nil, faultf("%s panics: %s", role, text).because(place(text))
	}
	f = faultf("%s returns an error: %v", role, err).because(role)
	f.refused = true
	return nil, f
}

// snapshot copies the elements of a value.
func snapshot(v G.Value) any {
	switch v := v.(type) {
	case *G.F64:
		return *v
	case *G.F32:
		return *v
	case nil:
		return nil
	}
	switch data := v.Data().(type) {
	case []float64:
		return append([]float64(nil), data...)
	case []float32:
		return append([]float32(nil), data...)
	}
	return nil
}

// compare returns the first element of v that is no longer what it was, bit for bit.
func compare(before any, v G.Value) (k int, was, is float64, same bool) {
	switch b := before.(type) {
	case G.F64:
		is := *v.(*G.F64)
		return 0, float64(b), float64(is), math.Float64bits(float64(b)) == math.Float64bits(float64(is))
	case G.F32:
		is := *v.(*G.F32)
		return 0, float64(b), float64(is), math.Float32bits(float32(b)) == math.Float32bits(float32(is))
	case []float64:
		for k, is := range v.Data().([]float64) {
			if math.Float64bits(b[k]) != math.Float64bits(is) {
				return k, b[k], is, false
			}
		}
	case []float32:
		for k, is := range v.Data().([]float32) {
			if math.Float32bits(b[k]) != math.Float32bits(is) {
				return k, float64(b[k]), float64(is), false
			}
		}
	}
	return 0, 0, 0, true
}
