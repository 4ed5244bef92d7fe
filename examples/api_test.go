package examples_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// badArguments are the files of a package whose tests call everything exported with bad arguments.
const badArguments = "nopanic*_test.go"

// exempt holds what those files need not name, each with the reason: a function or method with its package, or a whole package.
var exempt = map[string]string{
	"ops/kernel": "kernels check nothing: the ops do",
	"ops":        "TestPublicListed, by the sources",

	"ops/opstest.Benchmark": "bad cases are those of Check",

	"train":            "TestNoPanicsIsComplete, by reflection",
	"train/baseline":   "TestNoPanic, by reflection",
	"train/calibrate":  "TestNoPanic, by reflection",
	"train/callback":   "TestNoPanicsIsComplete, by reflection",
	"train/checkpoint": "TestNoPanicsIsComplete, by reflection",
	"train/data":       "TestNoPanicsIsComplete, by reflection",
	"train/explain":    "TestNoPanic, by reflection",
	"train/logs":       "TestNoPanicsIsComplete, by reflection",
	"train/parallel":   "TestNoPanicsIsComplete, by reflection",
	"train/predict":    "TestNoPanicsIsComplete, by reflection",
}

// Each exported function, and each exported method of an exported type, is called with bad arguments.
func TestBadArguments(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}|{{.Dir}}", module+"...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	used := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, dir, _ := strings.Cut(strings.TrimPrefix(line, module), "|")
		if strings.HasPrefix(path, "examples") || slices.Contains(strings.Split(path, "/"), "internal") {
			continue
		}
		if exempt[path] != "" {
			used[path] = true
			continue
		}
		calls := callsOf(t, path, dir)
		for _, f := range exported(t, dir) {
			name := path + "." + f.full()
			switch {
			case strings.HasPrefix(f.name, "Must"): // its panic is its answer
			case exempt[name] != "":
				used[name] = true
				if calls.has(f) {
					t.Errorf("%s is exempt although a %s calls it", name, badArguments)
				}
			case !calls.has(f):
				t.Errorf("no %s calls %s", badArguments, name)
			}
		}
	}
	for name := range exempt {
		if !used[name] {
			t.Errorf("%s is exempt, and there is none", name)
		}
	}
}

// function is a function, or a method if it has a receiver.
type function struct{ receiver, name string }

func (f function) full() string { return strings.TrimPrefix(f.receiver+"."+f.name, ".") }

// calls holds the names that a file of bad arguments mentions.
type calls struct {
	functions map[string]bool // of the package
	selected  map[string]bool // M of x.M for any x
	types     map[string]bool // of the package, if the file goes through the methods of types by reflection
}

func (c calls) has(f function) bool {
	if f.receiver == "" {
		return c.functions[f.name]
	}
	return c.selected[f.name] || c.types[f.receiver]
}

// callsOf reads the files of bad arguments in a package's folder, and those in its parent's that import the package.
func callsOf(t *testing.T, path, dir string) calls {
	t.Helper()
	c := calls{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, folder := range []string{dir, filepath.Dir(dir)} {
		names, err := filepath.Glob(filepath.Join(folder, badArguments))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			file := parse(t, name)
			inside := folder == dir && !strings.HasSuffix(file.Name.Name, "_test")
			if inside || slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == strconv.Quote(module+path) }) {
				c.add(file, filepath.Base(path), inside)
			}
		}
	}
	return c
}

// add adds what a file mentions. Inside a package its functions need no qualifier.
func (c calls) add(file *ast.File, base string, inside bool) {
	mentioned := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == base {
				mentioned[n.Sel.Name] = true
			} else {
				c.selected[n.Sel.Name] = true
			}
		case *ast.Ident:
			if inside {
				mentioned[n.Name] = true
			}
		}
		return true
	})
	maps.Copy(c.functions, mentioned)
	if c.selected["NumMethod"] {
		maps.Copy(c.types, mentioned)
	}
}

// exported returns the exported functions of the package in a folder, methods methods of exported types included.
func exported(t *testing.T, dir string) (functions []function) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, d := range parse(t, path).Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() {
				continue
			}
			if f.Recv == nil {
				functions = append(functions, function{name: f.Name.Name})
			} else if receiver := receiverName(f.Recv.List[0].Type); ast.IsExported(receiver) {
				functions = append(functions, function{receiver, f.Name.Name})
			}
		}
	}
	return functions
}

// receiverName returns the name of a receiver's type without pointer and type parameters.
func receiverName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiverName(e.X)
	case *ast.IndexExpr:
		return receiverName(e.X)
	case *ast.IndexListExpr:
		return receiverName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return file
}
