package onnx_test

import (
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
)

// The model contains the calibration between the output and the link, and without a link too; logits are those of the network.
func TestCalibration(t *testing.T) {
	for _, loss := range []graphs.Loss{graphs.BCE, graphs.CrossEntropy, graphs.MSE} {
		net := fresh(t, graphs.SNN{Layers: 1, Units: 4, Outputs: 2}, 3, loss)
		x := []float64{1, 2, 3, -1, 0.5, 0}
		logits := decode(t, write(t, net, onnx.Options{Logits: true})).run(t, x, 2, 3)
		net.Outputs[0].Calibration = &graphs.Calibration{Scale: []float64{0.5, 2}, Pool: []float64{0.25, 0.5}, Shift: []float64{1, -0.25}}
		if got := decode(t, write(t, net, onnx.Options{Logits: true})).run(t, x, 2, 3); !slices.Equal(got, logits) {
			t.Errorf("%s: logits %v, want %v", loss.Name, got, logits)
		}
		got := decode(t, write(t, net, onnx.Options{})).run(t, x, 2, 3)
		for r := range 2 {
			want := logits[2*r : 2*r+2]
			if err := net.Outputs[0].Predictions(want); err != nil {
				t.Fatal(err)
			}
			for i, v := range want {
				if math.Abs(got[2*r+i]-v) > 2e-7 {
					t.Errorf("%s: row %d is %v, want %v", loss.Name, r, got[2*r:2*r+2], want)
				}
			}
		}
	}
}
