package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Sparse features train a network, which is saved, exported, and predicts molecules.
func TestSparseFeatures(t *testing.T) {
	few(t)
	dir := t.TempDir()
	model := filepath.Join(dir, "model")
	code, stdout, stderr := command("-quick", "-q", "-epochs", "2", "-units", "16", "-features", "ecfp-sparse", "-out", model, "-onnx", filepath.Join(dir, "net.onnx"),
		"-report", filepath.Join(dir, "page.html"), "-json", filepath.Join(dir, "r.json"))
	if code != 0 || !strings.Contains(stdout, "ROC-AUC") {
		t.Fatalf("exit code %d: %s%s", code, stdout, stderr)
	}
	code, stdout, stderr = command("-predict", "CC(=O)Oc1ccccc1C(=O)O", "-model", model)
	if code != 0 || !strings.Contains(stdout, "SR.p53") {
		t.Errorf("prediction: exit code %d: %s%s", code, stdout, stderr)
	}
	if code, _, stderr := command("-quick", "-features", "ecfp"); code != 2 || !strings.Contains(stderr, "ecfp-sparse") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr := command("-quick", "-q", "-features", "ecfp-sparse", "-optimizer", "adamw"); code != 1 || !strings.Contains(stderr, "row-sparse") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
