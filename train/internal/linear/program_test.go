package linear_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/internal/linear"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// networks are all kinds of networks, in both dtypes.
func networks(t *testing.T) map[string]*graphs.Network {
	all := map[string]*graphs.Network{}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		add := func(name string, net *graphs.Network) { all[fmt.Sprintf("%s, %v", name, dtype)] = net }
		for _, name := range graphs.Names() {
			layer, err := graphs.ByName(name, graphs.Hidden{Layers: 3, Units: 40, Outputs: 5})
			if err != nil {
				t.Fatal(err)
			}
			add(name, traintest.Network(t, layer, 7, graphs.CrossEntropy, 1, graphs.Dtype(dtype)))
		}
		add("several", traintest.NewBranches(t, graphs.Dtype(dtype)))
	}
	return all
}

// evaluation returns a graph that predicts rows.
func evaluation(t *testing.T, net *graphs.Network, rows int) *graphs.Graph {
	t.Helper()
	g, err := net.Build(net.Config(graphs.Evaluate, rows).Unlabelled())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A program has the bits of the tape machine, for any number of rows and threads, in a memory that programs of other sizes have used.
func TestProgramsAgreeWithTheTapeMachine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	w := kernel.NewWorkers(3)
	defer w.Close()
	for name, net := range networks(t) {
		var memory linear.Memory
		var snapshot linear.Snapshot
		for k, rows := range []int{3, 1, 70, 2, 66} {
			g := evaluation(t, net, rows)
			p, err := linear.Compile(g, &memory, []*linear.Snapshot{nil, &snapshot}[k%2])
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			m, err := vm.New(evaluation(t, net, rows))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				for i := range p.Bound().Inputs {
					width := 0
					if in := net.Inputs[i]; in.Kind != 0 {
						width = in.Width
					}
					fill(t, r, width, p.Bound().Inputs[i].Value, m.Bound.Inputs[i].Value)
				}
				if err := m.Run(); err != nil {
					t.Fatal(err)
				}
				if err := p.Run(w); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for i, o := range m.Outputs {
					want, err := dense.Elements(m.Value(o.Node))
					if got := p.Output(i); err != nil || !slices.Equal(got.F32, want.F32) || !slices.Equal(got.F64, want.F64) {
						t.Fatalf("%s, %d rows, output %d: %v, want %v (%v)", name, rows, i, got, want, err)
					}
				}
			}
			m.Close()
		}
	}
}

// fill sets the elements of two tensors to the same numbers, or categories below a bound.
func fill(t *testing.T, r *rand.Rand, below int, a, b *tensor.Dense) {
	t.Helper()
	x, err1 := dense.Elements(a)
	y, err2 := dense.Elements(b)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	for i := range x.Len() {
		v := r.NormFloat64()
		if below > 0 {
			v = float64(r.IntN(below))
		}
		if x.F32 != nil {
			x.F32[i], y.F32[i] = float32(v), float32(v)
		} else {
			x.F64[i], y.F64[i] = v, v
		}
	}
}

// An op of Gorgonia's is named as the reason why there is no program.
func TestUnsupported(t *testing.T) {
	layer := nn.Func(func(x *G.Node) (*G.Node, error) { return G.Cube(x) })
	net := traintest.Network(t, layer, 2, graphs.MSE, 1)
	if _, err := linear.Compile(evaluation(t, net, 2), new(linear.Memory), nil); !linear.Unsupported(err) || !strings.Contains(err.Error(), "cube") {
		t.Errorf("%v", err)
	}
	if _, err := linear.Compile(&graphs.Graph{}, nil, nil); err == nil || linear.Unsupported(err) {
		t.Errorf("no graph: %v", err)
	}
}

// A panic of an op is an error with its name.
func TestPanic(t *testing.T) {
	broken := ops.Elementwise{Name: "Broken", F: func(float64) float64 { panic("out of range") }, Slope: func(x, y float64) float64 { return 1 }}
	net := traintest.Network(t, nn.Func(broken.Apply), 2, graphs.MSE, 1)
	p, err := linear.Compile(evaluation(t, net, 2), new(linear.Memory), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(nil); err == nil || !strings.Contains(err.Error(), "Broken: panic: out of range") {
		t.Error(err)
	}
}

// A deep network needs room for two layers only, and nothing in use is overwritten.
func TestMemory(t *testing.T) {
	net := traintest.Network(t, graphs.SNN{Layers: 20, Units: 64, Outputs: 1}, 64, graphs.MSE, 1)
	var memory linear.Memory
	p, err := linear.Compile(evaluation(t, net, 16), &memory, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(nil); err != nil || p.Steps() < 40 {
		t.Errorf("%d steps, %v", p.Steps(), err)
	}
	if n := memory.Size(); n < 2*16*64 || n > 3*16*64 {
		t.Errorf("%d elements for layers of %d", n, 16*64)
	}
}
