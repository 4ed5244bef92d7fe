package graphs_test

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// fuzzed returns networks of several kinds for the corpora.
func fuzzed(t testing.TB) []*graphs.Network {
	t.Helper()
	smoothed, err := graphs.SmoothedCrossEntropy(0.1).WithClassWeights([]float64{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	networks := []*graphs.Network{
		newNet(t, graphs.SNN{Layers: 1, Units: 2, Outputs: 2, Dropout: 0.1}, 2, graphs.BCE, graphs.OutputNames("a", "b")),
		newNet(t, graphs.BatchNorm{Layers: 1, Units: 2, Outputs: 2}, 2, smoothed),
		newNet(t, &tower{Widths: []int{2}, Outputs: 2, Inner: &inner{0.1}}, 2, graphs.Huber(0.5)),
	}
	networks[0].Metadata, networks[0].Encoder = map[string]string{"note": "x"}, []byte("encoder")
	return networks
}

// No bytes make LoadAll panic or hang. Networks that it returns are complete, and can be saved again.
func FuzzLoad(f *testing.F) {
	fuzztest.Brief(f)
	dir := f.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	networks := fuzzed(f)
	for _, some := range [][]*graphs.Network{networks[:1], networks[1:2], networks[2:], networks} {
		if err := graphs.SaveAll(in, some); err != nil {
			f.Fatal(err)
		}
		raw, err := os.ReadFile(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := os.WriteFile(in, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		complete(t, in, out)
	})
}

// No description makes LoadAll panic or hang. FuzzLoad seldom gets behind the checksum; here the file is sound.
func FuzzDescription(f *testing.F) {
	fuzztest.Brief(f)
	dir := f.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	networks := fuzzed(f)
	for _, n := range networks {
		text, err := n.Describe()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, false)
		f.Add("["+text+"]", true)
	}
	f.Add(`{"network":"snn","layers":1,"units":2,"form":"rectangular","outputs":2,"dropout":0.1,"inputs":2,"loss":"binary cross-entropy"}`, false)
	f.Fuzz(func(t *testing.T, text string, several bool) {
		key := "selfnorm.network"
		params := networks[len(text)%len(networks)].Params
		if several {
			key, params = "selfnorm.networks", prefixed(t, params)
		}
		if err := tensorfile.Write(in, tensorfile.File{Params: params, Metadata: map[string]string{key: text}}); err != nil {
			if utf8.ValidString(text) {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		complete(t, in, out)
	})
}

// prefixed returns parameters with the names that they have in a file of several networks.
func prefixed(t testing.TB, params *nn.Params) *nn.Params {
	t.Helper()
	p := newParams(t, params.Dtype())
	for _, x := range params.All() {
		if err := p.Add("network1."+x.Name, x.Value, x.Trainable); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// complete checks the networks of a file, if it can be loaded.
func complete(t *testing.T, in, out string) {
	t.Helper()
	networks, err := graphs.LoadAll(in)
	if err != nil {
		return
	}
	for _, n := range networks {
		if err := n.Check(); err != nil {
			t.Errorf("a loaded network: %v", err)
		}
	}
	if err := graphs.SaveAll(out, networks); err != nil {
		t.Errorf("a loaded network cannot be saved: %v", err)
	}
}
