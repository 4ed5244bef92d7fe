package serve

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

var someSMILES = []string{"CCO", "c1ccccc1O", "CC(=O)Oc1ccccc1C(=O)O", "CCN(CC)CC", "[Na+].[Cl-]", "CCCCCC", "c1ccncc1", "CC(C)=O"}

// data are the molecules that the features of tests are fitted on.
func data(t *testing.T) (mols []*chem.Mol) {
	t.Helper()
	for range 4 { // so that substructures occur often enough
		for _, s := range someSMILES {
			m, err := parseMolecule(s)
			if err != nil {
				t.Fatal(err)
			}
			mols = append(mols, m)
		}
	}
	return mols
}

// The leaderboard's contract: twelve probabilities by SMILES, with the bits of -predict, for dense and sparse networks.
func TestMolecules(t *testing.T) {
	path := moleculeModel(t, tox21.DefaultFamilies()[:1])
	_, url := start(t, Options{Path: path, Name: "tox"})
	var meta struct {
		Name, Version string
		Max           int      `json:"max_batch_size"`
		Endpoints     []string `json:"tox_endpoints"`
	}
	status, text := call(t, "GET", url+"/metadata", "")
	decode(t, status, text, &meta)
	if meta.Name != "tox" || meta.Version == "" || meta.Max != 256 || len(meta.Endpoints) != 12 || !slices.Contains(meta.Endpoints, "NR-PPAR-gamma") {
		t.Error(text)
	}
	if status, text := call(t, "GET", url+"/healthz", ""); status != 200 || text != "{\"ok\":true}\n" {
		t.Error(status, text)
	}
	var got struct {
		Predictions map[string]map[string]float64
		Info        struct{ Name, Version string } `json:"model_info"`
	}
	status, text = call(t, "POST", url+"/predict", `{"smiles": ["CCO", "c1ccccc1O", "CCO"]}`)
	decode(t, status, text, &got)
	want := molecularly(t, path, "CCO", "c1ccccc1O")
	for i, s := range []string{"CCO", "c1ccccc1O"} {
		for k, name := range meta.Endpoints {
			if got.Predictions[s][name] != want.Row(i)[k] {
				t.Errorf("%s %s: %v, want %v", s, name, got.Predictions[s][name], want.Row(i)[k])
			}
		}
	}
	if len(got.Predictions) != 2 || got.Info.Name != "tox" {
		t.Error(text)
	}
	for body, want := range map[string]string{
		`{"smiles": ["CCO", "C(C"]}`: `"row":1`,
		`{"smiles": ["CCO", ""]}`:    "without atoms",
		`{"smiles": [null]}`:         "null is no molecule",
		`{"smiles": [3]}`:            "want a text",
		`{"smiles": []}`:             "no rows",
		`{"smiles": ["` + strings.Repeat("C", 10_001) + `"]}`: "at most 10000",
	} {
		if status, text := call(t, "POST", url+"/predict", body); status != 400 || !strings.Contains(text, want) {
			t.Errorf("%.60s: %d %s", body, status, text)
		}
	}
}

// molecularly predicts as examples/tox21 -predict does.
func molecularly(t *testing.T, path string, smiles ...string) *train.Predictions {
	t.Helper()
	file, err := molecular.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	f, networks := file.Featurizer, file.Networks
	var mols []*chem.Mol
	for _, s := range smiles {
		m, err := parseMolecule(s)
		if err != nil {
			t.Fatal(err)
		}
		mols = append(mols, m)
	}
	features, err := f.Transform(t.Context(), mols, 1)
	if err != nil {
		t.Fatal(err)
	}
	labels := slices.Repeat([]float32{float32(math.NaN())}, len(mols)*tox21.NumTasks)
	set := &datasets.Set{Features: features, FeatureNames: f.Names(), Tasks: tox21.Tasks(), Labels: labels, Sparse: networks[0].Inputs[0].Kind != 0}
	p, err := networks.Predict(t.Context(), set, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A network that reads sparse rows is served, too.
func TestSparse(t *testing.T) {
	path := sparseModel(t)
	_, url := start(t, Options{Path: path})
	var got struct {
		Predictions map[string]map[string]float64
	}
	status, text := call(t, "POST", url+"/predict", `{"smiles": ["CCO", "CCCCCC"]}`)
	decode(t, status, text, &got)
	want := molecularly(t, path, "CCO", "CCCCCC")
	if got.Predictions["CCCCCC"]["SR-p53"] != want.Row(1)[11] {
		t.Errorf("%v, want %v", got.Predictions["CCCCCC"], want.Row(1))
	}
	var e explanation
	status, text = call(t, "POST", url+"/explain", `{"smiles": "CCCCCC", "task": "SR-p53"}`)
	decode(t, status, text, &e)
	e.adds(t)
}
