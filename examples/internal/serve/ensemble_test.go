package serve

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/graphs"
)

// mixedModel saves a network of molecules with other members, as examples/tox21 would, in two folds.
func mixedModel(t *testing.T, path, kinds string) {
	t.Helper()
	b, err := graphs.LoadBundle(path)
	if err != nil {
		t.Fatal(err)
	}
	of, err := molecular.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	mols := data(t)
	features, err := of.Featurizer.Transform(t.Context(), mols, 1)
	if err != nil {
		t.Fatal(err)
	}
	d := &molecular.Data{Features: features, Names: of.Featurizer.Names(), Mols: mols, Seed: 1}
	for i := range mols {
		for task := range tox21.NumTasks {
			d.Labels = append(d.Labels, float32((i+i/8+task)%3%2))
		}
	}
	all, err := molecular.Parse(kinds, true)
	if err != nil {
		t.Fatal(err)
	}
	m := &molecular.Members{Rule: molecular.Odds, Weight: molecular.NetworksWeight}
	for _, one := range all {
		g, err := d.Fit(t.Context(), one, [][]int{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {16, 17, 18, 19, 20, 21, 22, 23, 24, 25}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		m.Groups = append(m.Groups, g)
	}
	text, arrays, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	b.Networks[0].Metadata, b.Arrays = map[string]string{members.Key: text}, arrays
	if err := b.Save(path); err != nil {
		t.Fatal(err)
	}
}

const allKinds = "neighbours:3,kernel,forest,extratrees"

// fewFamilies are features of all sorts that members read.
func fewFamilies() []tox21.Family {
	return []tox21.Family{{Kind: tox21.ECFP6, MinMolecules: 2}, {Kind: tox21.Descriptors}}
}

// mixed predicts molecules with all members, and with the networks alone.
func mixed(t *testing.T, path string, smiles []string) (all, networks []float64) {
	t.Helper()
	f, err := molecular.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	networks = molecularly(t, path, smiles...).Values
	var mols []*chem.Mol
	x := molecular.Inputs{}
	for i, s := range smiles {
		m, err := parseMolecule(s)
		if err != nil {
			t.Fatal(err)
		}
		mols, x.Rows = append(mols, m), append(x.Rows, i)
	}
	if x.Features, err = f.Featurizer.Transform(t.Context(), mols, 1); err != nil {
		t.Fatal(err)
	}
	if x.Substructures, err = f.Members.Substructures(t.Context(), mols); err != nil {
		t.Fatal(err)
	}
	byKind, err := f.Members.Scores(t.Context(), networks, x, 1)
	if err != nil {
		t.Fatal(err)
	}
	if all, err = f.Members.Combine(byKind); err != nil {
		t.Fatal(err)
	}
	return all, networks
}

// Requests of several clients get the bits of all members together, in batches and alone, dense and sparse.
func TestMembersOfMolecules(t *testing.T) {
	dense, sparse := moleculeModel(t, fewFamilies()), sparseModel(t)
	for _, path := range []string{dense, sparse} {
		mixedModel(t, path, allKinds)
		want, networks := mixed(t, path, someSMILES)
		if slices.Equal(want, networks) {
			t.Fatal("the members change nothing")
		}
		_, url := start(t, Options{Path: path, Name: "tox", BatchDelay: time.Millisecond})
		var clients sync.WaitGroup
		for client := range 6 {
			clients.Go(func() {
				for size := 1; size <= 4; size++ {
					first := (client + size) % (len(someSMILES) - size)
					text, err := json.Marshal(someSMILES[first : first+size])
					if err != nil {
						t.Error(err)
						return
					}
					body := fmt.Sprintf(`{"inputs": [{"name": "smiles", "shape": [%d], "datatype": "BYTES", "data": %s}]}`, size, text)
					var got struct {
						Outputs []struct{ Data []float64 }
					}
					status, reply := call(t, "POST", url+"/v2/models/tox/infer", body)
					if err := json.Unmarshal([]byte(reply), &got); err != nil || status != 200 || len(got.Outputs) != 1 || !slices.Equal(got.Outputs[0].Data, want[first*12:(first+size)*12]) {
						t.Errorf("%d molecules from %d: %d %v %.300s", size, first, status, err, reply)
					}
				}
			})
		}
		clients.Wait()
		var got struct {
			Predictions map[string]map[string]float64
		}
		status, text := call(t, "POST", url+"/predict", `{"smiles": ["CCO", "CCCCCC"]}`)
		decode(t, status, text, &got)
		if got.Predictions["CCCCCC"]["SR-p53"] != want[5*12+11] {
			t.Error(text)
		}
	}
}

// sparseModel saves a network that reads sparse rows of molecules.
func sparseModel(t *testing.T) string {
	t.Helper()
	path := moleculeModel(t, tox21.SparseFamilies())
	networks, err := graphs.LoadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	inputs := graphs.Matrix(networks[0].Columns())
	inputs[0].Kind = 1
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 8, Outputs: 12}, inputs, graphs.BCE, graphs.Seed(4))
	if err != nil {
		t.Fatal(err)
	}
	net.Encoder = networks[0].Encoder
	if err := graphs.SaveAll(path, []*graphs.Network{net}); err != nil {
		t.Fatal(err)
	}
	return path
}

