package examples_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// howTo finds a heading, its program and what that prints.
var howTo = regexp.MustCompile("(?s)\n## ([^\n]+)\n.*?```go\n(package main\n.*?)```\n\n```text\n(.*?)```\n")

// The programs of docs/how-to.md are complete, formatted, and print what the page says.
func TestHowTo(t *testing.T) {
	page, err := os.ReadFile("../docs/how-to.md")
	if err != nil {
		t.Fatal(err)
	}
	programs := howTo.FindAllStringSubmatch(string(page), -1)
	if want := strings.Count(string(page), "\npackage main\n"); len(programs) != want || want < 10 {
		t.Fatalf("%d programs with a heading and an output, %d in all", len(programs), want)
	}
	for _, p := range programs {
		if formatted, err := format.Source([]byte(p[2])); err != nil || string(formatted) != p[2] {
			t.Errorf("%s: not formatted (%v)", p[1], err)
		}
	}
	binary := buildAsOne(t, programs)
	for k, p := range programs {
		t.Run(p[1], func(t *testing.T) {
			cmd := exec.Command(binary, fmt.Sprint(k))
			cmd.Dir = t.TempDir()
			out, err := cmd.Output()
			if e, ok := err.(*exec.ExitError); ok {
				t.Fatalf("%v: %s", err, e.Stderr)
			}
			if err != nil || string(out) != p[3] {
				t.Errorf("it prints (%v)\n%s\nwant\n%s", err, out, p[3])
			}
		})
	}
}

// buildAsOne builds the programs as packages of one program, which takes the index of the one to run: linking ten takes too long. An
// overlay puts the files into the module without writing them there.
func buildAsOne(t *testing.T, programs [][]string) (binary string) {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("internal/howto")
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	add := func(name, text string) {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "-"))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][filepath.Join(root, filepath.FromSlash(name))] = path
	}
	imports, cases := "", ""
	for k, p := range programs {
		text := strings.Replace(p[2], "package main\n", fmt.Sprintf("package p%d\n", k), 1)
		add(fmt.Sprintf("p%d/main.go", k), strings.Replace(text, "\nfunc main() {", "\nfunc Main() {", 1))
		imports += fmt.Sprintf("\t%q\n", fmt.Sprintf("%sexamples/internal/howto/p%d", module, k))
		cases += fmt.Sprintf("\tcase \"%d\":\n\t\tp%d.Main()\n", k, k)
	}
	add("main.go", fmt.Sprintf("package main\n\nimport (\n\t\"os\"\n%s)\n\nfunc main() {\n\tswitch os.Args[1] {\n%s\t}\n}\n", imports, cases))
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(config, text, 0o644); err != nil {
		t.Fatal(err)
	}
	binary = filepath.Join(dir, "howto.exe")
	if out, err := exec.Command("go", "build", "-overlay", config, "-o", binary, module+"examples/internal/howto").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}
