package optim_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// functions are all exported functions of the package.
var functions = map[string]any{
	"ByName": optim.ByName, "CheckSchedule": optim.CheckSchedule, "Describe": optim.Describe, "DescribeFormer": optim.DescribeFormer, "Factor": optim.Factor, "LearningRate": optim.LearningRate,
	"ForParameters": optim.ForParameters, "Names": optim.Names, "NeuralTangent": optim.NeuralTangent, "New": optim.New, "NewAccumulator": optim.NewAccumulator, "NewAverage": optim.NewAverage,
	"ParseSchedule": optim.ParseSchedule, "Register": optim.Register, "ResolveGroups": optim.ResolveGroups, "Parameter": optim.Parameter,
}

// receivers have all exported methods of the package: zero values, nil pointers, and values with odd settings.
var receivers = map[string][]any{
	"Optimizer": {(*optim.Optimizer)(nil), &optim.Optimizer{}}, "Accumulator": {(*optim.Accumulator)(nil), &optim.Accumulator{}},
	"Average": {(*optim.Average)(nil), &optim.Average{}}, "Gradients": {(*optim.Gradients)(nil), &optim.Gradients{}},
	"Adam": {optim.Adam{}, optim.Adam{Rate: math.NaN(), Beta1: new(2.0)}}, "AdamW": {optim.AdamW{}, optim.AdamW{Decay: new(math.Inf(1))}}, "AdaMax": {optim.AdaMax{}},
	"AdaGrad": {optim.AdaGrad{}}, "AdaDelta": {optim.AdaDelta{}}, "RMSProp": {optim.RMSProp{}, optim.RMSProp{Momentum: 1, Centered: true}},
	"SGD":        {optim.SGD{}, optim.SGD{Momentum: math.NaN(), Nesterov: true}},
	"ClipNorm":   {optim.ClipNorm{}, optim.ClipNorm{Rule: optim.Adam{}}, optim.ClipNorm{Rule: optim.ClipNorm{}, Max: -1}},
	"AllRows":    {optim.AllRows{}, optim.AllRows{Rule: optim.ClipNorm{Rule: optim.Adam{}, Max: 1}}, optim.AllRows{Rule: optim.AllRows{}}},
	"CosLog":     {optim.CosLog{}, optim.CosLog{Cycles: math.MinInt}, optim.CosLog{Cycles: math.MaxInt}},
	"FlatCosine": {optim.FlatCosine{}, optim.FlatCosine{Flat: new(math.NaN())}, optim.FlatCosine{Flat: new(1.0)}},
	"Constant":   {optim.Constant{}}, "Cosine": {optim.Cosine{}}, "OneCycle": {optim.OneCycle{}, optim.OneCycle{Rise: -1}}, "Exponential": {optim.Exponential{}},
	"StepDecay": {optim.StepDecay{}, optim.StepDecay{Every: math.MaxInt}}, "WarmUp": {optim.WarmUp{}, optim.WarmUp{Steps: math.MaxInt}, optim.WarmUp{Steps: math.MinInt}},
	"PerEpoch": {optim.PerEpoch{}, optim.PerEpoch{Schedule: optim.PerEpoch{}}}, "ScheduleFunc": {optim.ScheduleFunc(nil)},
	"Operands": {optim.Operands[float32]{}, optim.Operands[float64]{Value: make([]float64, 3), Buffers: make([][]float64, 1)}},
}