// mixedExplanation is an answer of POST /explain with several kinds of members.
type mixedExplanation struct {
	explanation
	Explained, Combine string
	Members            []struct {
		Name               string
		Share, Probability float64
	}
	Tasks []struct {
		Probability float64
		Rate        *float64 `json:"base_rate"`
	}
	Neighbour struct {
		Similarity float64
		Training   int
		Active     []string
		Inactive   int
		ID, SMILES string
	}
}

// An explanation is that of the networks, and says what the other members say and count. Their neighbours are the training compounds.
func TestExplainMembers(t *testing.T) {
	path := moleculeModel(t, fewFamilies())
	mixedModel(t, path, allKinds)
	_, url := start(t, Options{Path: path})
	var e mixedExplanation
	status, text := call(t, "POST", url+"/explain", `{"smiles": "c1ccccc1O", "task": "SR-p53"}`)
	decode(t, status, text, &e)
	e.adds(t)
	if e.Explained != "networks" || e.Combine != "log-odds" || len(e.Members) != 5 {
		t.Fatal(text)
	}
	if z := molecular.LogOdds(e.Members[0].Probability); math.Abs(z-e.Value) > 1e-5*max(1, math.Abs(z)) {
		t.Errorf("the networks have the log-odds %v, those of %v are explained", z, e.Value)
	}
	sum, shares := 0.0, 0.0
	for k, m := range e.Members {
		sum, shares = sum+m.Share*molecular.LogOdds(m.Probability), shares+m.Share
		if want := []string{"networks", "forest", "extratrees", "neighbours", "kernel"}[k]; m.Name != want {
			t.Errorf("member %d is %q, want %q", k, m.Name, want)
		}
	}
	if math.Abs(shares-1) > 1e-12 || math.Abs(e.Members[0].Share-2.0/6) > 1e-12 || math.Abs(molecular.LogOdds(e.Tasks[11].Probability)-sum) > 1e-9 {
		t.Errorf("shares %v; their log-odds add up to %v: %s", shares, sum, text)
	}
	n := e.Neighbour
	if math.Abs(n.Similarity-1) > 1e-12 || n.Training != 26 || len(n.Active)+n.Inactive != 12 || n.ID != "" || n.SMILES != "" || e.Tasks[0].Rate == nil {
		t.Error(text)
	}
	e = mixedExplanation{}
	status, text = call(t, "POST", url+"/explain", `{"smiles": "[Xe]"}`)
	decode(t, status, text, &e)
	if e.Neighbour.Similarity != 0 || e.Neighbour.Training != 26 || strings.Contains(text, `"active"`) {
		t.Error(text)
	}
}

// Files with members and without take each other's place, and the metadata say which serves.
func TestReloadMembers(t *testing.T) {
	path := moleculeModel(t, fewFamilies())
	alone, with := path+".alone", path+".with"
	for _, to := range []string{alone, with} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	mixedModel(t, with, "kernel")
	s, url := start(t, Options{Path: path})
	all, networks := mixed(t, with, []string{"CCO"})
	for i, file := range []string{with, alone, with} {
		replace(t, path, file, time.Duration(i+1)*time.Hour)
		if changed, err := s.Reload(false); !changed || err != nil {
			t.Fatal(changed, err)
		}
		want, names := all, []string{"networks", "kernel"}
		if file == alone {
			want, names = networks, nil
		}
		var got struct {
			Predictions map[string]map[string]float64
		}
		status, text := call(t, "POST", url+"/predict", `{"smiles": ["CCO"]}`)
		decode(t, status, text, &got)
		if got.Predictions["CCO"]["NR-AhR"] != want[0] {
			t.Errorf("%s: %v, want %v", file, got.Predictions, want)
		}
		var meta struct {
			Networks int
			Members  []struct{ Name string }
		}
		status, text = call(t, "GET", url+"/metadata", "")
		decode(t, status, text, &meta)
		for k, m := range meta.Members {
			if m.Name != names[k] {
				t.Error(text)
			}
		}
		if len(meta.Members) != len(names) || meta.Networks != 1 {
			t.Error(text)
		}
	}
}

// A file whose members are damaged is refused with the reason.
func TestBrokenMembers(t *testing.T) {
	path := moleculeModel(t, fewFamilies())
	mixedModel(t, path, allKinds)
	for want, change := range map[string]func(b *graphs.Bundle){
		"neighbours/2/":  func(b *graphs.Bundle) { delete(b.Arrays, "neighbours/2/label") },
		"belongs to no":  func(b *graphs.Bundle) { b.Arrays["kernel/3/x"] = []int32{1} },
		"unexpected end": func(b *graphs.Bundle) { b.Networks[0].Metadata = nil },
		`of the kind "woods"`: func(b *graphs.Bundle) {
			b.Networks[0].Metadata[members.Key] = `{"combine":"mean","networks_weight":1,"groups":[{"name":"woods"}]}`
		},
	} {
		b, err := graphs.LoadBundle(path)
		if err != nil {
			t.Fatal(err)
		}
		change(&b)
		broken := path + ".broken"
		if err := b.Save(broken); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{Path: broken}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), broken) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}
