//go:build gc && !purego && !cuda

package vm

import (
	"fmt"
	"hash"
	"hash/fnv"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/chewxy/hm"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Tests run with the loop of the tape machine called directly. If this fails after another version of Gorgonia has come, compare the
// loop's signature, then write the version and the line into direct.go.
func TestKnown(t *testing.T) {
	if !known {
		t.Error("the loop of the tape machine is not where direct.go expects it")
	}
}

// A function is recognized by module, version, file and line.
func TestDeclared(t *testing.T) {
	pc := reflect.ValueOf(G.NewTapeMachine).Pointer()
	file, line := runtime.FuncForPC(pc).FileLine(pc)
	vendored := !strings.Contains(file, "@") // and without a version
	for _, test := range []struct {
		pc   uintptr
		in   string
		on   int
		want bool
	}{
		{pc, declaredIn, line, true},
		{pc, declaredIn, line + 1, false},
		{pc, strings.Replace(declaredIn, "vm_tape", "vm_genera", 1), line, false},
		{pc, strings.Replace(declaredIn, "v0.9.18", "v0.9.19", 1), line, vendored},
		{0, declaredIn, line, false},
	} {
		if got := declared(test.pc, test.in, test.on); got != test.want {
			t.Errorf("function %#x in %s:%d: %v, want %v", test.pc, test.in, test.on, got, test.want)
		}
	}
}

// trained returns a training machine of two rows with three columns.
func trained(t *testing.T, layers ...nn.Layer) *Machine {
	t.Helper()
	net, err := graphs.New(nn.Sequential(layers), graphs.Matrix(3), graphs.MSE)
	if err != nil {
		t.Fatal(err)
	}
	g, err := net.Build(net.Config(graphs.Train, 2))
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(g)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	copy(m.Bound.Inputs[0].Value.Float32s(), []float32{1, -2, 3, 0.5, 4, -1})
	copy(m.Bound.Outputs[0].Weights.Float32s(), []float32{1, 1})
	return m
}

// The loop on the caller's goroutine gives the bits of RunAll.
func TestEqualsRunAll(t *testing.T) {
	var found [2]string
	for i := range found {
		m := trained(t, nn.Dense{Units: 5}, nn.Func(ops.SELU), nn.Dense{Units: 1})
		if i == 1 {
			m.run = m.vm.RunAll
		}
		for range 3 {
			if err := m.Run(); err != nil {
				t.Fatal(err)
			}
		}
		found[i] = fmt.Sprintf("loss %x", m.Loss())
		for _, g := range m.Grads {
			found[i] += fmt.Sprintf(", %x", g.Value().Data())
		}
	}
	if found[0] != found[1] {
		t.Errorf("directly %s, by RunAll %s", found[0], found[1])
	}
}

// batching is a machine whose BLAS batches its calls.
type batching struct {
	G.VM
	ran bool
}

func (b *batching) WorkAvailable() <-chan bool { return make(chan bool) }
func (b *batching) RunAll() error              { b.ran = true; return nil }

// Somebody has to serve a BLAS that batches its calls, which RunAll does.
func TestBatchedBLAS(t *testing.T) {
	m := &batching{}
	if err := runner(m)(); err != nil || !m.ran {
		t.Errorf("ran: %v, error %v", m.ran, err)
	}
}

// burning is an op that knows nothing of package ops, and panics.
type burning struct{}

func (burning) Arity() int { return 1 }
func (burning) Type() hm.Type {
	a := hm.TypeVariable('a')
	return hm.NewFnType(a, a)
}
func (burning) InferShape(in ...G.DimSizer) (tensor.Shape, error) {
	return in[0].(tensor.Shape).Clone(), nil
}
func (burning) Do(...G.Value) (G.Value, error) { panic("on fire") }
func (burning) ReturnsPtr() bool               { return false }
func (burning) CallsExtern() bool              { return false }
func (burning) OverwritesInput() int           { return -1 }
func (b burning) WriteHash(h hash.Hash)        { fmt.Fprint(h, b.String()) }
func (b burning) Hashcode() uint32 {
	h := fnv.New32a()
	b.WriteHash(h)
	return h.Sum32()
}
func (burning) String() string                                     { return "burning" }
func (burning) DiffWRT(n int) []bool                               { return make([]bool, n) }
func (burning) SymDiff(G.Nodes, *G.Node, *G.Node) (G.Nodes, error) { return nil, nil }

// A panic of such an op is an error of Run. With RunAll it is on a goroutine of Gorgonia's and ends the process: a trap that
// docs/gorgonia.md describes.
func TestPanicOfForeignOp(t *testing.T) {
	g := G.NewGraph()
	x := G.NewVector(g, tensor.Float32, G.WithShape(2), G.WithValue(tensor.New(tensor.WithBacking([]float32{1, 2}))))
	if _, err := G.ApplyOp(burning{}, x); err != nil {
		t.Fatal(err)
	}
	tape := G.NewTapeMachine(g)
	defer tape.Close()
	const trap = "SELFNORM_TRAP"
	if os.Getenv(trap) != "" {
		_ = tape.RunAll()
		return
	}
	m := &Machine{vm: tape, run: runner(tape)}
	if err := m.Run(); err == nil || !strings.Contains(err.Error(), "on fire") {
		t.Errorf("error %v", err)
	}
	c := exec.Command(os.Args[0], "-test.run=^TestPanicOfForeignOp$")
	c.Env = append(os.Environ(), trap+"=1")
	if out, err := c.CombinedOutput(); err == nil || !strings.Contains(string(out), "panic: on fire") {
		t.Errorf("the trap is gone: %v\n%s", err, out)
	}
}
