package pytorch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlpodyssey/safetensors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// drawn returns the parameters of a network with random values everywhere, running statistics and biases included.
func drawn(t testing.TB, net nn.Layer, inputs int, dtype tensor.Dtype) *nn.Params {
	t.Helper()
	params, err := nn.NewParams(dtype, 7)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.Build(net, params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: inputs}); err != nil {
		t.Fatal(err)
	}
	for k, p := range params.All() {
		for i := range p.Value.DataSize() {
			v := 0.3 + float64((i*7919+k*104729)%1000)/1000
			switch x := p.Value.Data().(type) {
			case []float32:
				x[i] = float32(v)
			case []float64:
				x[i] = v
			}
		}
	}
	return params
}

func network(t testing.TB, name string, h graphs.Hidden) nn.Layer {
	t.Helper()
	net, err := graphs.Network(name, h)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// What Save wrote comes back bit by bit, for every network, form and dtype.
func TestRoundTrip(t *testing.T) {
	for _, name := range graphs.Networks() {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			net := network(t, name, graphs.Hidden{Layers: 3, Units: 6, Form: graphs.Diavolo, Outputs: 1})
			params := drawn(t, net, 4, dtype)
			path := filepath.Join(t.TempDir(), "w.safetensors")
			if err := Save(path, params, map[string]string{"note": "x"}); err != nil {
				t.Fatal(err)
			}
			back, err := Load(path, net, 4)
			if err != nil {
				t.Fatal(err)
			}
			if len(back.All()) != len(params.All()) || back.Dtype() != dtype {
				t.Errorf("%s: %d parameters of %v, want %d of %v", name, len(back.All()), back.Dtype(), len(params.All()), dtype)
			}
			for _, p := range params.All() {
				if q := back.Get(p.Name); q == nil || q.Trainable != p.Trainable || !q.Value.Eq(p.Value) {
					t.Errorf("%s: %s is %+v, want %+v", name, p.Name, q, p)
				}
			}
		}
	}
}

// The names are those of torch modules.
func TestNames(t *testing.T) {
	tests := map[string][]string{
		"snn":        {"hidden1.dense1.weight 5 3", "hidden1.dense1.bias 5", "output.weight 2 5", "output.bias 2"},
		"batchnorm":  {"hidden1.dense1.weight 5 3", "hidden1.dense1.bias 5", "hidden1.batchnorm1.weight 5", "hidden1.batchnorm1.bias 5", "hidden1.batchnorm1.running_mean 5", "hidden1.batchnorm1.running_var 5", "output.weight 2 5", "output.bias 2"},
		"layernorm":  {"hidden1.dense1.weight 5 3", "hidden1.dense1.bias 5", "hidden1.layernorm1.weight 5", "hidden1.layernorm1.bias 5", "output.weight 2 5", "output.bias 2"},
		"weightnorm": {"hidden1.weightnorm1.weight_v 5 3", "hidden1.weightnorm1.weight_g 5 1", "hidden1.weightnorm1.bias 5", "output.weight 2 5", "output.bias 2"},
		"highway":    {"hidden1.highway1.transform.weight 5 3", "hidden1.highway1.transform.bias 5", "hidden1.highway1.gate.weight 5 3", "hidden1.highway1.gate.bias 5", "hidden1.highway1.carry.weight 5 3", "output.weight 2 5", "output.bias 2"},
	}
	for name, want := range tests {
		list, err := entries(drawn(t, network(t, name, graphs.Hidden{Layers: 1, Units: 5, Outputs: 2}), 3, tensor.Float32))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range list {
			got = append(got, e.torch+" "+strings.Trim(fmt.Sprint([]int(e.shape())), "[]"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A name that is not part of a pair of PyTorch's is kept.
func TestOwnNames(t *testing.T) {
	params, _ := nn.NewParams(tensor.Float32, 1)
	for _, name := range []string{"a.gamma", "b.mean", "b.variance", "c.v", "d"} {
		if err := params.Add(name, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2)), true); err != nil {
			t.Fatal(err)
		}
	}
	list, err := entries(params)
	for _, e := range list {
		if e.torch != e.Name {
			t.Errorf("%q becomes %q", e.Name, e.torch)
		}
	}
	if err != nil {
		t.Error(err)
	}
	for _, name := range []string{"a.beta", "a.weight"} { // now gamma becomes weight, too
		if err := params.Add(name, tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2)), true); err != nil {
			t.Fatal(err)
		}
	}
	if err := Save(filepath.Join(t.TempDir(), "w"), params, nil); err == nil || !strings.Contains(err.Error(), `"a.weight"`) {
		t.Errorf("error %v, want one about two parameters with one name", err)
	}
}

func TestTransposed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, cols := rapid.IntRange(1, 9).Draw(t, "rows"), rapid.IntRange(1, 9).Draw(t, "cols")
		x := rapid.SliceOfN(rapid.Float32(), rows*cols, rows*cols).Draw(t, "x")
		y := transposed(x, rows, cols)
		for i := range rows {
			for j := range cols {
				if y[j*rows+i] != x[i*cols+j] {
					t.Fatalf("element %d, %d is %v, want %v", j, i, y[j*rows+i], x[i*cols+j])
				}
			}
		}
		if !slices.Equal(transposed(y, cols, rows), x) {
			t.Fatal("transposed twice it is another matrix")
		}
	})
}

