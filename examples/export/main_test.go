package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

func program(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(args, &out, &err)
	return code, out.String(), err.String()
}

// saved writes a network as it is made.
func saved(t *testing.T, model nn.Layer) (path string, params *nn.Params) {
	t.Helper()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: 4}); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "net.safetensors")
	if err := graphs.Save(path, model, params, 4, graphs.CrossEntropy, nil); err != nil {
		t.Fatal(err)
	}
	return path, params
}

func TestExport(t *testing.T) {
	model := graphs.BatchNorm{Layers: 2, Units: 8, Outputs: 3}
	path, params := saved(t, model)
	dir := t.TempDir()
	onnxFile, torchFile := filepath.Join(dir, "net.onnx"), filepath.Join(dir, "w.safetensors")
	code, stdout, stderr := program("-onnx", onnxFile, "-pytorch", torchFile, path)
	if code != 0 || !strings.Contains(stdout, "batchnorm of 4 inputs and 3 outputs") {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	back, err := pytorch.Load(torchFile, model, 4)
	if err != nil {
		t.Fatal(err)
	}
	if err := back.Match(params); err != nil {
		t.Error(err)
	}
	withSoftmax, err := os.ReadFile(onnxFile)
	if err != nil || !bytes.Contains(withSoftmax, []byte("Softmax")) {
		t.Errorf("no softmax in the model (%v)", err)
	}
	if code, _, stderr := program("-logits", "-onnx", onnxFile, path); code != 0 {
		t.Fatal(stderr)
	}
	if raw, err := os.ReadFile(onnxFile); err != nil || bytes.Contains(raw, []byte("Softmax")) {
		t.Errorf("a softmax after logits (%v)", err)
	}
}

func TestExportErrors(t *testing.T) {
	path, _ := saved(t, graphs.SNN{Outputs: 2})
	for _, args := range [][]string{{}, {path}, {"-onnx", "x"}, {"-unknown", path}, {"-onnx", "x", path, path}} {
		if code, _, stderr := program(args...); code != 2 || stderr == "" {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
	none := filepath.Join(t.TempDir(), "none")
	if code, _, stderr := program("-onnx", "x", none); code != 1 || !strings.Contains(stderr, none) {
		t.Errorf("a missing file: exit code %d, %q", code, stderr)
	}
	if code, _, stderr := program("-onnx", filepath.Join(none, "x"), path); code != 1 || !strings.Contains(stderr, none) {
		t.Errorf("a missing folder: exit code %d, %q", code, stderr)
	}
}
