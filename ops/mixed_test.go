package ops_test

// Every op works in a program of Gorgonia's ops, on the tape machine and on the Lisp machine.

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// mixture is an op in a program of Gorgonia's.
type mixture struct {
	inputs []mixed
	build  func(in nodes) (*G.Node, error)
	sparse bool // the op has a sparse value, which the Lisp machine cannot hold (see TestTrapLispPanics): it runs on the tape machine only
}

// mixed is an input of a mixture. Without values it comes out of a sigmoid, so it lies between 0 and 1.
type mixed struct {
	shape  tensor.Shape
	values []float64 // of an input without a gradient, such as labels
}

// mixtures holds the ops that need particular inputs. All others of the table public are tried on the inputs of mixedInputs. An op of your
// own test file joins either table in an init.
var mixtures = map[string]mixture{}

// mixedInputs are inputs that suit most ops.
var mixedInputs = [][]mixed{
	{{shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{4, 3}}},
	{{shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{3}}, {shape: tensor.Shape{3}}, {shape: tensor.Shape{3}}, {shape: tensor.Shape{3}}},
	{{shape: tensor.Shape{4, 3}}, {shape: tensor.Shape{3, 2}}, {shape: tensor.Shape{2}}, {shape: tensor.Shape{2}}, {shape: tensor.Shape{2}}},
	{{shape: tensor.Shape{2, 3, 6, 6}}, {shape: tensor.Shape{4, 3, 3, 3}}, {shape: tensor.Shape{4}}, {shape: tensor.Shape{4}}, {shape: tensor.Shape{4}}},
}

// mixedValues are different numbers around 0.
func mixedValues(n, seed int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Sin(float64(3*i*i+7*i+seed)) - 0.1
	}
	return x
}

// mixedProgram is a mixture in a graph: Gorgonia's ops before and after ours, and a second way from the first input to the cost.
type mixedProgram struct {
	graph  *G.ExprGraph
	params G.Nodes
	cost   *G.Node
}

func (m mixture) program(dtype tensor.Dtype) (p *mixedProgram, err error) {
	defer func() { // Gorgonia's ops panic for some shapes
		if r := recover(); r != nil {
			p, err = nil, errors.Errorf("panic: %v", r)
		}
	}()
	p = &mixedProgram{graph: G.NewGraph()}
	input := func(name string, s tensor.Shape, x []float64) *G.Node {
		if s.IsScalar() {
			return G.NewScalar(p.graph, dtype, G.WithName(name), G.WithValue(scalarOf(dtype, x[0])))
		}
		v := oracle.Tensor{Shape: s.Clone(), Data: slices.Clone(x)}.Dense(dtype)
		return G.NewTensor(p.graph, dtype, s.Dims(), G.WithName(name), G.WithShape(s...), G.WithValue(v))
	}
	var in nodes
	for i, x := range m.inputs {
		if x.values != nil {
			in = append(in, input(fmt.Sprint("fixed", i), x.shape, x.values))
			continue
		}
		param := input(fmt.Sprint("p", i), x.shape, mixedValues(max(1, x.shape.TotalSize()), i))
		p.params = append(p.params, param)
		in = append(in, G.Must(G.Sigmoid(param)))
	}
	y, err := m.build(in)
	if err != nil {
		return nil, err
	}
	if y.IsScalar() {
		y = G.Must(G.Mul(y, input("factor", nil, []float64{1.7})))
	} else {
		c := input("c", y.Shape(), mixedValues(y.Shape().TotalSize(), 99))
		y = G.Must(G.Add(G.Must(G.HadamardProd(y, c)), G.Must(G.Sub(y, c))))
		if y.Dims() == 2 {
			w := input("w", tensor.Shape{y.Shape()[1], 2}, mixedValues(2*y.Shape()[1], 5))
			p.params = append(p.params, w)
			y = G.Must(ops.SELU(G.Must(G.Mul(y, w))))
		}
		y = G.Must(G.Mean(G.Must(G.Square(y))))
	}
	second := in[0]
	for i, x := range m.inputs {
		if x.values == nil {
			second = in[i]
			break
		}
	}
	if !second.IsScalar() {
		second = G.Must(G.Sum(second))
	}
	p.cost = G.Must(G.Add(y, second))
	return p, nil
}

