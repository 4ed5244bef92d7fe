package datasets

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
)

// plainScale is the definition, column by column, in the simplest form.
func plainScale(t table, fit []int, scaling Scaling, epsilon float64) table {
	standardize := func(x [][]float64, epsilon float64) {
		for c := range x[0] {
			var mean, variance float64
			for _, r := range fit {
				mean += x[r][c] / float64(len(fit))
			}
			for _, r := range fit {
				variance += (x[r][c] - mean) * (x[r][c] - mean) / float64(len(fit))
			}
			for r := range x {
				x[r][c] = (x[r][c] - mean) / (math.Sqrt(variance) + epsilon)
			}
		}
	}
	x := make([][]float64, len(t))
	for r := range t {
		for _, v := range t[r] {
			x[r] = append(x[r], float64(v))
		}
	}
	standardize(x, epsilon)
	if scaling != Standardize {
		for r := range x {
			for c := range x[r] {
				x[r][c] = math.Tanh(x[r][c])
			}
		}
	}
	if scaling == StandardizeTanhStandardize {
		standardize(x, 0)
	}
	out := make(table, len(x))
	for r := range x {
		for _, v := range x[r] {
			out[r] = append(out[r], float32(v))
		}
	}
	return out
}

func TestScalerEqualsDefinition(t *testing.T) {
	full := randomTable(60, 8, 5)
	fit := []int{1, 2, 3, 5, 8, 13, 21, 34, 55, 40, 41, 42}
	left, right := make(table, 60), make(table, 60)
	for r, row := range full {
		left[r], right[r] = row[:3], row[3:]
	}
	joined := must[*Concat](t)(NewConcat(left.dense(t), right.sparse(t)))
	for _, scaling := range []Scaling{Standardize, StandardizeTanh, StandardizeTanhStandardize} {
		for _, epsilon := range []float64{0, 1e-6, 0.5} {
			want := plainScale(full, fit, scaling, epsilon)
			for name, f := range map[string]Features{
				"dense": full.dense(t), "sparse": full.sparse(t), "concat": joined,
				"view": must[*View](t)(NewView(full.sparse(t), all(60))),
			} {
				s := must[*Scaler](t)(FitScaler(scaling, epsilon, f, fit))
				got := must[Features](t)(s.Apply(f))
				t.Run(string(scaling)+" "+name, func(t *testing.T) { sameTable(t, contents(got), want, 1e-5) })
				if twice := must[Features](t)(must[*Scaler](t)(FitScaler(scaling, epsilon, got, fit)).Apply(got)); twice == nil {
					t.Error("scaled features cannot be scaled again")
				}
			}
		}
	}
}

// A scaled sparse table must stay as small as it was.
func TestScaledSparseStaysSparse(t *testing.T) {
	f := randomTable(50, 9, 1).sparse(t)
	s := must[*Scaler](t)(FitScaler(StandardizeTanh, 1e-6, f, all(50)))
	got, ok := must[Features](t)(s.Apply(f)).(*Sparse)
	if !ok || got.Stored() != f.Stored() {
		t.Fatalf("scaled into %T", got)
	}
	again := must[*Scaler](t)(FitScaler(Standardize, 0, got, all(50)))
	sameTable(t, contents(must[Features](t)(again.Apply(got))), plainScale(contents(got), all(50), Standardize, 0), 1e-5)
}

func TestScalerExtremes(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	const big = 4.35e11
	full := table{
		// constant (0.1 is not a sum of powers of two), huge, offset, holes, all holes, rare
		{0.1, big, 1e6 + 1, nan, nan, 0},
		{0.1, -15705, 1e6 + 2, 1, -inf, 0},
		{0.1, 0, 1e6 + 3, 2, inf, 0},
		{7.0, 1, 1e6 + 4, inf, 3, 1}, // not among the fitting rows
	}
	fit := []int{0, 1, 2}
	for _, scaling := range []Scaling{Standardize, StandardizeTanh, StandardizeTanhStandardize} {
		s := must[*Scaler](t)(FitScaler(scaling, 0, full.dense(t), fit))
		got := contents(must[Features](t)(s.Apply(full.dense(t))))
		for r, row := range got {
			for c, v := range row {
				if v-v != 0 {
					t.Errorf("%s: row %d column %d is %v", scaling, r, c, v)
				}
			}
			if row[0] != 0 || row[4] != 0 || row[5] != 0 {
				t.Errorf("%s: constant columns of row %d are %v", scaling, r, row)
			}
		}
		for c, want := range []bool{true, false, false, false, true, true} {
			if s.Constant(c) != want {
				t.Errorf("%s: column %d constant: %v", scaling, c, !want)
			}
		}
		if scaling == StandardizeTanh {
			continue // has neither mean 0 nor variance 1
		}
		for _, c := range []int{1, 2, 3} {
			var sum, squares float64
			for _, r := range fit {
				sum += float64(got[r][c])
				squares += float64(got[r][c]) * float64(got[r][c])
			}
			if math.Abs(sum/3) > 1e-6 || math.Abs(squares/3-1) > 1e-6 {
				t.Errorf("%s: column %d: mean %v, mean square %v", scaling, c, sum/3, squares/3)
			}
		}
	}
}

