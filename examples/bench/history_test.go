package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A run adds one line to the history and keeps those that it holds.
func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	args := []string{"-pairs", "1", "-steps", "1", "-rows", "0", "-python", "", "-only", "sgd, 64 x 64", "-history", path, "-date", "2026-01-02", "-commit", "abc", "-machine", "test"}
	for range 2 {
		var out, errs bytes.Buffer
		if code := run(context.Background(), args, &out, &errs); code != 0 || strings.Count(out.String(), " ms ") != 1 {
			t.Fatalf("exit code %d: %s%s", code, out.String(), errs.String())
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want 2: %s", len(lines), text)
	}
	for _, line := range lines {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Date != "2026-01-02" || e.Commit != "abc" || e.Machine != "test" || e.Cores < 1 || e.Steps != 1 || len(e.Cases) != 1 ||
			!strings.Contains(e.Cases[0].Name, "64 x 64") || !(e.Cases[0].Ours > 0) || e.Cases[0].Peer != 0 {
			t.Errorf("%s", line)
		}
	}
}

// A line that cannot be kept is refused before anything is measured.
func TestHistoryErrors(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "notes")
	if err := os.WriteFile(foreign, []byte("my notes\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	base := []string{"-pairs", "1", "-steps", "1", "-rows", "0", "-python", "", "-only", "no case", "-commit", "abc", "-history"}
	for want, args := range map[string][]string{
		"no such file": append(base, filepath.Join(dir, "no", "f")),
		"-date":        append(base, filepath.Join(dir, "f"), "-date", "yesterday"),
		"-products":    append(base, filepath.Join(dir, "f"), "-products"),
		"not a hist":   append(base, foreign),
	} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), args, &out, &errs); code == 0 || !strings.Contains(errs.String(), want) {
			t.Errorf("exit code %d, output %q, want %q", code, errs.String(), want)
		}
	}
	if text, err := os.ReadFile(foreign); err != nil || string(text) != "my notes\n" {
		t.Errorf("the notes are now %q (%v)", text, err)
	}
}
