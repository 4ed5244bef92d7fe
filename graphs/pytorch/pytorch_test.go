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
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"
)

// fresh returns a network with its initial weights.
func fresh(t testing.TB, layer nn.Layer, inputs int, options ...graphs.Option) *graphs.Network {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(inputs), graphs.CrossEntropy, append([]graphs.Option{graphs.Seed(7)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// drawn returns a network with random values everywhere, in running statistics and biases too.
func drawn(t testing.TB, layer nn.Layer, inputs int, dtype tensor.Dtype) *graphs.Network {
	t.Helper()
	net := fresh(t, layer, inputs, graphs.Dtype(dtype))
	for k, p := range net.Params.All() {
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
	return net
}

func layer(t testing.TB, name string, h graphs.Hidden) nn.Layer {
	t.Helper()
	l, err := graphs.ByName(name, h)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A file of Save comes back bit by bit, for every network and dtype.
func TestRoundTrip(t *testing.T) {
	for _, name := range append(graphs.Names(), "batchnormafter") {
		for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
			l := layer(t, name, graphs.Hidden{Layers: 3, Units: 6, Profile: graphs.Diavolo, Outputs: 1})
			net := drawn(t, l, 4, dtype)
			path := filepath.Join(t.TempDir(), "w.safetensors")
			if err := Save(path, net, map[string]string{"note": "x"}); err != nil {
				t.Fatal(err)
			}
			back := fresh(t, l, 4, graphs.Dtype(dtype), graphs.Seed(8))
			if err := Load(back, path); err != nil {
				t.Fatal(err)
			}
			for _, p := range net.Params.All() {
				if q := back.Params.Get(p.Name); q == nil || q.Trainable != p.Trainable || !q.Value.Eq(p.Value) {
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
		list, err := entries(fresh(t, layer(t, name, graphs.Hidden{Layers: 1, Units: 5, Outputs: 2}), 3).Params, nil)
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

// parts is a layer that has parameters of these names and uses none.
type parts []string

func (p parts) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	for _, name := range p {
		if _, err := b.Param(name, nn.Zeros, 2); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// A name that is not part of one of PyTorch's pairs is kept. Two parameters that would get the same name are an error.
func TestOwnNames(t *testing.T) {
	names := parts{"a.gamma", "b.mean", "b.variance", "c.v", "d"}
	list, err := entries(fresh(t, names, 2).Params, nil)
	for _, e := range list {
		if e.torch != e.Name {
			t.Errorf("%q becomes %q", e.Name, e.torch)
		}
	}
	if err != nil || len(list) != len(names) {
		t.Errorf("%d entries: %v", len(list), err)
	}
	both := fresh(t, append(names, "a.beta", "a.weight"), 2) // gamma becomes weight, too
	path := filepath.Join(t.TempDir(), "w")
	if err := Save(path, fresh(t, names, 2), nil); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"Save": Save(path+"2", both, nil), "Load": Load(both, path)} {
		if err == nil || !strings.Contains(err.Error(), `"a.weight"`) || !strings.Contains(err.Error(), `"a.gamma"`) {
			t.Errorf("%s: error %v, want one about two parameters with the same name", name, err)
		}
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
	net := func(dtype tensor.Dtype) *graphs.Network {
		return fresh(t, nn.Sequential{nn.Dense{Units: 3}, nn.BatchNorm{}}, 2, graphs.Dtype(dtype))
	}
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
	two := map[string][]uint64{"dense1.weight": {2, 3}, "dense1.bias": {3}, "dense3.bias": {3}, "batchnorm1.weight": {3}, "batchnorm1.bias": {3}, "batchnorm1.running_mean": {3}}
	tests := []struct {
		name  string
		raw   []byte
		dtype tensor.Dtype
		want  []string
	}{
		{"complete", whole, tensor.Float32, nil},
		{"no count", with("batchnorm1.num_batches_tracked", nil), tensor.Float32, nil},
		{"float64 for float64", raw(t, safetensors.F64, good), tensor.Float64, nil},
		{"float16", raw(t, safetensors.F16, good), tensor.Float32, nil},
		{"bfloat16", raw(t, safetensors.BF16, good), tensor.Float32, nil},
		{"empty", nil, tensor.Float32, []string{"safetensors"}},
		{"text", []byte("not weights at all"), tensor.Float32, []string{"safetensors"}},
		{"truncated", whole[:len(whole)-1], tensor.Float32, []string{"safetensors"}},
		{"missing", with("dense1.bias", nil), tensor.Float32, []string{`"dense1.bias"`}},
		{"surplus", with("dense2.bias", []uint64{3}), tensor.Float32, []string{"dense2.bias"}},
		{"not transposed", with("dense1.weight", []uint64{2, 3}), tensor.Float32, []string{`"dense1.weight"`}},
		{"all at once", raw(t, safetensors.F32, two), tensor.Float32, []string{`"dense1.weight" has shape [2 3], want (3, 2)`, `"batchnorm1.running_var" (3) is missing`, `"dense3.bias" [3] is surplus`}},
		{"rounding", raw(t, safetensors.F64, good), tensor.Float32, []string{`"dense1.weight" is F64, which float32 cannot hold`}},
		{"float32 for float64", whole, tensor.Float64, nil},
		{"float16 for float64", raw(t, safetensors.F16, good), tensor.Float64, nil},
		{"integers", raw(t, safetensors.I32, good), tensor.Float32, []string{"I32"}},
	}
	for _, test := range tests {
		if err := os.WriteFile(path, test.raw, 0o644); err != nil {
			t.Fatal(err)
		}
		n := net(test.dtype)
		before := n.Clone()
		err := Load(n, path)
		if (err == nil) != (test.want == nil) {
			t.Errorf("%s: error %v", test.name, err)
		}
		for _, want := range append(test.want, path) {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", test.name, err, want)
			}
		}
		for _, p := range before.Params.All() {
			if err != nil && !p.Value.Eq(n.Params.Get(p.Name).Value) {
				t.Errorf("%s: a failed Load has changed %q", test.name, p.Name)
			}
		}
	}
	if err := Load(net(tensor.Float32), path+"x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
	lacking := net(tensor.Float32)
	lacking.Params = fresh(t, nn.Sequential{nn.Dense{Units: 3}, nn.Dense{Units: 1}}, 2).Params
	for name, err := range map[string]error{"Load": Load(lacking, path), "Save": Save(path, lacking, nil)} {
		for _, want := range []string{`"batchnorm1.gamma" (3) is missing`, `"batchnorm1.variance" (3) is missing`, `"dense2.bias" (1) is surplus`} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", name, err, want)
			}
		}
	}
}

// No bytes make Load panic. It either fills the network or leaves it alone.
func FuzzLoad(f *testing.F) {
	fuzztest.Brief(f)
	shapes := map[string][]uint64{"dense1.weight": {2, 2}, "dense1.bias": {2}}
	f.Add(raw(f, safetensors.F32, shapes))
	f.Add(raw(f, safetensors.F64, shapes))
	f.Add(raw(f, safetensors.BF16, shapes))
	f.Add(binary.LittleEndian.AppendUint64(nil, 1<<62))
	net := fresh(f, nn.Sequential{nn.Dense{Units: 2}}, 2)
	path := filepath.Join(f.TempDir(), "w.safetensors")
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		mine := net.Clone()
		if err := Load(mine, path); err == nil {
			return
		}
		if err := mine.Params.Match(net.Params); err != nil || !mine.Params.Get("dense1.weight").Value.Eq(net.Params.Get("dense1.weight").Value) {
			t.Errorf("a failed Load has changed the network (%v)", err)
		}
	})
}
