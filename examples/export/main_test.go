package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
	"github.com/selfnorm/selfnorm/nn"
)

// saved writes a new network.
func saved(t *testing.T, layer nn.Layer, seed uint64) (path string, net *graphs.Network) {
	t.Helper()
	net, err := graphs.New(layer, graphs.Matrix(4), graphs.CrossEntropy, graphs.Seed(seed))
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "net.safetensors")
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	return path, net
}

func TestExport(t *testing.T) {
	layer := graphs.BatchNorm{Layers: 2, Units: 8, Outputs: 3}
	path, net := saved(t, layer, 1)
	dir := t.TempDir()
	onnxFile, torchFile := filepath.Join(dir, "net.onnx"), filepath.Join(dir, "w.safetensors")
	code, stdout, stderr := programtest.Run(run, "-onnx", onnxFile, "-pytorch", torchFile, path)
	if code != 0 || !strings.Contains(stdout, "batchnorm of 4 inputs and 3 outputs, loss cross-entropy") {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	_, back := saved(t, layer, 2) // other weights
	if err := pytorch.Load(back, torchFile); err != nil {
		t.Fatal(err)
	}
	for _, p := range net.Params.All() {
		if got := back.Params.Get(p.Name); got == nil || !got.Value.Eq(p.Value) {
			t.Errorf("%s differs", p.Name)
		}
	}
	withSoftmax, err := os.ReadFile(onnxFile)
	if err != nil || !bytes.Contains(withSoftmax, []byte("Softmax")) {
		t.Errorf("no softmax in the model (%v)", err)
	}
	if code, _, stderr := programtest.Run(run, "-logits", "-overwrite", "-onnx", onnxFile, path); code != 0 {
		t.Fatal(stderr)
	}
	if raw, err := os.ReadFile(onnxFile); err != nil || bytes.Contains(raw, []byte("Softmax")) {
		t.Errorf("a softmax after logits (%v)", err)
	}
}

// A file stays unless it was made from a network trained on the same.
func TestOverwrite(t *testing.T) {
	dir := t.TempDir()
	path, net := saved(t, graphs.SNN{Layers: 1, Units: 2, Outputs: 3}, 1)
	source := func(data, sha, target string) {
		t.Helper()
		net.Metadata = map[string]string{"source": `{"data":"` + data + `","sha256":"` + sha + `","targets":["` + target + `"],"program":"tabular","loss":"cross-entropy"}`}
		if err := net.Save(path); err != nil {
			t.Fatal(err)
		}
	}
	outputs := []string{"-onnx", filepath.Join(dir, "net.onnx"), "-pytorch", filepath.Join(dir, "net.safetensors"), path}
	try := func(what string, want int, args ...string) {
		t.Helper()
		if code, _, stderr := programtest.Run(run, args...); code != want || code != 0 && !strings.Contains(stderr, "-overwrite") {
			t.Errorf("%s: exit code %d, want %d: %s", what, code, want, stderr)
		}
	}
	for k := range 2 {
		file := outputs[2*k+1]
		if err := os.WriteFile(file, []byte("my text"), 0o666); err != nil {
			t.Fatal(err)
		}
		source("a.csv", "12", "y")
		try("another file", 1, outputs...)
		if text, err := os.ReadFile(file); err != nil || string(text) != "my text" {
			t.Errorf("%s was replaced (%v)", file, err)
		}
		try("-overwrite", 0, append([]string{"-overwrite"}, outputs...)...)
	}
	source("renamed.csv", "12", "y")
	try("the same data", 0, outputs...)
	source("a.csv", "12", "z")
	try("another target", 1, outputs...)
	source("a.csv", "13", "y")
	try("other data", 1, outputs...)
	net.Metadata = nil
	if err := net.Save(path); err != nil {
		t.Fatal(err)
	}
	try("an unknown source", 1, outputs...)
}

func TestErrors(t *testing.T) {
	path, _ := saved(t, graphs.SNN{Outputs: 2}, 1)
	none := filepath.Join(t.TempDir(), "none")
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{path}, Code: 2, Want: "-onnx FILE"},
		{Args: []string{"-onnx", "x"}, Code: 2, Want: "NETWORK is missing"},
		{Args: []string{"-unknown", path}, Code: 2, Want: "-unknown"},
		{Args: []string{"-onnx", "x", path, "more"}, Code: 2, Want: `"more"`},
		{Args: []string{"-onnx", none + ".onnx", none}, Code: 1, Want: none},
		{Args: []string{"-onnx", filepath.Join(none, "x"), path}, Code: 1, Want: none},
		{Args: []string{"-onnx", path, path}, Code: 1, Want: "it would replace the input NETWORK"},
		{Args: []string{"-onnx", none, "-pytorch", none, path}, Code: 1, Want: "it is also the output -onnx"},
	})
}
