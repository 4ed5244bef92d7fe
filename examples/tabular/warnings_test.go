package main

import (
	"strings"
	"testing"
)

// Scaled numbers, categories, gaps and dates give no warning; a setting that hurts gives one.
func TestWarnings(t *testing.T) {
	table := write(t, "my.csv", mixed(200))
	args := []string{"-q", "-data", table, "-target", "kind", "-epochs", "2", "-layers", "2", "-units", "16", "-compare", "none"}
	if out := must(t, args...); strings.Contains(out, "warning") {
		t.Errorf("a false alarm:\n%s", out)
	}
	if out := must(t, append(args, "-dropout", "0.4", "-ensemble", "seeds:2")...); strings.Count(out, "warning: alpha dropout") != 1 {
		t.Errorf("want one warning about the dropout rate:\n%s", out)
	}
}
