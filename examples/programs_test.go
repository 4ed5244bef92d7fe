package examples_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every program leaves signals, exit codes and flags to package program: main calls program.Main alone, flags are parsed by program.Parse
// with a text of two lines about the program, which -help prints, and nothing else ends the process or parses flags. examples/customop, which users
// copy, is one file without flags that uses public packages only: it has no main.go.
func TestPrograms(t *testing.T) {
	mains, err := filepath.Glob("*/main.go")
	if err != nil || len(mains) < 2 {
		t.Fatalf("programs %v (%v)", mains, err)
	}
	for _, name := range mains {
		dir := filepath.Dir(name)
		about, calls := programOf(t, dir)
		lines := strings.Split(about, "\n")
		if len(lines) != 2 || slices.ContainsFunc(lines, func(line string) bool { return line == "" || len(line) > 140 }) {
			t.Errorf("%s: about is %q, want two lines", dir, about)
		}
		for call, want := range map[string]bool{
			"program.Main": true, "program.Parse": !slices.Contains(calls, "program.ParseArguments"), "os.Exit": false, "log.Fatal": false, "f.Parse": false,
			"signal.Notify": false, "signal.NotifyContext": false,
		} {
			if slices.Contains(calls, call) != want {
				t.Errorf("%s: calls of %s: %v, want %v", dir, call, !want, want)
			}
		}
	}
}

// programOf returns the constant about of a program, and what it calls.
func programOf(t *testing.T, dir string) (about string, calls []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if n.Names[0].Name == "about" {
					about = textOf(n.Values[0])
				}
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok {
					if x, ok := s.X.(*ast.Ident); ok {
						calls = append(calls, x.Name+"."+s.Sel.Name)
					}
				}
			}
			return true
		})
	}
	return about, calls
}

// textOf is the value of a constant that consists of texts.
func textOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return textOf(e.X) + textOf(e.Y)
	}
	return ""
}
