package ops_test

import (
	"math"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

func init() {
	public["Concat"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Concat(number(f), in[:]...) }
	public["Concat, two"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Concat(number(f), in[0], in[1]) }
	public["Concat, none"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Concat(number(f)) }
	public["ConcatDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Apply(ops.ConcatDef(0, number(f)), in[0], in[1])
	}
	public["Slice"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Slice(in[0], number(f), number(f), number(f))
	}
	public["Slice, from"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Slice(in[0], 0, number(f), 2) }
	public["SliceDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Apply(ops.SliceDef(0, 0, number(f)), in[0], in[1])
	}
	public["Reshape"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Reshape(in[0], number(f), number(f)) }
	public["Reshape, scalar"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Reshape(in[0]) }
	public["ReshapeDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Apply(ops.ReshapeDef(-1, number(f)), in[0], in[1])
	}
	public["ReshapeLikeDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.ReshapeLikeDef(), in[0], in[1]) }
	public["ReshapeLikeDef, one"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.ReshapeLikeDef(), in[0]) }
	public["Transpose"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Transpose(in[0], number(f), 0) }
	public["Transpose, all"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Transpose(in[0]) }
	public["TransposeDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Apply(ops.TransposeDef(number(f), number(f)), in[0])
	}
	public["Sum"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Sum(in[0], number(f)) }
	public["Sum, twice"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Sum(in[0], number(f), number(f)) }
	public["SumDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.SumDef(), in[0], in[1]) }
	public["Mean"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Mean(in[0], number(f)) }
	public["MeanDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.MeanDef(0), in[:]...) }
	public["ColumnSumsDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.ColumnSumsDef(), in[0]) }
	public["MatMulDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) {
		return ops.Apply(ops.MatMulDef(true, f > 0), in[0], in[1])
	}
	public["MatMulDef, one"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.MatMulDef(true, f > 0), in[0]) }
	public["ScaleDef"] = func(in [5]*G.Node, f float64) (*G.Node, error) { return ops.Apply(ops.ScaleDef(f), in[0]) }
	others["BuiltIn"] = func() { ops.BuiltIn(nil); ops.BuiltIn(new(G.Node)) }
	others["Axis"] = func() { _, _ = ops.Axis(math.MinInt, nil); _, _ = ops.Axis(math.MaxInt, tensor.Shape{1}) }
	others["Axes"] = func() {
		_, _ = ops.Axes([]int{math.MinInt}, nil)
		_, _ = ops.Axes(nil, nil)
		_, _ = ops.Axes([]int{0, -1}, tensor.Shape{1})
	}
	others["CheckDims"] = func() { _ = ops.CheckDims("", nil, math.MinInt) }
	others["BroadcastShape"] = func() {
		_, _ = ops.BroadcastShape(nil)
		_, _ = ops.BroadcastShape([]tensor.Shape{nil, {huge}, {-1, 1, 1}})
	}
	builders2["concat_columns"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.Concat(1, in["a"], in["b"]) }
	builders2["slice_columns_1_4"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.Slice(in["a"], 1, 1, 4) }
	builders2["mean_rows"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.Mean(in["a"], 0) }
	builders2["sum_columns"] = func(c torchCase2, in map[string]*G.Node) (*G.Node, error) { return ops.Sum(in["a"], 1) }
}
