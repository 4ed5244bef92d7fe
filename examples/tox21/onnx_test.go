package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The model holds the names of features and tasks, and a note if the compounds were made up.
func TestONNX(t *testing.T) {
	few(t)
	path := filepath.Join(t.TempDir(), "net.onnx")
	code, _, stderr := command("-synthetic", "-quick", "-q", "-epochs", "1", "-onnx", path)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	model, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"descriptors:TPSA"`, `"SR.p53"`, "hidden2.dense1.weight", "SYNTHETIC"} {
		if !bytes.Contains(bytes.ToUpper(model), bytes.ToUpper([]byte(want))) {
			t.Errorf("the model does not hold %s", want)
		}
	}
	if code, _, _ := command("-ensemble", "seeds:2", "-onnx", path); code != 2 {
		t.Errorf("two networks for one file give exit code %d", code)
	}
	if code, _, _ := command("-onnx", filepath.Join(t.TempDir(), "none", "net.onnx")); code != 1 {
		t.Errorf("a missing folder gives exit code %d", code)
	}
}