// Row order must not matter, and rows outside the fitting part must not count.
func TestScalerSeesFittingRowsOnly(t *testing.T) {
	full := randomTable(40, 4, 9)
	fit := all(30)
	a := must[*Scaler](t)(FitScaler(StandardizeTanh, 0, full.dense(t), fit))
	for r := 30; r < 40; r++ {
		full[r] = []float32{1e9, -1e9, 3, 4}
	}
	b := must[*Scaler](t)(FitScaler(StandardizeTanh, 0, full.dense(t), fit))
	if string(must[[]byte](t)(json.Marshal(a))) != string(must[[]byte](t)(json.Marshal(b))) {
		t.Error("rows outside the fitting part changed the statistics")
	}
}

func TestScalerJSON(t *testing.T) {
	f := randomTable(40, 6, 2).sparse(t)
	for _, scaling := range []Scaling{Standardize, StandardizeTanh, StandardizeTanhStandardize} {
		s := must[*Scaler](t)(FitScaler(scaling, 1e-6, f, all(40)))
		data := must[[]byte](t)(json.Marshal(s))
		var back Scaler
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		sameTable(t, contents(must[Features](t)(back.Apply(f))), contents(must[Features](t)(s.Apply(f))), 0)
		for i := range s.stages {
			if !slices.Equal(back.stages[i].Mean, s.stages[i].Mean) || !slices.Equal(back.stages[i].SD, s.stages[i].SD) {
				t.Errorf("%s: stage %d changed on the way", scaling, i)
			}
		}
	}
	for _, c := range []struct{ name, data, say string }{
		{"not JSON", `{`, "JSON"},
		{"version", `{"version":2}`, "version 2"},
		{"scaling", `{"version":1,"scaling":"log"}`, "log"},
		{"stages", `{"version":1,"scaling":"standardize","stages":[]}`, "0 stages"},
		{"second stage", `{"version":1,"scaling":"standardize-tanh-standardize","stages":[{"mean":[0],"sd":[1]}]}`, "want 2"},
		{"lengths", `{"version":1,"scaling":"standardize","stages":[{"mean":[0],"sd":[]}]}`, "1 means"},
		{"negative", `{"version":1,"scaling":"standardize","stages":[{"mean":[0],"sd":[-1]}]}`, "column 0"},
		{"epsilon", `{"version":1,"scaling":"standardize","epsilon":-1,"stages":[{"mean":[0],"sd":[1]}]}`, "epsilon"},
	} {
		var s Scaler
		if err := json.Unmarshal([]byte(c.data), &s); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.say)
		}
	}
}

func TestScalerRefuses(t *testing.T) {
	f := randomTable(3, 2, 1).dense(t)
	for name, err := range map[string]error{
		"scaling":     second(FitScaler("log", 0, f, all(3))),
		"epsilon":     second(FitScaler(Standardize, -1, f, all(3))),
		"NaN epsilon": second(FitScaler(Standardize, math.NaN(), f, all(3))),
		"no rows":     second(FitScaler(Standardize, 0, f, nil)),
		"row":         second(FitScaler(Standardize, 0, f, []int{3})),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	s := must[*Scaler](t)(FitScaler(Standardize, 0, f, all(3)))
	if _, err := s.Apply(randomTable(3, 3, 1).dense(t)); err == nil {
		t.Error("applied to another number of columns")
	}
}

// Whatever a file says, it is refused or comes out the same after one more round.
func FuzzScalerJSON(f *testing.F) {
	s, err := FitScaler(StandardizeTanhStandardize, 1e-6, randomTable(9, 3, 1).dense(f), all(9))
	if err != nil {
		f.Fatal(err)
	}
	good, err := json.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"version":1,"scaling":"standardize","stages":[{"mean":[0],"sd":[1e-320]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b Scaler
		if a.UnmarshalJSON(data) != nil {
			return
		}
		once, err := json.Marshal(&a)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(once, &b); err != nil {
			t.Fatal(err)
		}
		if twice, err := json.Marshal(&b); err != nil || string(twice) != string(once) {
			t.Errorf("%s became %s, %v", once, twice, err)
		}
	})
}
