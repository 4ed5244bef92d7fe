package examples_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var qualified = regexp.MustCompile(`\b([a-z][a-z0-9]*)\.([A-Z]\w*)`)

// Every name of the project's packages that these documents use exists.
func TestDocumentNames(t *testing.T) {
	packages := exportedNames(t)
	delete(packages, "data") // the name of a variable in the documents
	found := 0
	for _, path := range []string{"README.md", "docs/FAQ.md", "docs/CONTRIBUTING.md", "docs/upgrade.md"} {
		text, err := os.ReadFile(filepath.Join("..", path))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range qualified.FindAllStringSubmatch(currentNames(string(text)), -1) {
			names, ok := packages[m[1]]
			if !ok {
				continue
			}
			found++
			if !names[m[2]] {
				t.Errorf("%s: there is no %s", path, m[0])
			}
		}
	}
	if found < 150 {
		t.Errorf("%d names found", found)
	}
}

// currentNames leaves out other interfaces: in tables all but the last column, which compare with PyTorch or with the version before,
// and code that is not marked with its language.
func currentNames(page string) string {
	var lines []string
	block := ""
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```") && block == "":
			block = line
		case strings.HasPrefix(line, "```"):
			block = ""
		case block == "```":
		case strings.HasPrefix(line, "|"):
			cells := strings.Split(strings.Trim(line, "|"), " | ")
			lines = append(lines, cells[len(cells)-1])
		default:
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// exportedNames returns the exported names of the project's packages by the name of the package.
func exportedNames(t *testing.T) map[string]map[string]bool {
	t.Helper()
	packages := map[string]map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "internal" || name == "testdata" || name == "examples" || path != ".." && strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")):
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if packages[file.Name.Name] == nil {
			packages[file.Name.Name] = map[string]bool{}
		}
		for _, name := range declared(file) {
			packages[file.Name.Name][name] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// declared returns the names that a file declares at the top level.
func declared(file *ast.File) (names []string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				names = append(names, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					names = append(names, s.Name.Name)
				case *ast.ValueSpec:
					for _, n := range s.Names {
						names = append(names, n.Name)
					}
				}
			}
		}
	}
	return names
}
