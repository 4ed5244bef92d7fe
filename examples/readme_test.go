package examples_test

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The program of the README compiles and trains on somebody's table, one with a column of names.
func TestReadmeProgram(t *testing.T) {
	code := readmeProgram(t)
	run, table := built(t, code), peopleTable(t)
	if out, err := run(table, "kind", "name"); err != nil || !strings.Contains(out, "accuracy on new rows: ") {
		t.Errorf("%v\n%s", err, out)
	} else if strings.Contains(out, "standardized") {
		t.Errorf("a warning about features that csv.Load has scaled:\n%s", out)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"species"}, `"species"`},        // there is no such column
		{[]string{"kind"}, `column "name"`},       // the error says what to do with the names
		{[]string{"kind", "nom"}, `column "nom"`}, // a column to leave out that does not exist
	} {
		if out, err := run(append([]string{table}, c.args...)...); err == nil || !strings.Contains(out, c.want) || strings.Contains(out, "panic") {
			t.Errorf("%v gives %v\n%s", c.args, err, out)
		}
	}
}

// With the README's changes for a regression the program prints R², and without them it trains nothing.
func TestReadmeRegression(t *testing.T) {
	code, table := readmeProgram(t), peopleTable(t)
	if out, err := built(t, code)(table, "size", "name"); err == nil {
		t.Errorf("the accuracy of a regression is %s", out)
	}
	changed := strings.NewReplacer("graphs.CrossEntropy", "graphs.MSE", "metric.Accuracy", "metric.R2", "accuracy on", "R2 on").Replace(code)
	out, err := built(t, changed)(table, "size", "name")
	if err != nil || !strings.Contains(out, "R2 on new rows: 0.9") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Every file that the README and the documents link to exists.
func TestDocumentLinks(t *testing.T) {
	paths := []string{"../README.md"}
	err := filepath.WalkDir("../docs", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range links.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
			target, _, _ := strings.Cut(link[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), target)); err != nil {
				t.Errorf("%s links to %s: %v", path, link[1], err)
			}
		}
	}
}

var links = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// fenced matches commands and code, in which a SMILES may look like a link.
var fenced = regexp.MustCompile("(?ms)^```.*?^```")

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readmeProgram(t *testing.T) string {
	t.Helper()
	_, code, _ := strings.Cut(readme(t), "```go\n")
	code, _, found := strings.Cut(code, "```\n")
	if !found || !strings.HasPrefix(code, "package main") {
		t.Fatal("the README has no program")
	}
	return code
}

// built compiles a program and returns a function that runs it.
func built(t *testing.T, code string) func(args ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	source, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "program.exe")
	if err := os.WriteFile(source, []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return func(args ...string) (string, error) {
		out, err := exec.Command(program, args...).CombinedOutput()
		return string(out), err
	}
}

// peopleTable writes a table with a column of names, one of classes and one of measurements.
func peopleTable(t *testing.T) string {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("name,length,colour,kind,size\n")
	for i := range 300 {
		length, blue := i%17, i%2
		gap := fmt.Sprint(length)
		if i%13 == 0 {
			gap = ""
		}
		size := 2*float64(length) + 5*float64(blue) + 0.1*math.Sin(float64(i))
		fmt.Fprintf(&rows, "sample %d,%s,%s,%s,%.3f\n", i, gap, []string{"red", "blue"}[blue], []string{"a", "b"}[length/9], size)
	}
	path := filepath.Join(t.TempDir(), "my.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
