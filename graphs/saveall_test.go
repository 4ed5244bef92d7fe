package graphs_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// several returns networks of different kinds and sizes with the same inputs and outputs.
func several(t testing.TB, n int) []*graphs.Model {
	t.Helper()
	var models []*graphs.Model
	for k := range n {
		h := graphs.Hidden{Layers: k % 3, Units: 4 + k, Outputs: 2}
		layer := nn.Layer(graphs.SNN(h))
		if k%2 == 1 {
			layer = graphs.BatchNorm(h)
		}
		params := newParams(t, tensor.Float32)
		build(t, layer, params, graphs.Config{Mode: graphs.Evaluate, Batch: 2, Inputs: 3})
		models = append(models, &graphs.Model{Spec: graphs.Spec{Inputs: 3}, Layer: layer, Loss: graphs.BCE, Params: params})
	}
	return models
}

// Several networks come back from one file as they were, in their order, also more than nine.
func TestSaveAll(t *testing.T) {
	for _, n := range []int{1, 2, 11} {
		path := filepath.Join(t.TempDir(), "all.safetensors")
		models, info := several(t, n), map[string]string{"features": `["a","b","c"]`}
		if err := graphs.SaveAll(path, models, info); err != nil {
			t.Fatal(err)
		}
		loaded, err := graphs.LoadAll(path)
		if err != nil || len(loaded) != n {
			t.Fatalf("%d networks of %d: %v", len(loaded), n, err)
		}
		for k, got := range loaded {
			want := models[k]
			if !reflect.DeepEqual(got.Layer, want.Layer) || got.Spec.Inputs != 3 || got.Loss.Name != want.Loss.Name {
				t.Errorf("network %d is %+v, want %+v", k, got, want)
			}
			if diff := cmp.Diff(info, got.Metadata); diff != "" {
				t.Errorf("network %d: metadata (-want +got):\n%s", k, diff)
			}
			for i, p := range want.Params.All() {
				q := got.Params.All()[i]
				if q.Name != p.Name || q.Trainable != p.Trainable || !reflect.DeepEqual(q.Value.Data(), p.Value.Data()) {
					t.Errorf("network %d: parameter %d is %+v, want %+v", k, i, q, p)
				}
			}
		}
		_, err = graphs.Load(path)
		if n == 1 && err != nil || n > 1 && (err == nil || !strings.Contains(err.Error(), "LoadAll")) {
			t.Errorf("Load of a file with %d networks: %v", n, err)
		}
	}
}

func TestSaveAllErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "all.safetensors")
	other := several(t, 3)
	other[1].Params = newParams(t, tensor.Float64)
	build(t, other[1].Layer, other[1].Params, graphs.Config{Mode: graphs.Evaluate, Batch: 2, Inputs: 3})
	swapped := several(t, 2)
	swapped[1].Params = swapped[0].Params
	strange := several(t, 2)
	strange[1].Layer = nn.Dense{Units: 2}
	for name, test := range map[string]struct {
		models []*graphs.Model
		info   map[string]string
		want   string
	}{
		"none":             {nil, nil, "no networks"},
		"two dtypes":       {other, nil, "float64"},
		"foreign weights":  {swapped, nil, "network 2"},
		"no description":   {strange, nil, "network 2: a nn.Dense"},
		"reserved names":   {several(t, 2), map[string]string{"selfnorm.networks": "[]"}, "reserved"},
		"one, no features": {[]*graphs.Model{{Layer: several(t, 1)[0].Layer, Params: newParams(t, tensor.Float32)}}, nil, "all.safetensors"},
	} {
		if err := graphs.SaveAll(path, test.models, test.info); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, test.want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: there is a file", name)
		}
	}
	if err := graphs.SaveAll(path, several(t, 2), nil); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err == nil {
		raw[len(raw)-1] ^= 1
		err = os.WriteFile(path, raw, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.LoadAll(path); !errors.Is(err, graphs.ErrDamaged) {
		t.Errorf("a damaged file gives %v", err)
	}
	if _, err := graphs.LoadAll(path + ".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
}
