package graphs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every block of Go in these documents is part of an example that is compiled, and run if it has an output.
func TestDocumentedCode(t *testing.T) {
	docs := filepath.Join("..", "docs")
	examples := ""
	for _, dir := range []string{".", filepath.Join("..", "nn"), "onnx", "pytorch"} {
		files, err := filepath.Glob(filepath.Join(dir, "example*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			examples += trimmed(string(text))
		}
	}
	blocks := 0
	for _, name := range []string{"graphs.md", "nn.md", "losses.md", "export.md"} {
		page, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(page), "```go\n")
		for _, part := range parts[1:] {
			block, _, ok := strings.Cut(part, "```")
			if blocks++; !ok || !strings.Contains(examples, trimmed(block)) {
				t.Errorf("%s: no example has\n%s", name, block)
			}
		}
	}
	if blocks < 10 {
		t.Errorf("%d blocks of Go", blocks)
	}
}

// docs/losses.md lists every loss by its name.
func TestDocumentedLosses(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "losses.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, loss := range allLosses(t) {
		name, _, _ := strings.Cut(loss.Name, "(")
		if loss.Total != nil && !strings.Contains(string(page), "| `"+name) {
			t.Errorf("%q is missing", loss.Name)
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
