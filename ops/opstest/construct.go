package opstest

import (
	"reflect"
	"regexp"
	"runtime"
	"strings"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkConstruct builds the op for both dtypes.
func checkConstruct(k *kit) *fault {
	shapes := k.c.shapes()
	double, f := k.build(tensor.Float64, shapes)
	if f == nil {
		k.known(double.out)
	}
	single, g := k.build(tensor.Float32, shapes)
	if g == nil {
		k.known(single.out)
	}
	if f == nil && g != nil {
		if f = g; !strings.Contains(f.line, "Float32") {
			f.when("on float32 inputs")
		}
	}
	if f != nil {
		k.guessName(f)
		return f
	}
	if n, ok := size(double.out.Shape(), maxElements); !ok {
		return faultf("the output has shape %v of %d elements, want 1 to %d elements", double.out.Shape(), n, maxElements)
	}
	if !double.out.Shape().Eq(single.out.Shape()) {
		return faultf("the output has shape %v for float64 and %v for float32", double.out.Shape(), single.out.Shape())
	}
	if dtype := single.out.Dtype(); dtype != tensor.Float32 {
		return faultf("the output is %v for float32 inputs", dtype)
	}
	if n := double.out.Op().Arity(); k.whole(double) && n != len(k.c.Inputs) && n >= 0 {
		return faultf("it takes %s, but the case has %d", plural(n, "input"), len(k.c.Inputs))
	}
	return nil
}

// whole reports whether the node of the op is the only one: it is not made of several.
func (k *kit) whole(p *program) bool { return len(p.forward) == 1 }

var identifier = regexp.MustCompile(`^[\pL_][\pL\pN_.]*$`)

// guessName takes the name of an op that cannot be built from its error, or from the function that builds it.
func (k *kit) guessName(f *fault) {
	if k.name != "" {
		return
	}
	words := strings.TrimPrefix(f.line, "gradient of ")
	words, _, _ = strings.Cut(words, ":")
	words, _, _ = strings.Cut(words, " of shapes")
	if identifier.MatchString(words) {
		k.name = words
		return
	}
	if k.c.op == nil {
		return
	}
	name := runtime.FuncForPC(reflect.ValueOf(k.c.op).Pointer()).Name()
	if name = name[strings.LastIndexAny(name, "/.")+1:]; !strings.HasPrefix(name, "func") && !strings.HasSuffix(name, "-fm") {
		k.name = name
	}
}

// checkDerivable looks for a gradient.
func checkDerivable(k *kit) *fault {
	p, f := k.build(tensor.Float64, k.c.shapes())
	if f != nil {
		return f
	}
	if def, ok := ops.DefOf(p.out); ok && def.Gradient == nil {
		return faultf("it has no gradient: Def.Gradient is nil")
	}
	if _, ok := p.out.Op().(G.SDOp); !ok {
		return faultf("it has no gradient: %T is not a gorgonia.SDOp", p.out.Op())
	}
	if _, ok := p.out.Op().(G.ADOp); !ok {
		return faultf("it does not work on a Lisp machine: %T is not a gorgonia.ADOp", p.out.Op())
	}
	return nil
}

// checkExport asks Case.Export.
func checkExport(k *kit) (f *fault) {
	if k.c.Export == nil {
		return nil
	}
	p, f := k.build(tensor.Float32, k.c.shapes())
	if f != nil {
		return f
	}
	defer func() {
		if r := recover(); r != nil {
			f = faultf("Case.Export panics: %s", panicText(r))
		}
	}()
	if err := k.c.Export(p.out); err != nil {
		return faultf("it cannot be exported: %v", err)
	}
	return nil
}
