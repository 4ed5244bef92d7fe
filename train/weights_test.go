package train_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// Weights and running statistics come back bit by bit, and the network predicts the same.
func TestWeightsRoundTrip(t *testing.T) {
	model := graphs.BatchNorm{Layers: 2, Units: 8, Outputs: 3}
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		params, err := nn.NewParams(dtype, 1)
		if err != nil {
			t.Fatal(err)
		}
		data := spirals(60, 1)
		if _, err := train.Fit(context.Background(), model, params, data, train.Config{Loss: graphs.CrossEntropy, Batch: 20}); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "w.safetensors")
		if err := train.SaveWeights(path, params, map[string]string{"net": "batchnorm"}); err != nil {
			t.Fatal(err)
		}
		loaded, metadata, err := train.LoadWeights(path)
		if err != nil {
			t.Fatal(err)
		}
		if metadata["net"] != "batchnorm" || len(metadata) != 1 || len(loaded.All()) != len(params.All()) {
			t.Errorf("metadata %v, %d of %d parameters", metadata, len(loaded.All()), len(params.All()))
		}
		for _, p := range params.All() {
			if q := loaded.Get(p.Name); q == nil || q.Trainable != p.Trainable || !q.Value.Eq(p.Value) {
				t.Errorf("%s is %+v, want %+v", p.Name, q, p)
			}
		}
		want, _ := train.Predict(context.Background(), model, params, data, graphs.CrossEntropy)
		got, err := train.Predict(context.Background(), model, loaded, data, graphs.CrossEntropy)
		if err != nil || !slices.Equal(got.Values, want.Values) {
			t.Errorf("the loaded network predicts otherwise (%v)", err)
		}
	}
}

func TestLoadWeightsErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	params := newParams(t, 1)
	if _, err := train.Fit(context.Background(), network, params, spirals(20, 1), train.Config{Loss: graphs.CrossEntropy}); err != nil {
		t.Fatal(err)
	}
	if err := train.SaveWeights(path, params, nil); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"empty": nil, "text": []byte("not weights at all"), "truncated": whole[:len(whole)-1], "header only": whole[:8],
	} {
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := train.LoadWeights(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want one that names the file", name, err)
		}
	}
	if _, _, err := train.LoadWeights(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file gives no error")
	}
}
