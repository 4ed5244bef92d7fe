package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The model holds the names of features and tasks, and where the data come from.
func TestONNX(t *testing.T) {
	few(t)
	path := filepath.Join(t.TempDir(), "net.onnx")
	code, _, stderr := command("-quick", "-q", "-epochs", "1", "-units", "8", "-onnx", path)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	model, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"descriptors:TPSA"`, `"SR.p53"`, "hidden2.dense1.weight", "the real compounds"} {
		if !bytes.Contains(model, []byte(want)) {
			t.Errorf("the model does not hold %s", want)
		}
	}
}
