package examples_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms holds, for each package of the project, the packages of the project that it may import. Packages in internal folders are
// rooms, too. A package that is not here fails the test, and so does an arrow that nobody uses.
var rooms = map[string][]string{
	"internal/dense":      {},
	"internal/oracle":     {},
	"internal/output":     {},
	"internal/tensorfile": {"internal/output", "internal/version", "nn"},
	"internal/version":    {},

	"ops/kernel":  {},
	"ops":         {"ops/kernel"},
	"ops/loss":    {"ops", "ops/kernel"},
	"ops/opstest": {"ops/kernel"},

	"nn":                 {"ops"},
	"nn/theory":          {"nn/theory/interval"},
	"nn/theory/interval": {},

	"graphs":         {"datasets/batch", "internal/tensorfile", "nn", "ops", "ops/kernel", "ops/loss"},
	"graphs/onnx":    {"graphs", "internal/output", "nn", "ops"},
	"graphs/pytorch": {"graphs", "internal/output", "internal/tensorfile", "nn"},

	"train/metric":      {},
	"train/optim":       {"internal/dense", "ops/kernel"},
	"train/data":        {"datasets/batch", "graphs"},
	"train/internal/vm": {"datasets/batch", "graphs", "ops"},
	"train/predict":     {"datasets/batch", "graphs", "nn", "ops/kernel", "train/data", "train/internal/vm", "train/metric"},
	"train/callback":    {"graphs", "nn", "ops/kernel", "train/metric", "train/optim"},
	"train/logs":        {"graphs", "internal/output", "train/callback", "train/metric"},
	"train/checkpoint":  {"internal/output", "internal/tensorfile", "nn", "train/callback", "train/optim"},
	"train": {"datasets/batch", "graphs", "nn", "ops", "ops/kernel", "train/callback", "train/checkpoint", "train/data",
		"train/internal/vm", "train/metric", "train/optim", "train/predict"},
	"train/stats":       {},
	"train/search":      {"datasets/batch", "internal/output", "train/callback", "train/stats"},
	"train/report":      {"graphs", "internal/output", "train/callback", "train/metric"},
	"train/tensorboard": {"train/callback", "train/metric"},

	"datasets/batch":            {},
	"datasets":                  {"datasets/batch"},
	"datasets/internal/archive": {},
	"datasets/internal/fetch":   {"internal/output"},
}

// testOnly holds what the tests of a package may import besides.
var testOnly = map[string][]string{
	"ops/loss": {"internal/oracle", "ops/opstest"},
}

const module = "github.com/selfnorm/selfnorm/"

// The arrows between packages go one way, those of tests included.
func TestImports(t *testing.T) {
	format := `{{.ImportPath}}|{{join .Imports " "}}|{{join .TestImports " "}} {{join .XTestImports " "}}`
	out, err := exec.Command("go", "list", "-f", format, module+"...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	known := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		parts := strings.Split(line, "|")
		path := strings.TrimPrefix(parts[0], module)
		known[path] = true
		if strings.HasPrefix(path, "examples") {
			continue // they may import all
		}
		allowed, ok := rooms[path]
		if !ok {
			t.Errorf("%s is in no room; give it one", path)
			continue
		}
		imports, tests := own(parts[1]), own(parts[2])
		for _, i := range imports {
			if !slices.Contains(allowed, i) {
				t.Errorf("%s imports %s", path, i)
			}
		}
		for _, a := range allowed {
			if !slices.Contains(imports, a) {
				t.Errorf("%s may import %s and does not", path, a)
			}
		}
		for _, i := range tests {
			if i != path && !slices.Contains(allowed, i) && !slices.Contains(testOnly[path], i) {
				t.Errorf("a test of %s imports %s", path, i)
			}
		}
		for _, a := range testOnly[path] {
			if !slices.Contains(tests, a) {
				t.Errorf("tests of %s may import %s and do not", path, a)
			}
		}
		if path == "ops/kernel" && strings.Contains(parts[1], "gorgonia.org/") {
			t.Errorf("%s imports Gorgonia: it knows slices only", path)
		}
	}
	for path := range rooms {
		if !known[path] {
			t.Errorf("there is no package %s", path)
		}
	}
}

// own returns the packages of the project among imports.
func own(imports string) (paths []string) {
	for _, i := range strings.Fields(imports) {
		if path, ok := strings.CutPrefix(i, module); ok {
			paths = append(paths, path)
		}
	}
	return paths
}
