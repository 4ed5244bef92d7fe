package theory

import "github.com/selfnorm/selfnorm/nn/theory/interval"

// curvature encloses the first and second derivatives, with respect to m = mu omega and v = nu tau, of the mean, the second moment and the
// variance of selu(z), z ~ N(m, v).
type curvature struct {
	mu, omega, nu, tau     interval.Jet
	mean, second, variance partials
}

// partials are first and second derivatives.
type partials struct{ m, v, mm, mv, vv interval.Jet }

// curvature evaluates the derivatives over a box. For any f, E f(z) solves the heat equation: its derivative with respect to v is half the
// second one with respect to m. So mm, mv and vv are h, h'/2 and h”/4, where ' is the derivative with respect to m, and h, the second one, is
//
//	lambda (alpha A(1) + (1 - alpha) p) for the mean,  2 lambda^2 (Phi + alpha^2 (2 A(2) - A(1))) for the second moment,
//
// with the functions of [Prover.enclose]. The others follow from Phi' = p, A(k)' = k A(k) - p, p' = -(m/v) p and p” = (m^2/v^2 - 1/v) p.
func (p Prover) curvature(b Box) curvature {
	c := curvature{mu: interval.Var(0, b.Mu), omega: interval.Var(1, b.Omega), nu: interval.Var(2, b.Nu), tau: interval.Var(3, b.Tau)}
	m, v := c.mu.Mul(c.omega), c.nu.Mul(c.tau)
	phi, d, a := truncatedMoments(m, v)
	ratio := m.Div(v)
	d1 := ratio.Mul(d).Scale(interval.Point(-1))
	d2 := ratio.Sqr().Sub(interval.Const(interval.Point(1)).Div(v)).Mul(d)
	half, two := interval.Point(0.5), interval.Point(2)
	linear := m.Mul(phi).Add(v.Mul(d)) // E[z; z > 0]

	kink, rise := interval.Point(1).Sub(p.Alpha), a[1].Sub(d) // A(1)' = A(1) - p
	c.mean.m = phi.Add(a[1].Scale(p.Alpha)).Scale(p.Lambda)
	c.mean.mm = a[1].Scale(p.Alpha).Add(d.Scale(kink)).Scale(p.Lambda)
	c.mean.v = c.mean.mm.Scale(half)
	c.mean.mv = rise.Scale(p.Alpha).Add(d1.Scale(kink)).Scale(p.Lambda.Mul(half))
	c.mean.vv = rise.Sub(d1).Scale(p.Alpha).Add(d2.Scale(kink)).Scale(p.Lambda.Mul(interval.Point(0.25)))

	lambda2, alpha2 := p.Lambda.Sqr(), p.Alpha.Sqr()
	// 2 A(2) - A(1), once and twice differentiated, is 4 A(2) - A(1) - p and 8 A(2) - A(1) - 3 p - p'.
	once := a[2].Scale(interval.Point(4)).Sub(a[1]).Sub(d)
	twice := a[2].Scale(interval.Point(8)).Sub(a[1]).Sub(d.Scale(interval.Point(3))).Sub(d1)
	c.second.m = linear.Add(a[2].Sub(a[1]).Scale(alpha2)).Scale(lambda2.Mul(two))
	c.second.v = phi.Add(a[2].Add(a[2].Sub(a[1])).Scale(alpha2)).Scale(lambda2)
	c.second.mm = c.second.v.Scale(two)
	c.second.mv = d.Add(once.Scale(alpha2)).Scale(lambda2)
	c.second.vv = d1.Add(twice.Scale(alpha2)).Scale(lambda2.Mul(half))

	c.variance = c.second.minusSquare(linear.Add(a[1].Sub(a[0]).Scale(p.Alpha)).Scale(p.Lambda), c.mean)
	return c
}

// minusSquare returns the derivatives of s - f^2, for those of s and f.
func (s partials) minusSquare(value interval.Jet, f partials) partials {
	two := interval.Point(2)
	term := func(of, x, y, second interval.Jet) interval.Jet { // (f^2)_xy = 2 f_x f_y + 2 f f_xy
		return of.Sub(x.Mul(y).Add(value.Mul(second)).Scale(two))
	}
	return partials{
		m: s.m.Sub(value.Mul(f.m).Scale(two)), v: s.v.Sub(value.Mul(f.v).Scale(two)),
		mm: term(s.mm, f.m, f.m, f.mm), mv: term(s.mv, f.m, f.v, f.mv), vv: term(s.vv, f.v, f.v, f.vv),
	}
}

// byMu returns the derivatives with respect to mu, omega, nu and tau of d.m omega, the derivative of a moment with respect to mu.
func (c curvature) byMu(d partials) [interval.Vars]interval.Jet {
	m := c.mu.Mul(c.omega)
	return [interval.Vars]interval.Jet{c.omega.Sqr().Mul(d.mm), d.m.Add(m.Mul(d.mm)), c.omega.Mul(c.tau).Mul(d.mv), c.omega.Mul(c.nu).Mul(d.mv)}
}

// byNu returns those of d.v tau, the derivative of a moment with respect to nu.
func (c curvature) byNu(d partials) [interval.Vars]interval.Jet {
	v := c.nu.Mul(c.tau)
	return [interval.Vars]interval.Jet{c.omega.Mul(c.tau).Mul(d.mv), c.mu.Mul(c.tau).Mul(d.mv), c.tau.Sqr().Mul(d.vv), d.v.Add(v.Mul(d.vv))}
}
