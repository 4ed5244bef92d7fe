package theory

import "github.com/selfnorm/selfnorm/nn/theory/interval"

// mapJets encloses the moment map and its derivatives with respect to mu, omega, nu and tau over a box.
type mapJets struct {
	// mu, omega, nu, tau are the arguments.
	mu, omega, nu, tau interval.Jet
	// mean, second and variance of selu(z), z ~ N(mu omega, nu tau): E y, E y^2 and their combination E y^2 - (E y)^2.
	mean, second, variance interval.Jet
	// dMean and dVariance are derivatives with respect to m = mu omega and v = nu tau.
	dMean, dVariance struct{ m, v interval.Jet }
	// slope is the second moment of selu'(z).
	slope interval.Jet
}

// enclose evaluates the map over a box. With A(k) = E[e^(kz); z < 0] = e^(km + k^2 v/2) Phi(-(m + kv)/s) and p = phi(m/s)/s, the density
// of z at 0, the paper's Eq. 4 and 5 read
//
//	E y   = lambda (m Phi(m/s) + v p + alpha (A(1) - A(0)))
//	E y^2 = lambda^2 ((m^2 + v) Phi(m/s) + m v p + alpha^2 (A(2) - 2 A(1) + A(0))),
//
// and Phi(m/s) = 1 - A(0). For any f, the derivative of E f(z) with respect to m is E f'(z), and that with respect to v is half the mean of
// the second derivative of f, in which a kink counts as its change of slope times p.
func (p Prover) enclose(b Box) mapJets {
	mu, omega, nu, tau := interval.Var(0, b.Mu), interval.Var(1, b.Omega), interval.Var(2, b.Nu), interval.Var(3, b.Tau)
	j := p.encloseAt(mu.Mul(omega), nu.Mul(tau))
	j.mu, j.omega, j.nu, j.tau = mu, omega, nu, tau
	return j
}

// encloseAt evaluates the map at the mean m and the variance v of z, without the arguments of the result.
func (p Prover) encloseAt(m, v interval.Jet) (j mapJets) {
	phi, density, a := truncatedMoments(m, v)
	lambda, alpha, half := p.Lambda, p.Alpha, interval.Point(0.5)
	lambda2, alpha2 := lambda.Sqr(), alpha.Sqr()
	linear := m.Mul(phi).Add(v.Mul(density)) // E[z; z > 0]

	j.mean = linear.Add(a[1].Sub(a[0]).Scale(alpha)).Scale(lambda)
	j.dMean.m = phi.Add(a[1].Scale(alpha)).Scale(lambda)
	jump := density.Scale(interval.Point(1).Sub(alpha)) // of the slope at 0
	j.dMean.v = a[1].Scale(alpha).Add(jump).Scale(lambda.Mul(half))
	j.slope = phi.Add(a[2].Scale(alpha2)).Scale(lambda2)

	square := m.Mul(linear).Add(v.Mul(phi)) // E[z^2; z > 0]
	j.second = square.Add(a[2].Sub(a[1]).Sub(a[1].Sub(a[0])).Scale(alpha2)).Scale(lambda2)
	secondM := linear.Add(a[2].Sub(a[1]).Scale(alpha2)).Scale(lambda2.Mul(interval.Point(2)))
	secondV := phi.Add(a[2].Add(a[2].Sub(a[1])).Scale(alpha2)).Scale(lambda2)

	j.variance = j.second.Sub(j.mean.Sqr())
	twice := j.mean.Scale(interval.Point(2))
	j.dVariance.m = secondM.Sub(twice.Mul(j.dMean.m))
	j.dVariance.v = secondV.Sub(twice.Mul(j.dMean.v))
	return j
}

// truncatedMoments returns Phi(m/s), p = phi(m/s)/s and A(0), A(1), A(2) for v = s^2 > 0. With t = m/(s sqrt 2) and u = s/sqrt 2,
// A(k) = 1/2 e^(-t^2) erfcx(t + k u), which neither overflows nor cancels.
func truncatedMoments(m, v interval.Jet) (phi, density interval.Jet, a [3]interval.Jet) {
	one, two := interval.Const(interval.Point(1)), interval.Point(2)
	u := v.Scale(interval.Point(0.5)).Sqrt()
	t := m.Div(u.Scale(two))
	e := t.Sqr().Scale(interval.Point(-1)).Exp()
	density = e.Div(u.Scale(two.Mul(interval.Pi.Sqrt())))
	for k := range a {
		x := t.Add(u.Scale(interval.Point(float64(k))))
		a[k] = e.Mul(x.Erfcx()).Scale(interval.Point(0.5))
	}
	return one.Sub(a[0]), density, a
}

// norm returns the spectral norm of the Jacobian of (mu, nu) -> g(mu, nu), ((a, b), (c, d)) = ((dMean.m omega, dMean.v tau),
// (dVariance.m omega, dVariance.v tau)). The singular values of a 2 x 2 matrix are
// (sqrt((a+d)^2 + (b-c)^2) +- sqrt((a-d)^2 + (b+c)^2)) / 2.
func (j mapJets) norm() interval.Jet {
	a, b := j.dMean.m.Mul(j.omega), j.dMean.v.Mul(j.tau)
	c, d := j.dVariance.m.Mul(j.omega), j.dVariance.v.Mul(j.tau)
	length := func(x, y interval.Jet) interval.Jet { return x.Sqr().Add(y.Sqr()).Sqrt() }
	return length(a.Add(d), b.Sub(c)).Add(length(a.Sub(d), b.Add(c))).Scale(interval.Point(0.5))
}
