package examples_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The program of the README compiles and trains on somebody's table.
func TestReadmeProgram(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(readme), "```go\n")
	code, _, found := strings.Cut(code, "```\n")
	if !found || !strings.HasPrefix(code, "package main") {
		t.Fatal("the README has no program")
	}
	dir := t.TempDir()
	program, table := filepath.Join(dir, "main.go"), filepath.Join(dir, "my.csv")
	var rows strings.Builder
	rows.WriteString("length,colour,kind\n")
	for i := range 300 {
		fmt.Fprintf(&rows, "%d,%s,%s\n", i%17, []string{"red", "blue"}[i%2], []string{"a", "b"}[i%17/9])
	}
	for path, text := range map[string]string{program: code, table: rows.String()} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command("go", "run", program, table, "kind").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "accuracy on new rows: ") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = exec.Command("go", "run", program, table, "species").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "species") {
		t.Errorf("a column that does not exist gives %v\n%s", err, out)
	}
}
