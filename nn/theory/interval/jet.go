package interval

// Vars is the number of variables of a Jet.
const Vars = 4

// Jet encloses a function of four variables and its gradient over a box: V its values, D its partial derivatives.
type Jet struct {
	V Interval
	D [Vars]Interval
}

// Const returns the jet of a constant that lies in a.
func Const(a Interval) Jet { return Jet{V: a} }

// Var returns the jet of variable i, from 0 to Vars-1, which runs over a. The gradient of any other variable is NaN and proves nothing.
func Var(i int, a Interval) Jet {
	x := Jet{V: a}
	if i < 0 || i >= Vars {
		x.D = [Vars]Interval{undefined, undefined, undefined, undefined}
		return x
	}
	x.D[i] = Point(1)
	return x
}

// Add returns x + y.
func (x Jet) Add(y Jet) Jet {
	z := Jet{V: x.V.Add(y.V)}
	for i := range z.D {
		z.D[i] = x.D[i].Add(y.D[i])
	}
	return z
}

// Sub returns x - y.
func (x Jet) Sub(y Jet) Jet { return x.Add(y.Scale(Point(-1))) }

// Scale returns a x for a constant in a.
func (x Jet) Scale(a Interval) Jet { return x.chain(a.Mul(x.V), a) }

// Mul returns x y.
func (x Jet) Mul(y Jet) Jet {
	z := Jet{V: x.V.Mul(y.V)}
	for i := range z.D {
		z.D[i] = x.D[i].Mul(y.V).Add(x.V.Mul(y.D[i]))
	}
	return z
}

// Div returns x / y.
func (x Jet) Div(y Jet) Jet {
	inverse := Point(1).Div(y.V)
	z := x.Mul(y.chain(inverse, inverse.Sqr().Neg()))
	z.V = z.V.Intersect(x.V.Div(y.V)) // one rounding less
	return z
}

// Sqr returns x^2.
func (x Jet) Sqr() Jet { return x.chain(x.V.Sqr(), Point(2).Mul(x.V)) }

// Sqrt returns the square root of x. Its gradient is unbounded if x may be 0.
func (x Jet) Sqrt() Jet {
	root := x.V.Sqrt()
	return x.chain(root, Point(1).Div(Point(2).Mul(root)))
}

// Exp returns e^x.
func (x Jet) Exp() Jet {
	e := Exp(x.V)
	return x.chain(e, e)
}

// Erfcx returns e^(x^2) erfc(x).
func (x Jet) Erfcx() Jet {
	value, slope := Erfcx(x.V)
	return x.chain(value, slope)
}

// chain returns f(x) for a function f with the given value and slope on x.V.
func (x Jet) chain(value, slope Interval) Jet {
	z := Jet{V: value}
	for i := range z.D {
		z.D[i] = slope.Mul(x.D[i])
	}
	return z
}
