package graphs_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// several returns networks of different kinds and sizes with the same inputs and outputs.
func several(t testing.TB, n int) []*graphs.Network {
	t.Helper()
	var networks []*graphs.Network
	for k := range n {
		h := graphs.Hidden{Layers: k % 3, Units: 4 + k, Outputs: 2}
		layer := nn.Layer(graphs.SNN(h))
		if k%2 == 1 {
			layer = graphs.BatchNorm(h)
		}
		networks = append(networks, newNet(t, layer, 3, graphs.BCE))
	}
	return networks
}

// Several networks come back from one file as they were, in their order, also more than nine.
func TestSaveAll(t *testing.T) {
	for _, n := range []int{1, 2, 11} {
		path := filepath.Join(t.TempDir(), "all.safetensors")
		networks := several(t, n)
		networks[0].Metadata = map[string]string{"features": `["a","b","c"]`}
		networks[0].Encoder = []byte("columns a, b, c")
		if err := graphs.SaveAll(path, networks); err != nil {
			t.Fatal(err)
		}
		loaded, err := graphs.LoadAll(path)
		if err != nil || len(loaded) != n {
			t.Fatalf("%d networks of %d: %v", len(loaded), n, err)
		}
		for k, got := range loaded {
			want := networks[k]
			if !reflect.DeepEqual(got.Layer, want.Layer) || got.Columns() != 3 || got.Loss().Name != want.Loss().Name {
				t.Errorf("network %d is %+v, want %+v", k, got, want)
			}
			if diff := cmp.Diff(networks[0].Metadata, got.Metadata); diff != "" {
				t.Errorf("network %d: metadata (-want +got):\n%s", k, diff)
			}
			if !bytes.Equal(got.Encoder, networks[0].Encoder) {
				t.Errorf("network %d: encoder %q", k, got.Encoder)
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
	other[1] = newNet(t, other[1].Layer, 3, graphs.BCE, graphs.Dtype(tensor.Float64))
	swapped := several(t, 2)
	swapped[1].Params = swapped[0].Params
	strange := several(t, 2)
	strange[1] = newNet(t, nn.Dense{Units: 2}, 3, graphs.BCE)
	reserved := several(t, 2)
	reserved[0].Metadata = map[string]string{"selfnorm.networks": "[]"}
	for name, test := range map[string]struct {
		networks []*graphs.Network
		want     string
	}{
		"none":            {nil, "no networks"},
		"a nil network":   {append(several(t, 1), nil), "network 2: the network is nil"},
		"two dtypes":      {other, "float64"},
		"foreign weights": {swapped, "network 2"},
		"not registered":  {strange, "network 2: a nn.Dense"},
		"reserved names":  {reserved, "reserved"},
	} {
		if err := graphs.SaveAll(path, test.networks); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that says %q", name, err, test.want)
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s: there is a file", name)
		}
	}
	if err := graphs.SaveAll(path, several(t, 2)); err != nil {
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
	fuzztest.Brief(f)
	f.Add("network1.output.weight network1.output.bias network2.output.weight network2.output.bias", uint8(2))
	f.Add("network2.output.weight network1.output.weight", uint8(2))
	f.Add("network1. network1.output.bias output.weight", uint8(3))
	f.Add("", uint8(0))
	path := filepath.Join(f.TempDir(), "all.safetensors")
	f.Fuzz(func(t *testing.T, names string, n uint8) {
		params := newParams(t, tensor.Float32)
		for _, name := range strings.Fields(names) {
			shape := []int{1, 1}
			if strings.HasSuffix(name, "bias") {
				shape = shape[:1]
			}
			_ = params.Add(name, tensor.New(tensor.WithShape(shape...), tensor.WithBacking([]float32{1})), true) // names that come twice are left out
		}
		one := `{"network":"snn","layers":0,"units":1,"form":"conic","outputs":1,"inputs":1,"loss":"binary cross-entropy"}`
		all := "[" + strings.TrimSuffix(strings.Repeat(one+",", int(n%8)), ",") + "]"
		if err := tensorfile.Write(path, tensorfile.File{Params: params, Metadata: map[string]string{"selfnorm.networks": all}}); err != nil {
			t.Skip(err)
		}
		networks, err := graphs.LoadAll(path)
		if err != nil {
			return
		}
		var got []string
		for k, m := range networks {
			for _, p := range m.Params.All() {
				got = append(got, fmt.Sprintf("network%d.%s", k+1, p.Name))
			}
		}
		for i, p := range params.All() {
			if len(networks) != int(n%8) || len(got) != len(params.All()) || got[i] != p.Name {
				t.Fatalf("%d networks with %q of %q", len(networks), got, names)
			}
		}
	})
}
