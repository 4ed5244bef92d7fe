package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TabM and embeddings of numbers train, are saved, exported, explained, and predict.
func TestParts(t *testing.T) {
	dir := t.TempDir()
	data := write(t, "t.csv", mixed(80))
	for _, parts := range [][]string{{"-tabm", "3"}, {"-embed"}} {
		for _, target := range [][]string{{"kind", "price,hot,rare"}, {"price", "kind,hot,rare"}, {"hot,rare", "kind,price"}} {
			model := filepath.Join(dir, "model")
			out := must(t, append([]string{"-q", "-epochs", "4", "-units", "8", "-data", data, "-target", target[0], "-ignore", target[1], "-id", "name", "-fast", "-compare", "none", "-overwrite",
				"-out", model, "-onnx", filepath.Join(dir, "net.onnx")}, parts...)...)
			if strings.Contains(out, "warning") {
				t.Errorf("%v of %s:\n%s", parts, target[0], out)
			}
			if lines := strings.Count(must(t, "-predict", data, "-model", model), "\n"); lines != 81 {
				t.Errorf("%v of %s: %d lines", parts, target[0], lines)
			}
		}
	}
	words := write(t, "w.csv", "a,b,y\n"+strings.Repeat("u,v,yes\nw,v,no\nu,z,no\n", 20))
	if code, _, stderr := command("-q", "-data", words, "-target", "y", "-embed"); code != 1 || !strings.Contains(stderr, "no columns of numbers") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	must(t, "-q", "-data", words, "-target", "y", "-tabm", "2", "-fast", "-epochs", "2", "-units", "4")
}
