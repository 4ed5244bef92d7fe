package main

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/examples/internal/serve"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// testServed tests that the service gives a file the bits of -predict.
func testServed(t *testing.T, model string) {
	t.Helper()
	smiles := []string{"CCO", "c1ccccc1O", "O=[N+]([O-])c1ccc2c(c1)-c1ccccc1C2", "CCCCCCCCCCCCCCCC[n+]1ccccc1.[Cl-]", "[Xe]"}
	p, err := newPredictor(&options{Flags: training.Flags{Model: model}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	var mols []*chem.Mol
	for _, s := range smiles {
		m, err := parseMolecule(s)
		if err != nil {
			t.Fatal(err)
		}
		mols = append(mols, m)
	}
	want, err := p.predict(t.Context(), mols)
	if err != nil {
		t.Fatal(err)
	}
	s, err := serve.New(serve.Options{Path: model})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, err := json.Marshal(smiles)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("POST", "/v2/models/model/infer", strings.NewReader(`{"inputs": [{"name": "smiles", "shape": [5], "datatype": "BYTES", "data": `+string(list)+`}]}`)))
	var got struct {
		Outputs []struct{ Data []float64 }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Outputs) != 1 || !slices.Equal(got.Outputs[0].Data, want.Values) {
		t.Errorf("the service answers %d %s, want %v (%v)", w.Code, w.Body, want.Values, err)
	}
}
