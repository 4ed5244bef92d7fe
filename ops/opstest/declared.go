package opstest

import (
	"slices"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// checkDeclared compares the inputs that the op says it has a gradient for with those that it depends on, and with the case.
func checkDeclared(k *kit) *fault {
	p, f := k.build(tensor.Float64, k.c.shapes())
	if f != nil {
		return f
	}
	if !k.whole(p) {
		return nil
	}
	wrt := p.out.Op().(G.SDOp).DiffWRT(len(p.in))
	if len(wrt) != len(p.in) {
		return faultf("DiffWRT reports for %s, but there are %d", plural(len(wrt), "input"), len(p.in))
	}
	how := "DiffWRT reports none"
	if _, ok := ops.DefOf(p.out); ok {
		how = "Gradient.Of marks it NoGradient"
	}
	if !slices.Contains(wrt, true) {
		return faultf("no input has a gradient: %s, but the output depends on %s", how, k.dependencies())
	}
	for i, has := range wrt {
		switch constant := k.c.Inputs[i].Constant; {
		case has && constant:
			return faultf("input %d has a gradient, but the case calls it Constant", i)
		case !has && !constant && k.jacobian.matters(i):
			return faultf("input %d has no gradient: %s, but the output depends on it", i, how)
		case !has && !constant:
			return faultf("input %d has no gradient, and the output does not depend on it: is it Constant in the case?", i)
		case !constant && !k.jacobian.matters(i):
			return faultf("the output does not depend on input %d: is it forgotten? An input without a gradient is Constant in the case", i)
		}
	}
	return nil
}

// dependencies lists the inputs that the output depends on.
func (k *kit) dependencies() string {
	list := ""
	for i := range k.c.Inputs {
		if k.jacobian.matters(i) {
			if list != "" {
				list += ", "
			}
			list += "input " + num(float64(i))
		}
	}
	if list == "" {
		return "no input that is not Constant"
	}
	return list
}
