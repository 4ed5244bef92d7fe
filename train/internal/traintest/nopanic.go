package traintest

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"
)

// Surface is the public interface of a package, for a test that nothing in it panics.
type Surface struct {
	// Functions are all exported functions by name, and Receivers are odd values of all types with exported methods: zero values, nil
	// pointers, values with absurd fields.
	Functions map[string]any
	Receivers map[string][]any
	// Odd are arguments that nobody should pass. Zero values, absurd numbers, and a cancelled context are among them in any case.
	Odd []any
}

// NoPanics calls all functions and methods with odd arguments, in an empty folder.
func (s Surface) NoPanics(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	s.Odd = append(s.Odd, cancelled, -1, 1, math.MaxInt, uint64(math.MaxUint64), math.NaN(), math.Inf(1), "", "x", []int{-1}, []int{math.MaxInt, 0}, func(string) {},
		errOdd, []string{""})
	for name, f := range s.Functions {
		s.call(t, name, reflect.ValueOf(f))
	}
	for name, all := range s.Receivers {
		for _, r := range all {
			v := reflect.ValueOf(r)
			for i := range v.NumMethod() {
				s.call(t, name+"."+v.Type().Method(i).Name, v.Method(i))
			}
		}
	}
}

var errOdd = os.ErrInvalid

// call calls f with all combinations of its odd arguments.
func (s Surface) call(t *testing.T, name string, f reflect.Value) {
	t.Helper()
	arguments, total := make([][]reflect.Value, f.Type().NumIn()), 1
	for i := range arguments {
		in := f.Type().In(i)
		if f.Type().IsVariadic() && i == len(arguments)-1 {
			in = in.Elem()
		}
		arguments[i] = []reflect.Value{reflect.Zero(in)}
		for _, x := range s.Odd {
			if v := reflect.ValueOf(x); v.Type().AssignableTo(in) {
				arguments[i] = append(arguments[i], v)
			}
		}
		total *= len(arguments[i])
	}
	for k := range total {
		args := make([]reflect.Value, len(arguments))
		for i, a := range arguments {
			args[i] = a[k%len(a)]
			k /= len(a)
		}
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Fatalf("%s(%v): panic: %v\n%s", name, args, r, debug.Stack())
				}
			}()
			f.Call(args)
		}()
	}
}

// Complete fails the test if an exported function, or a type with exported methods, of the package in the working folder is missing.
func (s Surface) Complete(t *testing.T) {
	t.Helper()
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			switch {
			case !ok || !f.Name.IsExported():
			case f.Recv == nil:
				found++
				if s.Functions[f.Name.Name] == nil {
					t.Errorf("function %s is not in the table", f.Name.Name)
				}
			case s.Receivers[receiver(f)] == nil && ast.IsExported(receiver(f)):
				t.Errorf("type %s is not in the table", receiver(f))
			}
		}
	}
	if found != len(s.Functions) {
		t.Errorf("%d functions found, %d in the table", found, len(s.Functions))
	}
}

// receiver is the name of the type of a method.
func receiver(f *ast.FuncDecl) string {
	kind := f.Recv.List[0].Type
	if p, ok := kind.(*ast.StarExpr); ok {
		kind = p.X
	}
	if x, ok := kind.(*ast.IndexExpr); ok {
		kind = x.X
	}
	return kind.(*ast.Ident).Name
}
