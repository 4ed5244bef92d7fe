package graphs_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// Files of version 0.1 load and predict what they predicted then; see testdata/old/README.md.
func TestOldFiles(t *testing.T) {
	old := filepath.Join("testdata", "old")
	text, err := os.ReadFile(filepath.Join(old, "predictions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Features    [][]float32
		Predictions map[string][][]float64
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(want.Features), 2))
	for i, row := range want.Features {
		copy(x.Float32s()[2*i:], row)
	}
	if len(want.Predictions) != 8 {
		t.Errorf("%d files with predictions, want 8", len(want.Predictions))
	}
	for name, rows := range want.Predictions {
		path := filepath.Join(old, name+".safetensors")
		networks, err := graphs.LoadAll(path)
		if err != nil {
			t.Error(err)
			continue
		}
		note, count := "größer than <before>", 1
		if name == "ensemble" {
			note, count = "three", 3
		}
		if n := networks[0]; len(networks) != count || n.Metadata["note"] != note || n.Loss().Name != graphs.BCE.Name || n.Columns() != 2 || n.Outputs[0].Width != 1 {
			t.Errorf("%s: %d networks, the first %+v", name, len(networks), n)
		}
		got, err := train.Ensemble(networks).Predict(context.Background(), train.Matrix{X: x}, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		for i, row := range rows {
			if p := got.Values[i]; !(math.Abs(p-row[0]) <= 1e-6) {
				t.Errorf("%s: row %d has the prediction %v, want %v", name, i, p, row[0])
			}
		}
		resave(t, networks)
	}
	tabular, err := graphs.LoadAll(filepath.Join(old, "tabular.safetensors"))
	if err != nil || len(tabular) != 2 || len(tabular[0].Metadata) == 0 {
		t.Errorf("tabular.safetensors: %d networks (%v)", len(tabular), err)
	}
}

// resave writes loaded networks in the format of today and reads them again.
func resave(t *testing.T, networks []*graphs.Network) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "new")
	if err := graphs.SaveAll(path, networks); err != nil {
		t.Fatal(err)
	}
	again, err := graphs.LoadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	for k := range again {
		same(t, again[k], networks[k])
	}
}
