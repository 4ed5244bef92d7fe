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
	"internal/fuzztest":   {},
	"internal/oracle":     {},
	"internal/output":     {"internal/pipe"},
	"internal/memory":     {},
	"internal/pipe":       {},
	"internal/tensorfile": {"internal/memory", "internal/output", "internal/version", "nn"},
	"internal/version":    {},

	"ops":         {"internal/dense", "ops/kernel"},
	"ops/kernel":  {},
	"ops/loss":    {"ops", "ops/kernel"},
	"ops/opstest": {"ops", "ops/kernel"},

	"nn":                 {"datasets/batch", "nn/theory", "ops"},
	"nn/theory":          {"nn/theory/interval", "ops"},
	"nn/theory/interval": {},

	"graphs":         {"datasets/batch", "internal/memory", "internal/tensorfile", "nn", "ops", "ops/kernel", "ops/loss"},
	"graphs/onnx":    {"datasets/batch", "graphs", "internal/output", "nn", "ops"},
	"graphs/pytorch": {"graphs", "internal/output", "internal/tensorfile", "nn"},

	"train":                    {"datasets/batch", "graphs", "internal/dense", "internal/memory", "internal/tensorfile", "nn", "ops", "ops/kernel", "train/calibrate", "train/callback", "train/checkpoint", "train/data", "train/internal/shards", "train/internal/vm", "train/metric", "train/optim", "train/predict"},
	"train/baseline":           {"ops/kernel"},
	"train/calibrate":          {},
	"train/callback":           {"datasets/batch", "graphs", "internal/dense", "nn", "ops/kernel", "train/metric", "train/optim", "train/stats"},
	"train/checkpoint":         {"internal/output", "internal/tensorfile", "nn", "train/callback", "train/optim"},
	"train/data":               {"datasets/batch", "graphs", "internal/dense"},
	"train/explain":            {"datasets/batch", "graphs", "internal/dense", "ops", "ops/kernel", "train/data", "train/internal/vm"},
	"train/internal/linear":    {"datasets/batch", "graphs", "internal/dense", "ops", "ops/kernel"},
	"train/internal/shards":    {},
	"train/internal/traintest": {"graphs", "nn", "ops", "train", "train/optim"},
	"train/internal/vm":        {"datasets/batch", "graphs", "internal/dense", "ops"},
	"train/logs":               {"graphs", "internal/output", "train/callback", "train/metric"},
	"train/metric":             {},
	"train/optim":              {"internal/dense", "ops", "ops/kernel"},
	"train/parallel":           {"graphs", "train", "train/internal/shards"},
	"train/predict":            {"datasets/batch", "graphs", "internal/dense", "internal/memory", "nn", "ops", "ops/kernel", "train/data", "train/internal/linear", "train/internal/vm", "train/metric"},
	"train/predict/stream":     {"internal/output"},
	"train/report":             {"graphs", "internal/dense", "internal/output", "train/callback", "train/metric"},
	"train/search":             {"datasets/batch", "internal/output", "internal/pipe", "ops/kernel", "train/callback", "train/metric", "train/stats"},
	"train/stats":              {},
	"train/tensorboard":        {"internal/dense", "internal/output", "train/callback", "train/metric"},

	"datasets":                        {"datasets/batch"},
	"datasets/batch":                  {},
	"datasets/chem":                   {"datasets/chem/internal/element", "datasets/chem/internal/graph", "datasets/chem/internal/matching", "datasets/chem/internal/rings"},
	"datasets/chem/depict":            {"datasets/chem"},
	"datasets/chem/descriptor":        {"datasets/chem", "datasets/chem/fingerprint", "datasets/chem/internal/element", "datasets/chem/internal/hybrid", "datasets/chem/internal/topology", "datasets/chem/smarts"},
	"datasets/chem/fingerprint":       {"datasets/chem", "datasets/chem/internal/element", "datasets/chem/internal/hybrid", "datasets/chem/internal/topology", "datasets/chem/smarts"},
	"datasets/chem/internal/canon":    {"datasets/chem", "datasets/chem/internal/graph"},
	"datasets/chem/internal/chemtest": {"datasets/chem", "datasets/chem/smiles"},
	"datasets/chem/internal/element":  {},
	"datasets/chem/internal/graph":    {},
	"datasets/chem/internal/hybrid":   {"datasets/chem", "datasets/chem/internal/element"},
	"datasets/chem/internal/matching": {"datasets/chem/internal/graph"},
	"datasets/chem/internal/rings":    {"datasets/chem/internal/graph"},
	"datasets/chem/internal/topology": {"datasets/chem"},
	"datasets/chem/molfiles":          {"datasets/chem", "datasets/chem/sdf", "datasets/chem/smiles", "datasets/internal/formats"},
	"datasets/chem/scaffold":          {"datasets/chem"},
	"datasets/chem/sdf":               {"datasets/chem", "datasets/chem/internal/element", "datasets/internal/formats"},
	"datasets/chem/smarts":            {"datasets/chem", "datasets/chem/internal/element"},
	"datasets/chem/smiles":            {"datasets/chem", "datasets/chem/internal/canon", "datasets/chem/internal/element"},
	"datasets/chem/standardize":       {"datasets/chem", "datasets/chem/internal/canon", "datasets/chem/internal/element", "datasets/chem/smiles"},
	"datasets/cifar":                  {"datasets", "datasets/internal/fetch", "datasets/internal/formats"},
	"datasets/classics":               {"datasets", "datasets/csv"},
	"datasets/csv":                    {"datasets", "datasets/batch", "datasets/internal/formats", "internal/output", "internal/pipe"},
	"datasets/htru2":                  {"datasets", "datasets/internal/archive", "datasets/internal/fetch", "datasets/internal/formats", "datasets/internal/numbers"},
	"datasets/internal/archive":       {"internal/output"},
	"datasets/internal/fetch":         {"internal/output"},
	"datasets/internal/formats":       {"internal/pipe"},
	"datasets/internal/numbers":       {"datasets/internal/formats"},
	"datasets/mnist":                  {"datasets", "datasets/internal/fetch", "datasets/internal/formats"},
	"datasets/parquet":                {},
	"datasets/rowfile":                {"datasets", "datasets/batch", "internal/output"},
	"datasets/tox21":                  {"datasets", "datasets/batch", "datasets/chem", "datasets/chem/descriptor", "datasets/chem/fingerprint", "datasets/chem/scaffold", "datasets/chem/sdf", "datasets/chem/smiles", "datasets/chem/standardize", "datasets/internal/fetch", "datasets/internal/formats", "internal/output", "internal/pipe"},
	"datasets/uci":                    {"datasets", "datasets/internal/archive", "datasets/internal/fetch", "datasets/internal/formats", "datasets/internal/numbers", "internal/output"},
}

