package optim_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/loss"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// plain is a program without packages nn and graphs: Gorgonia's ops and ours, parameters that are a matrix, a vector and a scalar.
type plain struct {
	g      *G.ExprGraph
	params G.Nodes
	cost   *G.Node
}

func newPlain(t *testing.T) plain {
	t.Helper()
	g := G.NewGraph()
	input := func(name string, shape ...int) *G.Node {
		v := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(shape...))
		for i := range v.Float64s() {
			v.Float64s()[i] = math.Sin(float64(7*i*i + 3*i + len(name)))
		}
		return G.NewTensor(g, tensor.Float64, len(shape), G.WithName(name), G.WithShape(shape...), G.WithValue(v))
	}
	x, y := input("x", 8, 3), input("labels", 8, 2)
	w, b, out := input("w", 3, 5), input("bias", 5), input("out", 5, 2)
	scale := G.NewScalar(g, tensor.Float64, G.WithName("scale"), G.WithValue(0.5))
	h := G.Must(ops.SELU(G.Must(ops.Affine(x, w, b))))
	h = G.Must(ops.Mul(G.Must(G.Tanh(h)), scale))
	cost := G.Must(loss.MSE(G.Must(G.Mul(h, out)), y, nil))
	decay := G.Must(G.Mean(G.Must(G.Square(w))))
	return plain{g, G.Nodes{w, b, out, scale}, G.Must(G.Add(cost, G.Must(ops.Scale(decay, 0.01))))}
}

// train takes steps and returns the costs and the parameters at the end. step runs forward and backward once.
func (p plain) train(t *testing.T, rule optim.Rule, step func() error) (all []float64) {
	t.Helper()
	o, err := optim.New(rule)
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		all = append(all, p.cost.Value().Data().(float64))
		if err := o.Step(G.NodesToValueGrads(p.params)); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range p.params {
		switch x := n.Value().Data().(type) {
		case []float64:
			all = append(all, x...)
		case float64:
			all = append(all, x)
		}
	}
	return all
}

// Every optimizer trains a plain Gorgonia program, alike on the tape machine and on the Lisp machine.
func TestMachines(t *testing.T) {
	for _, name := range optim.Names() {
		rule, err := optim.ByName(name, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		p := newPlain(t)
		if _, err := G.Grad(p.cost, p.params...); err != nil {
			t.Fatal(err)
		}
		m := G.NewTapeMachine(p.g, G.BindDualValues(p.params...))
		defer m.Close()
		tape := p.train(t, rule, func() error {
			defer m.Reset()
			return m.RunAll()
		})
		q := newPlain(t)
		lisp := q.train(t, rule, func() error { // a second run of one Lisp machine gives no gradients
			m := G.NewLispMachine(q.g)
			defer m.Close()
			return m.RunAll()
		})
		for i, want := range tape {
			if !(math.Abs(lisp[i]-want) <= 1e-10*(1+math.Abs(want))) {
				t.Fatalf("%s: value %d is %v on the Lisp machine, %v on the tape machine", name, i, lisp[i], want)
			}
		}
		if !(tape[14] < tape[0]) {
			t.Errorf("%s: cost %v at first, then %v", name, tape[0], tape[14])
		}
	}
}
