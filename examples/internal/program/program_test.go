package program_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// -help lists every flag and ends with 0; a wrong flag or argument ends with 2 and one line.
func TestParse(t *testing.T) {
	parse := func(names []string, args ...string) (code int, stderr string) {
		var text bytes.Buffer
		f := flag.NewFlagSet("prog", flag.ContinueOnError)
		n := f.Int("n", 3, "a number")
		f.Uint64("u", 3, "")
		f.Float64("f", 3, "")
		f.Bool("b", true, "")
		f.Duration("d", 3, "")
		code = program.ParseArguments(f, "It does this.\nAnd that.", names, args, &text, func() error {
			return program.CheckAll(program.Check{Flag: "n", OK: *n > 0, Got: *n, Want: "a positive\nnumber"})
		})
		return code, text.String()
	}
	if code, stderr := parse([]string{"FILE"}, "-help"); code != 0 || !strings.HasPrefix(stderr, "usage: prog [flags] FILE\nIt does this.\nAnd that.\n\n") || !strings.Contains(stderr, "-n int") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	for _, test := range []struct {
		names, args []string
		want        string
	}{
		{nil, []string{"more"}, `unexpected argument "more"`}, {nil, []string{"-none"}, "-none"}, {nil, []string{"-n", "x"}, `-n "x": want a whole number`},
		{nil, []string{"-u", "-1"}, `-u "-1": want a whole number from 0 to 18446744073709551615`}, {nil, []string{"-f", "1,5"}, `-f "1,5": want a number`},
		{nil, []string{"-b=maybe"}, `-b "maybe": want true or false`}, {nil, []string{"-d", "5"}, `-d "5": want a time, such as 90s`},
		{nil, []string{"-n", "99999999999999999999"}, "want a whole number"}, {nil, []string{"-n"}, "-n"},
		{nil, []string{"-n", "0"}, "-n 0: want a positive number"},
		{[]string{"FILE"}, nil, "the argument FILE is missing"}, {[]string{"FILE"}, []string{"a", "b"}, `unexpected argument "b"`},
	} {
		if code, stderr := parse(test.names, test.args...); code != 2 || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "prog: ") || !strings.Contains(stderr, test.want) {
			t.Errorf("%q: exit code %d, %q, want %q", test.args, code, stderr, test.want)
		}
	}
	if code, stderr := parse([]string{"FILE"}, "-n", "1", "a"); code >= 0 || stderr != "" {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

func TestExit(t *testing.T) {
	var text bytes.Buffer
	if code := program.Exit("prog", errors.New("a\nb"), &text); code != 1 || text.String() != "prog: a b\n" {
		t.Errorf("exit code %d, %q", code, text.String())
	}
	if code := program.Exit("prog", nil, &text); code != 0 || strings.Count(text.String(), "\n") != 1 {
		t.Errorf("exit code %d, %q", code, text.String())
	}
}

// An output is refused if it cannot be written, or is an input or another output; nothing is changed.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	data, link, sub := filepath.Join(dir, "my.csv"), filepath.Join(dir, "link.csv"), filepath.Join(dir, "sub")
	if err := os.WriteFile(data, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(sub, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(data, link); err != nil {
		noLinks(t, err)
	}
	model := filepath.Join(t.TempDir(), "model")
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 2, Outputs: 1}, graphs.Matrix(2), graphs.MSE)
	if err == nil {
		err = net.Save(model)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		add  func(f *program.Files)
		want string
	}{
		{"new", func(f *program.Files) { f.Out("-out", filepath.Join(dir, "new")) }, ""},
		{"existing", func(f *program.Files) { f.Out("-out", data) }, ""},
		{"empty", func(f *program.Files) { f.Out("-out", ""); f.OutFolder("-log", ""); f.In("-data", "") }, ""},
		{"no folder", func(f *program.Files) { f.Out("-out", filepath.Join(dir, "none", "new")) }, "-out: "},
		{"a folder", func(f *program.Files) { f.Out("-out", sub) }, "it is a folder"},
		{"input", func(f *program.Files) { f.In("-data", data); f.Out("-out", data) }, "it would replace the input -data"},
		{"link to the input", func(f *program.Files) { f.In("-data", data); f.Out("-out", link) }, "it would replace the input -data"},
		{"two outputs", func(f *program.Files) { f.Out("-json", sub+"/../r"); f.Out("-out", filepath.Join(dir, "r")) }, "it is also the output -json"},
		{"nowhere", func(f *program.Files) { f.Out("-json", os.DevNull); f.Out("-out", os.DevNull) }, ""},
		{"missing input", func(f *program.Files) {
			f.In("-data", filepath.Join(dir, "none"))
			f.Out("-out", filepath.Join(dir, "r"))
		}, ""},
		{"new folders", func(f *program.Files) { f.OutFolder("-checkpoint", filepath.Join(dir, "a", "b")) }, ""},
		{"folder in a file", func(f *program.Files) { f.OutFolder("-checkpoint", filepath.Join(data, "a")) }, "not a directory"},
		{"file as folder", func(f *program.Files) { f.OutFolder("-checkpoint", data) }, "want a folder"},
		{"long name", func(f *program.Files) { f.OutFolder("-checkpoint", filepath.Join(dir, strings.Repeat("n", 300))) }, "too long"},
		{"long name below a new folder", func(f *program.Files) {
			f.OutFolder("-checkpoint", filepath.Join(dir, "a", strings.Repeat("n", 300), "b"))
		}, "too long"},
		{"same folder", func(f *program.Files) {
			f.OutFolder("-log", filepath.Join(dir, "new"))
			f.OutFolder("-checkpoint", filepath.Join(dir, "new")+"/")
		}, "it is also the output -log"},
		{"folder and file", func(f *program.Files) {
			f.OutFolder("-checkpoint", filepath.Join(dir, "new"))
			f.Out("-out", filepath.Join(dir, "new"))
		}, "it is also the output -checkpoint"},
		{"reserved name", func(f *program.Files) {
			f.Reserve("-checkpoint", sub, func(path string) bool { return path == "best" })
			f.Out("-out", filepath.Join(sub, "best"))
		}, "it is a file or folder that -checkpoint uses"},
		{"reserved name below", func(f *program.Files) {
			f.Reserve("-checkpoint", dir, func(path string) bool { return path == "sub/best" })
			f.Out("-out", filepath.Join(sub, "best"))
		}, "-checkpoint uses"},
		{"other name", func(f *program.Files) {
			f.Reserve("-checkpoint", sub, func(path string) bool { return path == "best" })
			f.Out("-out", filepath.Join(sub, "other"))
		}, ""},
		{"networks by networks", func(f *program.Files) { f.Network("-out", model) }, ""},
		{"networks by others", func(f *program.Files) { f.Out("-json", model) }, "it holds saved networks"},
		{"on demand", func(f *program.Files) { f.Overwrite = true; f.Out("-json", model) }, ""},
		{"folder as file", func(f *program.Files) { f.OutFolder("-checkpoint", dir, "my.csv", "sub") }, "it is a folder"},
	} {
		var f program.Files
		test.add(&f)
		if err := f.Try(); err == nil != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("the folder holds %v (%v)", entries, err)
	}
}

func TestCheckNames(t *testing.T) {
	known := []string{"a", "b"}
	for text, want := range map[string]string{"a": "", "b,a": "", "": "want some of a, b", "a,c": `"c" is none of a, b`, "a,a": `"a" occurs twice`, "a,": `"" is none`} {
		if err := program.CheckNames("nets", program.List(text), known); err == nil != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// noLinks ends a test that cannot make links: on Windows they need a privilege, elsewhere their lack is a fault.
func noLinks(t *testing.T, err error) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip(err)
	}
	t.Fatal(err)
}