// testOnly holds the imports that only the tests of a package may have.
var testOnly = map[string][]string{
	"ops":                       {"internal/oracle", "ops/loss", "ops/opstest"},
	"ops/loss":                  {"internal/oracle", "ops/opstest"},
	"ops/opstest":               {"ops", "ops/kernel"},
	"nn/theory":                 {"internal/oracle", "ops/kernel", "ops/opstest"},
	"graphs":                    {"internal/fuzztest", "train", "train/metric", "train/optim"},
	"graphs/onnx":               {"datasets", "datasets/classics", "datasets/htru2", "ops/opstest", "train", "train/optim"},
	"graphs/pytorch":            {"datasets/batch", "datasets/classics", "internal/fuzztest", "ops", "train", "train/optim"},
	"train":                     {"datasets", "datasets/htru2", "internal/fuzztest", "internal/oracle", "train/internal/traintest", "train/logs"},
	"train/baseline":            {"train/internal/traintest"},
	"train/calibrate":           {"train/internal/traintest"},
	"train/callback":            {"datasets", "datasets/htru2", "internal/fuzztest", "internal/oracle", "internal/tensorfile", "ops", "train", "train/internal/traintest"},
	"train/checkpoint":          {"train", "train/internal/traintest"},
	"train/data":                {"train/internal/traintest"},
	"train/explain":             {"datasets", "nn", "train", "train/internal/traintest"},
	"train/internal/linear":     {"nn", "train/internal/traintest", "train/internal/vm"},
	"train/internal/vm":         {"nn"},
	"train/logs":                {"internal/fuzztest", "train", "train/internal/traintest", "train/optim"},
	"train/optim":               {"internal/fuzztest", "internal/oracle", "ops", "ops/loss"},
	"train/parallel":            {"internal/dense", "internal/fuzztest", "nn", "train/callback", "train/internal/traintest", "train/optim"},
	"train/predict":             {"datasets", "nn", "train", "train/internal/traintest", "train/optim"},
	"train/report":              {"datasets/batch", "nn", "train", "train/internal/traintest", "train/optim"},
	"train/search":              {"graphs", "internal/fuzztest", "nn", "ops", "train", "train/optim"},
	"train/stats":               {"internal/oracle"},
	"train/tensorboard":         {"graphs", "nn", "train", "train/optim", "train/internal/traintest"},
	"datasets/chem":             {"datasets/chem/depict", "datasets/chem/descriptor", "datasets/chem/fingerprint", "datasets/chem/internal/chemtest", "datasets/chem/sdf", "datasets/chem/smarts", "datasets/chem/smiles", "datasets/chem/standardize"},
	"datasets/chem/depict":      {"datasets/chem/internal/chemtest", "datasets/chem/smiles"},
	"datasets/chem/descriptor":  {"datasets/chem/internal/chemtest", "datasets/chem/smiles"},
	"datasets/chem/fingerprint": {"datasets/chem/internal/chemtest", "datasets/chem/smiles"},
	"datasets/chem/scaffold":    {"datasets/chem/smiles", "internal/oracle"},
	"datasets/chem/molfiles":    {"internal/fuzztest"},
	"datasets/chem/sdf":         {"datasets/chem/internal/chemtest", "datasets/chem/smiles", "internal/fuzztest"},
	"datasets/chem/smarts":      {"datasets/chem/internal/chemtest", "datasets/chem/smiles"},
	"datasets/chem/smiles":      {"datasets/chem/internal/chemtest"},
	"datasets/chem/standardize": {"datasets/chem/internal/chemtest"},
	"datasets/cifar":            {"internal/fuzztest"},
	"datasets/mnist":            {"internal/oracle"},
	"datasets/rowfile":          {"internal/fuzztest"},
	"datasets/tox21":            {"internal/fuzztest", "internal/oracle"},
	"datasets/uci":              {"internal/fuzztest", "internal/oracle"},
	"datasets/csv":              {"internal/fuzztest"},
	"datasets/htru2":            {"internal/fuzztest"},
	"datasets/internal/formats": {"internal/fuzztest"},
	"datasets/internal/archive": {"internal/fuzztest"},
	"datasets/internal/numbers": {"internal/fuzztest"},
	"internal/tensorfile":       {"internal/fuzztest"},

	"datasets/chem/internal/canon": {"datasets/chem/internal/chemtest"},
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

// Only the programs that read files of any size contain the library for Parquet.
func TestParquetIsApart(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}|{{join .Deps " "}}`, module+"...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	users := []string{"datasets/parquet", "examples/bigdata", "examples/internal/answers", "examples/tabular", "examples/tox21"}
	for line := range strings.Lines(string(out)) {
		path, deps, _ := strings.Cut(strings.TrimPrefix(line, module), "|")
		if has := strings.Contains(deps, "parquet-go"); has != slices.Contains(users, path) {
			t.Errorf("%s contains the library for Parquet: %v", path, has)
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
