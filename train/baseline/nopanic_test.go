package baseline_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

func TestNoPanic(t *testing.T) {
	s := traintest.Surface{
		Functions: map[string]any{"Predict": baseline.Predict, "C45": baseline.C45, "NewTable": baseline.NewTable, "NewMatrix": baseline.NewMatrix,
			"Pack": baseline.Pack, "Unpack": baseline.Unpack, "UnpackSimilar": baseline.UnpackSimilar,
			"UnpackRidged": baseline.UnpackRidged},
		Receivers: map[string][]any{
			"Arrays":     {baseline.Arrays{}},
			"Bags":       {baseline.Bags{}, &baseline.Bags{Start: []int{-1}}},
			"Tanimoto":   {baseline.Tanimoto{}},
			"Similar":    {&baseline.Similar{}, (*baseline.Similar)(nil)},
			"Matrix":     {baseline.Matrix{}, baseline.Matrix{Rows: -1, Columns: -1}},
			"Neighbours": {baseline.Neighbours{}, baseline.Neighbours{K: math.MaxInt}},
			"NaiveBayes": {baseline.NaiveBayes{}},
			"Logistic":   {baseline.Logistic{C: math.NaN()}, baseline.Logistic{}},
			"Tree":       {baseline.Tree{}, baseline.Tree{Criterion: -1}},
			"Forest":     {baseline.Forest{}, baseline.Forest{Trees: math.MaxInt}},
			"ExtraTrees": {baseline.ExtraTrees{}, baseline.ExtraTrees{Trees: math.MaxInt}},
			"Table":      {&baseline.Table{}, (*baseline.Table)(nil)},
			"SVM":        {baseline.SVM{}},
		},
		Odd: []any{
			baseline.Matrix{}, baseline.Matrix{Rows: 1, Columns: 1, Values: []float64{1}}, baseline.Matrix{Rows: math.MaxInt, Columns: math.MaxInt},
			baseline.Matrix{Rows: 2, Columns: 1}, []int{0}, []int{0, 0},
		},
	}
	s.Receivers["KernelNaiveBayes"] = []any{baseline.KernelNaiveBayes{}}
	s.Receivers["Ridge"] = []any{baseline.Ridge{}, baseline.Ridge{Penalty: math.NaN()}}
	s.Receivers["RegressionForest"] = []any{baseline.RegressionForest{}, baseline.RegressionForest{Trees: math.MaxInt}}
	s.Odd = append(s.Odd, []float64{1}, []float64{math.NaN(), math.MaxFloat64})
	s.Receivers["Described"] = []any{baseline.Described{}, baseline.Described{Bags: []baseline.Bags{{Start: []int{-1}}}}}
	s.Receivers["KernelRidge"] = []any{baseline.KernelRidge{}, baseline.KernelRidge{Lambda: math.NaN()}}
	s.Receivers["Ridged"] = []any{&baseline.Ridged{}, (*baseline.Ridged)(nil)}
	s.Complete(t)
	s.NoPanics(t)
}