// oddValues are arguments that nobody should pass.
func oddValues(t reflect.Type) (out []reflect.Value) {
	some := []any{
		-1, math.MaxInt, math.NaN(), math.Inf(-1), 1e308, "", "adam", "warmup:99999999999999999999+cosine", "*train.ClipNorm{Optimizer ",
		[]G.ValueGrad{}, []G.ValueGrad{nil}, []G.ValueGrad{valueGrad{}, valueGrad{&tensor.Dense{}, (*tensor.Dense)(nil)}}, newWalk(tensor.Float32, []int{2}).model(),
		[]G.Value{nil}, []G.Value{(*tensor.Dense)(nil), (*G.F32)(nil)}, valueGrad{}, newWalk(tensor.Float64, []int{2}).model()[0],
		(*optim.Adam)(nil), optim.ClipNorm{}, (*optim.ClipNorm)(nil), sign{Rate: 1, fail: true}, optim.WarmUp{Then: (*optim.Cosine)(nil)}, (*optim.OneCycle)(nil),
		optim.Progress{Step: math.MaxInt, Steps: math.MaxInt, StepsPerEpoch: -1}, optim.Progress{Step: 1, Steps: math.MaxInt, StepsPerEpoch: math.MaxInt},
		optim.Snapshot{Values: json.RawMessage(`{"optimizer":"average","steps":1,"parameters":[{"dtype":"float32","shape":[1152921504606846976]}]}`)},
		optim.Snapshot{Values: json.RawMessage(`{"optimizer":"accumulator"}`), Tensors: map[string]*tensor.Dense{"": nil}},
		optim.Step{Number: -1}, optim.Step{Number: 1, RateFactor: math.NaN()}, optim.Step{Number: 1, RateFactor: 1},
		optim.Operands[float32]{Value: make([]float32, 2)}, optim.Operands[float64]{Grad: make([]float64, 2), Rows: []int{math.MaxInt}},
		optim.Operands[float32]{Value: make([]float32, 2), Grad: make([]float32, 2), Buffers: make([][]float32, 2)},
		[]optim.Group{{}}, []optim.Group{{Match: []string{"[", ""}}}, []string{"", "a"}, []optim.ParamSettings{{RateFactor: -1}}, []optim.ParamSettings{{}},
		func(rate, decay float64) optim.Rule { return nil },
	}
	out = append(out, reflect.Zero(t))
	for _, x := range some {
		if v := reflect.ValueOf(x); v.Type().AssignableTo(t) {
			out = append(out, v)
		}
	}
	return out
}

// calls calls f with its odd arguments, each of them at least once.
func calls(t *testing.T, name string, f reflect.Value) {
	t.Helper()
	arguments, most := make([][]reflect.Value, f.Type().NumIn()), 1
	for i := range arguments {
		in := f.Type().In(i)
		if f.Type().IsVariadic() && i == len(arguments)-1 {
			in = in.Elem()
		}
		arguments[i] = oddValues(in)
		most = max(most, len(arguments[i]))
	}
	for shift := range 3 {
		for k := range most {
			args := make([]reflect.Value, len(arguments))
			for i, a := range arguments {
				args[i] = a[(k+i*shift)%len(a)]
			}
			func() {
				defer func() {
					if r := recover(); r != nil {
						t.Errorf("%s(%v): panic: %v", name, args, r)
					}
				}()
				f.Call(args)
			}()
		}
	}
}

// No exported function or method panics, whatever its arguments.
func TestNoPanics(t *testing.T) {
	for name, f := range functions {
		calls(t, name, reflect.ValueOf(f))
	}
	used := newOptimizer(t, optim.Adam{})
	newWalk(tensor.Float32, []int{2}).step(t, used)
	average := newAverage(t, 0.9)
	ok(t, average.Start(newWalk(tensor.Float32, []int{2}).values()))
	extra := map[string][]any{"Optimizer": {used, newOptimizer(t, optim.ClipNorm{Rule: optim.SGD{}, Max: 1})}, "Accumulator": {newAccumulator(t, 2)}, "Average": {average, newAverage(t, 0)}}
	for name := range receivers {
		for _, r := range append(extra[name], receivers[name]...) {
			v := reflect.ValueOf(r)
			for i := range v.NumMethod() {
				calls(t, name+"."+v.Type().Method(i).Name, v.Method(i))
			}
		}
	}
}

// The tables above have all functions, and all types with methods.
func TestNoPanicsIsComplete(t *testing.T) {
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, isFunction := d.(*ast.FuncDecl)
			if !isFunction || !f.Name.IsExported() {
				continue
			}
			if f.Recv == nil {
				found++
				if functions[f.Name.Name] == nil {
					t.Errorf("function %s is not in the table", f.Name.Name)
				}
				continue
			}
			kind := f.Recv.List[0].Type
			if p, isPointer := kind.(*ast.StarExpr); isPointer {
				kind = p.X
			}
			if x, isGeneric := kind.(*ast.IndexExpr); isGeneric {
				kind = x.X
			}
			if name := kind.(*ast.Ident).Name; ast.IsExported(name) && receivers[name] == nil {
				t.Errorf("type %s is not in the table", name)
			}
		}
	}
	if found != len(functions) {
		t.Errorf("%d functions found, %d in the table", found, len(functions))
	}
}
