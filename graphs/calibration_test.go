package graphs_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
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
	row = []float64{3, -1}
	if err := (&graphs.Calibration{Scale: []float64{1, 2}, Pool: []float64{0.2, 0.5}, Shift: []float64{0, 1}}).Apply(row); err != nil ||
		math.Abs(row[0]-(0.8*3+0.2*0.5)) > 1e-15 || math.Abs(row[1]-(0.5*-2+0.5*0.5+1)) > 1e-15 {
		t.Errorf("pooled: %v, %v", row, err)
	}
}
