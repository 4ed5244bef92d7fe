package theory_test

import (
	"encoding/csv"
	"math"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// table reads a reference file with a header: a map from column to number for each row.
func table(t *testing.T, name string) []map[string]float64 {
	t.Helper()
	rows, err := csv.NewReader(oracle.Open(t, name)).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	var out []map[string]float64
	for _, row := range rows[1:] {
		m := map[string]float64{}
		for i, text := range row {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			m[rows[0][i]] = x
		}
		out = append(out, m)
	}
	return out
}

// near reports whether x is y up to a relative or an absolute error.
func near(x, y, relative, absolute float64) bool {
	return math.Abs(x-y) <= math.Max(relative*math.Abs(y), absolute)
}

// maps are the two ways to the moment map of SELU.
var maps = map[string]theory.Activation{
	"closed form": theory.SELU,
	"quadrature":  theory.Function{F: theory.SELU.At, Kinks: []float64{0}},
	"no kinks":    theory.Function{F: theory.SELU.At},
}

func TestMomentMap(t *testing.T) {
	rows := table(t, "theory/moment_map.csv")
	for name, activation := range maps {
		relative, absolute := 0.0, 0.0
		for _, r := range rows {
			layer := theory.Layer{Activation: activation, Weights: theory.Weights{Omega: r["omega"], Tau: r["tau"]}}
			at := theory.Moments{Mean: r["mu"], Variance: r["nu"]}
			m, err := layer.Map(at)
			if err != nil {
				t.Fatal(err)
			}
			j, err := layer.Jacobian(at)
			if err != nil {
				t.Fatal(err)
			}
			for column, got := range map[string]float64{
				"mu_next": m.Mean, "nu_next": m.Variance, "j11": j[0][0], "j12": j[0][1], "j21": j[1][0], "j22": j[1][1], "spectral_norm": j.Norm(),
			} {
				if !near(got, r[column], 1e-12, 1e-14) {
					t.Errorf("%s: %+v, %+v: %s = %v, want %v", name, layer.Weights, at, column, got, r[column])
				}
				d := math.Abs(got - r[column])
				absolute = math.Max(absolute, d)
				if math.Abs(r[column]) > 0.01 {
					relative = math.Max(relative, d/math.Abs(r[column]))
				}
			}
		}
		t.Logf("%s: %d points, greatest error %.2g, greatest relative error of numbers above 0.01 %.2g", name, len(rows), absolute, relative)
	}
}

func TestSolveReference(t *testing.T) {
	for _, r := range table(t, "theory/selu_parameters.csv") {
		fixed := theory.Moments{Mean: r["mean"], Variance: r["variance"]}
		p, err := theory.Solve(fixed, theory.LeCun)
		if err != nil || !near(p.Lambda, r["lambda"], 1e-13, 0) || !near(p.Alpha, r["alpha"], 1e-13, 0) {
			t.Errorf("%+v: %+v, %v, want %v", fixed, p, err, r)
		}
	}
}

func TestSELUIsThatOfTheOps(t *testing.T) {
	if want := (theory.Params{Lambda: kernel.Lambda, Alpha: kernel.Alpha}); theory.SELU != want {
		t.Errorf("%v, want %v", theory.SELU, want)
	}
}
