package onnx_test

import (
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
)

// A network with the layers for tables, evaluated by the definitions of the ONNX operators, predicts what Go predicts, for one row and for many.
func TestTableLayers(t *testing.T) {
	layer := nn.Sequential{nn.InputScale{}, nn.Periodic{Frequencies: 3, Scale: 0.5}, nn.Dense{Units: 7, NeuralTangent: true, Activation: ops.SELU}, nn.ParametricSELU{}, nn.Dense{Units: outputs}}
	h := graphs.Hidden{Layers: 2, Units: 6, Outputs: outputs}
	for name, c := range map[string]struct {
		layer nn.Layer
		loss  graphs.Loss
	}{
		"layers": {layer, graphs.MSE}, "embedded": {graphs.Embedded{Hidden: h, Numbers: 9, Embedding: nn.Periodic{Frequencies: 3}}, graphs.CrossEntropy},
		"TabM, classes": {graphs.TabM{Hidden: h, Members: 3, Mean: graphs.Softmax}, graphs.CrossEntropy},
		"TabM, labels":  {graphs.TabM{Hidden: h, Members: 2, Mean: graphs.Sigmoid}, graphs.BCE}, "TabM, numbers": {graphs.TabM{Hidden: h, Members: 3}, graphs.MSE},
	} {
		data := digits(t, c.loss)
		net := fresh(t, c.layer, columns(data), c.loss)
		m, want, x := decode(t, write(t, net, onnx.Options{})), predict(t, net, data), features(data)
		for _, n := range []int{1, rows} {
			if d := difference(t, m.run(t, x[:n*columns(data)], n, columns(data)), want[:n*outputs]); !(d <= 1e-4) {
				t.Errorf("%s, %d rows: predictions differ by %g", name, n, d)
			}
		}
	}
}
