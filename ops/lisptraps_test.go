package ops_test

// The traps of Gorgonia's Lisp machine; see traps_test.go.

import (
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A second run of a Lisp machine after Reset gives no gradients. A new machine on the same graph does, after the gradients were set to 0.
func TestTrapLispReset(t *testing.T) {
	p := newTrap(t, squares)
	m := G.NewLispMachine(p.g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	want := p.grad(t)
	zeroGrad(t, p.x)
	m.Reset()
	if err := m.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := p.grad(t); !slices.Equal(got, make([]float64, 6)) {
		t.Errorf("the trap is gone: a second run after Reset gives %v", got)
	}
	zeroGrad(t, p.x)
	if got := p.lisp(t); !slices.Equal(got, want) {
		t.Errorf("a new machine gives %v, want %v", got, want)
	}
}

// The Lisp machine wants a scalar at the end of every branch, even of one that only a person reads, and starts with a gradient of 1 at each end.
// Take such a branch into the cost with the factor 0.
func TestTrapLispRoots(t *testing.T) {
	t.Chdir(t.TempDir()) // where the machine writes the graph to a file err.dot
	p := newTrap(t, squares)
	G.Must(ops.SELU(p.x))
	m := G.NewLispMachine(p.g)
	defer m.Close()
	if err := m.RunAll(); err == nil || !strings.Contains(err.Error(), "scalar") {
		t.Errorf("the trap is gone: error %v", err)
	}
	p = newTrap(t, squares)
	G.Must(ops.Sum(p.x))
	if got := p.lisp(t); got[0] != 2+1 {
		t.Errorf("the trap is gone: gradient %v of the cost alone", got)
	}
	var branch *G.Node
	p = newTrap(t, func(x *G.Node) *G.Node {
		branch = G.Must(ops.SELU(x))
		return G.Must(ops.Add(squares(x), G.Must(ops.Scale(G.Must(ops.Sum(branch)), 0))))
	})
	if got := p.lisp(t); got[0] != 2 || branch.Value() == nil {
		t.Errorf("with the factor 0, gradient %v and value %v", got, branch.Value())
	}
}

// Ops of Gorgonia whose gradients are wrong on the Lisp machine, or an error. Ours of the same name are right.
func TestTrapLispOps(t *testing.T) {
	square := func(n *G.Node, err error) *G.Node { return squares(G.Must(n, err)) }
	half := func(x *G.Node) *G.Node { return G.Must(ops.Scale(x, 0.5)) }
	// twice uses a value twice: the gradients must add up.
	twice := func(reshape func(h *G.Node) (*G.Node, error)) func(x *G.Node) *G.Node {
		return func(x *G.Node) *G.Node {
			h := half(x)
			return G.Must(ops.Add(square(reshape(h)), squares(h)))
		}
	}
	for name, p := range map[string][2]func(x *G.Node) *G.Node{
		"Concat": {
			func(x *G.Node) *G.Node { return square(G.Concat(1, half(x), x)) }, func(x *G.Node) *G.Node { return square(ops.Concat(1, half(x), x)) },
		},
		"Reshape": {
			twice(func(h *G.Node) (*G.Node, error) { return G.Reshape(h, tensor.Shape{3, 2}) }),
			twice(func(h *G.Node) (*G.Node, error) { return ops.Reshape(h, 3, 2) }),
		},
		"Max": {
			func(x *G.Node) *G.Node { return square(G.Max(half(x), 1)) },
			nil,
		},
	} {
		want := newTrap(t, p[0]).tape(t)
		if p[1] != nil {
			near(t, name+" on the tape machine", newTrap(t, p[1]).tape(t), want)
			near(t, name+" on the Lisp machine", newTrap(t, p[1]).lisp(t), want)
		}
		trap := newTrap(t, p[0])
		m := G.NewLispMachine(trap.g)
		defer m.Close()
		if err := m.RunAll(); err == nil && slices.Equal(trap.grad(t), want) {
			t.Errorf("%s: the trap is gone", name)
		}
	}
}

// SoftMax of Gorgonia is right in the first step of a Lisp machine and wrong in the second; ours is right in both.
func TestTrapLispSoftMax(t *testing.T) {
	second := func(softmax func(x *G.Node) *G.Node) []float64 {
		p := newTrap(t, func(x *G.Node) *G.Node { return squares(softmax(G.Must(ops.Scale(x, 0.5)))) })
		p.lisp(t)
		zeroGrad(t, p.x)
		for i := range p.x.Value().Data().([]float64) {
			p.x.Value().Data().([]float64)[i] *= 0.3
		}
		return p.lisp(t)
	}
	want := newTrap(t, func(x *G.Node) *G.Node { return squares(G.Must(ops.Softmax(G.Must(ops.Scale(x, 0.15))))) }).tape(t)
	for i := range want {
		want[i] *= 0.5 / 0.15
	}
	near(t, "ours", second(func(x *G.Node) *G.Node { return G.Must(ops.Softmax(x)) }), want)
	if got := second(func(x *G.Node) *G.Node { return G.Must(G.SoftMax(x)) }); math.Abs(got[0]-want[0]) < 1e-6 {
		t.Errorf("the trap is gone: gradient %v, want %v", got, want)
	}
}

// The Lisp machine panics on a goroutine of its own, where nobody can recover, in the second step of a sum with a scalar, and where a value is
// sparse. Our sum works, and sparse rows work on the tape machine.
func TestTrapLispPanics(t *testing.T) {
	steps := func(add func(x, s *G.Node) (*G.Node, error)) {
		g := G.NewGraph()
		x := matrixOf(g, "x", 1, 2, []float64{1, 2})
		s := G.NewScalar(g, tensor.Float64, G.WithName("s"), G.WithValue(0.5))
		squares(G.Must(add(G.Must(ops.SELU(x)), G.Must(G.Sigmoid(s)))))
		for range 2 {
			m := G.NewLispMachine(g)
			if err := m.RunAll(); err != nil {
				t.Error(err)
			}
			m.Close()
		}
	}
	sparse := func(lisp bool) {
		g := G.NewGraph()
		x := matrixOf(g, "x", 1, 2, []float64{0, 2})
		w := matrixOf(g, "w", 2, 1, []float64{3, 4})
		cost := squares(G.Must(ops.SparseMatMul(G.Must(ops.SparseDropout(x, 0.1, ops.NewNoise(1))), w)))
		if lisp {
			_ = G.NewLispMachine(g).RunAll()
			return
		}
		if _, err := G.Grad(cost, w); err != nil {
			t.Error(err)
		}
		runGraph(t, g)
	}
	traps := map[string]func(){"sum": func() { steps(G.Add) }, "sparse": func() { sparse(true) }}
	if f := traps[os.Getenv("SELFNORM_TRAP")]; f != nil {
		f()
		return
	}
	steps(ops.Add)
	sparse(false)
	for name := range traps {
		c := exec.Command(os.Args[0], "-test.run=^TestTrapLispPanics$")
		c.Env = append(os.Environ(), "SELFNORM_TRAP="+name)
		if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), "panic: ") {
			t.Errorf("%s: the trap is gone: %v\n%s", name, err, out)
		}
	}
}
