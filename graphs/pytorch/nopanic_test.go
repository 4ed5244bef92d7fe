package pytorch

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Save and Load give errors for networks and paths that nobody should pass.
func TestNoPanic(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	good := fresh(t, nn.Sequential{nn.Dense{Units: 2}}, 2)
	other, err := nn.NewParams(tensor.Float64, 1)
	if err != nil {
		t.Fatal(err)
	}
	broken := []*graphs.Network{nil, {}, {Layer: good.Layer}, {Params: good.Params}, {Layer: good.Layer, Params: &nn.Params{}, Inputs: good.Inputs, Outputs: good.Outputs},
		{Layer: good.Layer, Params: other, Inputs: good.Inputs, Outputs: good.Outputs}, {Layer: good.Layer, Params: good.Params, Inputs: graphs.Matrix(math.MaxInt / 8), Outputs: good.Outputs}}
	for _, net := range append(broken, good) {
		for _, path := range []string{"", t.TempDir(), empty, filepath.Join(t.TempDir(), "none", "none")} {
			if err := Load(net, path); err == nil {
				t.Errorf("Load of %+v from %q gives no error", net, path)
			}
			if err := Save(path, net, nil); err == nil && (net != good || path != empty) {
				t.Errorf("Save of %+v to %q gives no error", net, path)
			}
		}
		if err := os.WriteFile(empty, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
