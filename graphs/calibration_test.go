package graphs_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// A calibration that does not fit is refused before a file is written, and one that fits comes before the link.
func TestCalibration(t *testing.T) {
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 2, Outputs: 2}, graphs.Matrix(3), graphs.BCE)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "n")
	for _, c := range []graphs.Calibration{
		{Scale: []float64{1}}, {Shift: []float64{1, 2, 3}}, {Scale: []float64{1, 0}}, {Scale: []float64{1, -1}}, {Scale: []float64{1, math.NaN()}},
		{Shift: []float64{math.Inf(1), 0}}, {Pool: []float64{0, -0.1}}, {Pool: []float64{1.1, 1}}, {Pool: []float64{0, math.NaN()}}, {Pool: []float64{0}},
	} {
		net.Outputs[0].Calibration = &c
		if err := net.Save(path); err == nil {
			t.Errorf("%+v is saved", c)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was written")
	}
	net.Outputs[0].Calibration = &graphs.Calibration{Scale: []float64{0.5, 1}, Shift: []float64{0, 1}}
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	again, err := graphs.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	row := []float64{2, -1}
	if err := again.Outputs[0].Predictions(row); err != nil || math.Abs(row[0]-1/(1+math.Exp(-1))) > 1e-15 || row[1] != 0.5 {
		t.Errorf("predictions %v, %v", row, err)
	}
	if err := again.Outputs[0].Predictions(make([]float64, 3)); err == nil {
		t.Error("no error for a row of another width")
	}
	if err := again.Outputs[0].AllPredictions(nil, make([]float64, 3), 2); err == nil {
		t.Error("no error for a row and a half")
	}
	row = []float64{3, -1}
	if err := (&graphs.Calibration{Scale: []float64{1, 2}, Pool: []float64{0.2, 0.5}, Shift: []float64{0, 1}}).Apply(row); err != nil ||
		math.Abs(row[0]-(0.8*3+0.2*0.5)) > 1e-15 || math.Abs(row[1]-(0.5*-2+0.5*0.5+1)) > 1e-15 {
		t.Errorf("pooled: %v, %v", row, err)
	}
}

// TestAllPredictions: many rows at once, on any threads, have the bits of single rows.
func TestAllPredictions(t *testing.T) {
	const rows, columns = 1000, 3
	w := kernel.NewWorkers(3)
	defer w.Close()
	for _, loss := range []graphs.Loss{graphs.BCE, graphs.CrossEntropy, graphs.MSE} {
		o := graphs.Output{Loss: loss, Calibration: &graphs.Calibration{Scale: []float64{0.5, 1, 2}, Pool: []float64{0, 0.5, 1}, Shift: []float64{-1, 0, 1}}}
		all := make([]float64, rows*columns)
		for i := range all {
			all[i] = 20 * math.Sin(float64(i)*float64(i))
		}
		single := append([]float64(nil), all...)
		for k := range rows {
			if err := o.Predictions(single[k*columns:][:columns]); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.AllPredictions(w, all, columns); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(all, single) {
			t.Errorf("%s: predictions of all rows differ from those of single ones", loss.Name)
		}
	}
}
