package graphs_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
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

// Whatever the parameters are called, LoadAll gives each network its own, or an error.
func FuzzLoadAll(f *testing.F) {
	f.Add("network1.output.weight network1.output.bias network2.output.weight network2.output.bias", uint8(2))
	f.Add("network2.output.weight network1.output.weight", uint8(2))
	f.Add("network1. network1.output.bias output.weight", uint8(3))
	f.Add("", uint8(0))
	f.Fuzz(func(t *testing.T, names string, n uint8) {
		params := newParams(t, tensor.Float32)
		for _, name := range strings.Fields(names) {
			shape := []int{1, 1}
			if strings.HasSuffix(name, "bias") {
				shape = shape[:1]
			}
			_ = params.Add(name, tensor.New(tensor.WithShape(shape...), tensor.WithBacking([]float32{1})), true) // names that come twice are left out
		}
		spec := `{"network":"snn","layers":0,"units":1,"form":"conic","outputs":1,"inputs":1,"loss":"binary cross-entropy"}`
		specs := "[" + strings.TrimSuffix(strings.Repeat(spec+",", int(n%8)), ",") + "]"
		path := filepath.Join(t.TempDir(), "all.safetensors")
		if err := tensorfile.Write(path, tensorfile.File{Params: params, Metadata: map[string]string{"selfnorm.networks": specs}}); err != nil {
			t.Skip(err)
		}
		models, err := graphs.LoadAll(path)
		if err != nil {
			return
		}
		var got []string
		for k, m := range models {
			for _, p := range m.Params.All() {
				got = append(got, fmt.Sprintf("network%d.%s", k+1, p.Name))
			}
		}
		for i, p := range params.All() {
			if len(models) != int(n%8) || len(got) != len(params.All()) || got[i] != p.Name {
				t.Fatalf("%d networks with %q of %q", len(models), got, names)
			}
		}
	})
}
