package examples_test

import (
	"os/exec"
	"strings"
	"testing"
)

// rooms are the packages in the order in which they may import each other: each only what is named.
var rooms = map[string][]string{
	"ops/kernel":         {},
	"ops":                {"ops/kernel"},
	"ops/opstest":        {},
	"nn":                 {"ops", "ops/kernel"},
	"nn/theory":          {"nn/theory/interval"},
	"nn/theory/interval": {},
	"graphs":             {"nn", "ops", "ops/kernel"},
	"graphs/onnx":        {"graphs", "nn", "ops"},
	"graphs/pytorch":     {"graphs", "nn"},
	"train":              {"graphs", "nn", "nn/theory", "ops", "ops/kernel"},
	"train/report":       {"train", "train/metric", "graphs", "nn", "nn/theory"},
	"train/search":       {"train", "train/stats"},
	"train/tensorboard":  {"train"},
	"train/stats":        {},
	"datasets":           {},
	"datasets/...":       {"datasets"},
}

const module = "github.com/selfnorm/selfnorm/"

// The arrows between packages go one way.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}: {{join .Imports " "}}`, module+"...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	checked := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, imports, _ := strings.Cut(line, ": ")
		path = strings.TrimPrefix(path, module)
		allowed, ok := rooms[path]
		if !ok && strings.HasPrefix(path, "datasets/") {
			allowed, ok = rooms["datasets/..."], true
		}
		if !ok {
			continue
		}
		checked++
		for _, imported := range strings.Fields(imports) {
			if name, own := strings.CutPrefix(imported, module); own && !permitted(path, name, allowed) {
				t.Errorf("%s imports %s", path, name)
			}
			if path == "ops/kernel" && strings.HasPrefix(imported, "gorgonia.org/") {
				t.Errorf("%s imports %s: it knows slices only", path, imported)
			}
		}
	}
	if checked < len(rooms) {
		t.Errorf("%d packages were checked, want at least %d", checked, len(rooms))
	}
}

func permitted(from, to string, allowed []string) bool {
	if strings.HasPrefix(to, "internal/") || strings.HasPrefix(from, "datasets") && strings.HasPrefix(to, "datasets/") {
		return true
	}
	for _, a := range allowed {
		if to == a {
			return true
		}
	}
	return false
}