// raw encodes tensors of zeros.
func raw(t testing.TB, dtype safetensors.DType, shapes map[string][]uint64) []byte {
	t.Helper()
	views := map[string]view{}
	for name, shape := range shapes {
		size := dtype.Size()
		for _, d := range shape {
			size *= d
		}
		views[name] = view{dtype, shape, make([]byte, size)}
	}
	var b bytes.Buffer
	if err := safetensors.SerializeToWriter(views, nil, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLoadErrors(t *testing.T) {
	net := nn.Sequential{nn.Dense{Units: 3}, nn.BatchNorm{}}
	good := map[string][]uint64{
		"dense1.weight": {3, 2}, "dense1.bias": {3}, "batchnorm1.weight": {3}, "batchnorm1.bias": {3},
		"batchnorm1.running_mean": {3}, "batchnorm1.running_var": {3}, "batchnorm1.num_batches_tracked": {},
	}
	with := func(name string, shape []uint64) []byte {
		m := map[string][]uint64{}
		for k, v := range good {
			m[k] = v
		}
		if m[name] = shape; shape == nil {
			delete(m, name)
		}
		return raw(t, safetensors.F32, m)
	}
	whole := raw(t, safetensors.F32, good)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	tests := []struct {
		name string
		raw  []byte
		want string
	}{
		{"complete", whole, ""},
		{"no count", with("batchnorm1.num_batches_tracked", nil), ""},
		{"float64", raw(t, safetensors.F64, good), ""},
		{"empty", nil, "safetensors"},
		{"text", []byte("not weights at all"), "safetensors"},
		{"truncated", whole[:len(whole)-1], "safetensors"},
		{"missing", with("dense1.bias", nil), `"dense1.bias"`},
		{"surplus", with("dense2.bias", []uint64{3}), "dense2.bias"},
		{"not transposed", with("dense1.weight", []uint64{2, 3}), `"dense1.weight"`},
		{"float16", raw(t, safetensors.F16, good), ""},
		{"bfloat16", raw(t, safetensors.BF16, good), ""},
		{"integers", raw(t, safetensors.I32, good), "I32"},
	}
	for _, test := range tests {
		if err := os.WriteFile(path, test.raw, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Load(path, net, 2)
		if (err == nil) != (test.want == "") || err != nil && (!strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s: error %v, want one with the file and %q", test.name, err, test.want)
		}
	}
	if _, err := Load(path+"x", net, 2); err == nil {
		t.Error("a missing file gives no error")
	}
	if err := Save(path, nil, nil); err == nil {
		t.Error("no parameters give no error")
	}
}

// No bytes make it panic, and what it takes has the shapes of the model.
func FuzzLoad(f *testing.F) {
	net := nn.Sequential{nn.Dense{Units: 2}}
	shapes := map[string][]uint64{"dense1.weight": {2, 2}, "dense1.bias": {2}}
	f.Add(raw(f, safetensors.F32, shapes))
	f.Add(raw(f, safetensors.F64, shapes))
	f.Add(binary.LittleEndian.AppendUint64(nil, 1<<62))
	f.Fuzz(func(t *testing.T, raw []byte) {
		tensors, _, err := tensorfile.DecodeRaw(raw)
		if err != nil {
			return
		}
		params, err := decode(tensors, net, 2)
		if err == nil && (len(params.All()) != 2 || params.Get("dense1.weight").Value.DataSize() != 4) {
			t.Errorf("%d parameters", len(params.All()))
		}
	})
}
