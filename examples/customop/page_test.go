package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// page is docs/adding-an-op.md.
func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "adding-an-op.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every block of Go in the page is code of this folder, which is compiled and run.
func TestPageCode(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := ""
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code += trimmed(string(text))
	}
	parts := strings.Split(page(t), "```go\n")
	if len(parts) < 8 {
		t.Errorf("%d blocks of Go", len(parts)-1)
	}
	for _, part := range parts[1:] {
		block, _, ok := strings.Cut(part, "```")
		if !ok || !strings.Contains(code, trimmed(block)) {
			t.Errorf("no file here has\n%s", block)
		}
	}
}

// trimmed returns text without the spaces around its lines.
func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}