// step returns copies of the cost and of the gradients of the parameters, takes a step against them and sets them to 0, as a solver does.
func (p *mixedProgram) step() ([][]float64, error) {
	all := [][]float64{oracle.Floats(p.cost.Value())}
	for _, n := range p.params {
		grad, err := n.Grad()
		if err != nil {
			return nil, err
		}
		all = append(all, oracle.Floats(grad))
		switch v := n.Value().(type) {
		case *G.F64:
			*v -= 0.1 * *grad.(*G.F64)
			*grad.(*G.F64) = 0
		case *G.F32:
			*v -= 0.1 * *grad.(*G.F32)
			*grad.(*G.F32) = 0
		default:
			descend[float64](v, grad)
			descend[float32](v, grad)
		}
	}
	return all, nil
}

// descend takes the step of a tensor if its elements are of type T.
func descend[T kernel.Float](value, grad G.Value) {
	x, ok := value.Data().([]T)
	g, same := grad.Data().([]T)
	if !ok || !same {
		return
	}
	for i := range g {
		x[i] -= 0.1 * g[i]
	}
	clear(g)
}

const mixedSteps = 3

// tape runs steps on the tape machine.
func (m mixture) tape(dtype tensor.Dtype) (all [][]float64, err error) {
	p, err := m.program(dtype)
	if err != nil {
		return nil, err
	}
	if _, err := G.Grad(p.cost, p.params...); err != nil {
		return nil, err
	}
	vm := G.NewTapeMachine(p.graph, G.BindDualValues(p.params...))
	defer vm.Close()
	for range mixedSteps {
		if err := vm.RunAll(); err != nil {
			return nil, err
		}
		step, err := p.step()
		if err != nil {
			return nil, err
		}
		all = append(all, step...)
		vm.Reset()
	}
	return all, nil
}

// lisp runs steps on the Lisp machine. It makes a new machine for each step, because a second run of one gives no gradients.
func (m mixture) lisp(dtype tensor.Dtype) (all [][]float64, err error) {
	p, err := m.program(dtype)
	if err != nil {
		return nil, err
	}
	for range mixedSteps {
		vm := G.NewLispMachine(p.graph)
		if err := vm.RunAll(); err != nil {
			return nil, err
		}
		step, err := p.step()
		if err != nil {
			return nil, err
		}
		all = append(all, step...)
		vm.Close()
	}
	return all, nil
}

// check compares the costs and gradients of some steps on the two machines.
func (m mixture) check(t *testing.T, dtype tensor.Dtype, tolerance float64) {
	t.Helper()
	tape, err := m.tape(dtype)
	if err != nil {
		t.Fatalf("tape machine: %v", err)
	}
	lisp := tape
	if !m.sparse {
		lisp, err = m.lisp(dtype)
	}
	if err != nil {
		t.Fatalf("Lisp machine: %v", err)
	}
	values := len(tape) / mixedSteps
	for i := range tape {
		for k, want := range tape[i] {
			if got := lisp[i][k]; !(math.Abs(got-want) <= tolerance*(1+math.Abs(want))) {
				t.Fatalf("step %d, gradient %d, element %d: Lisp machine %v, tape machine %v", i/values, i%values-1, k, got, want)
			}
		}
		if i%values > 0 && !slices.ContainsFunc(tape[i], func(x float64) bool { return x != 0 }) {
			t.Errorf("step %d: gradient %d is 0", i/values, i%values-1)
		}
	}
}

// mixtureOf returns the mixture of an op of the table public.
func mixtureOf(name string, op attempt) (mixture, error) {
	err := errors.Errorf("no inputs for %s", name)
	for _, inputs := range mixedInputs {
		for _, number := range []float64{0.5, 1, 2} {
			for n := 1; n <= len(inputs); n++ { // as few inputs as the op takes
				m := mixture{inputs: inputs[:n], build: func(in nodes) (*G.Node, error) {
					var five [5]*G.Node
					copy(five[:], in)
					return op(five, number)
				}}
				var p *mixedProgram
				if p, err = m.program(tensor.Float64); err == nil && p.cost != nil {
					return m, nil
				}
			}
		}
	}
	return mixture{}, errors.Wrap(err, "no inputs suit it; add it to mixtures")
}

// Each op, in a program with Gorgonia's Sigmoid, HadamardProd, Add, Sub, Mul, Square, Sum and Mean, has equal gradients on both machines.
func TestMixed(t *testing.T) {
	all := maps.Clone(mixtures)
	for name, op := range public {
		if all[name].build != nil || strings.HasSuffix(name, "Def") || strings.Contains(name, ",") || strings.HasPrefix(name, "Apply") || strings.HasPrefix(name, "Elementwise") {
			continue
		}
		m, err := mixtureOf(name, op)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		all[name] = m
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) {
			all[name].check(t, tensor.Float64, 1e-10)
			all[name].check(t, tensor.Float32, 1e-4)
		})
	}
	if len(all) < 60 {
		t.Errorf("%d ops", len(all))
	}
}
