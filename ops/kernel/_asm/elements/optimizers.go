package main

func (t *isa) optimizers() {
	// gradient is that of the loss and of L2 times half the square of the parameter.
	gradient := func(p, g, l2 vector) vector { return t.add(g, t.mul(l2, p)) }

	elementwise{
		name: "sgd", slices: []string{"p", "g"}, arguments: []string{"rate", "l2"},
		in: []string{"p", "g"}, out: []string{"p"}, unroll: 4,
	}.generate(t, func(a vectors) func(vectors) vectors {
		rate, l2 := a[0], a[1]
		return func(x vectors) vectors {
			p, g := x[0], x[1]
			return vectors{t.sub(p, t.mul(rate, gradient(p, g, l2)))}
		}
	})

	for _, nesterov := range []bool{false, true} {
		name := "momentum"
		if nesterov {
			name = "nesterov"
		}
		elementwise{
			name: name, slices: []string{"p", "g", "v"}, arguments: []string{"rate", "momentum", "l2"},
			in: []string{"p", "g", "v"}, out: []string{"p", "v"}, unroll: 2,
		}.generate(t, func(a vectors) func(vectors) vectors {
			rate, momentum, l2 := a[0], a[1], a[2]
			return func(x vectors) vectors {
				p, v := x[0], x[2]
				d := gradient(p, x[1], l2)
				v = t.add(t.mul(momentum, v), d)
				step := v
				if nesterov {
					step = t.add(d, t.mul(momentum, v))
				}
				return vectors{t.sub(p, t.mul(rate, step)), v}
			}
		})
	}

	elementwise{
		name: "adam", slices: []string{"p", "g", "m", "v"}, arguments: []string{"step", "root", "b1", "b2", "c1", "c2", "eps", "l2"},
		in: []string{"p", "g", "m", "v"}, out: []string{"p", "m", "v"}, unroll: 1,
	}.generate(t, func(a vectors) func(vectors) vectors {
		step, root, b1, b2, c1, c2, eps, l2 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]
		return func(x vectors) vectors {
			p, m, v := x[0], x[2], x[3]
			d := gradient(p, x[1], l2)
			m = t.add(t.mul(b1, m), t.mul(c1, d))
			v = t.add(t.mul(b2, v), t.mul(t.mul(c2, d), d))
			return vectors{t.sub(p, t.div(t.mul(step, m), t.add(t.mul(t.sqrt(v), root), eps))), m, v}
		}
	})
}
