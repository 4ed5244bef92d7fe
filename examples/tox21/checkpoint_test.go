package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// A run that is stopped and started again with the same flags saves the same networks as one that is not.
func TestCheckpoint(t *testing.T) {
	few(t)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	args := []string{"-quick", "-q", "-epochs", "2", "-units", "8", "-members", "forest:3,neighbours"}
	if code, _, stderr := command(append(args, "-out", file("whole"))...); code != 0 {
		t.Fatal(stderr)
	}
	args = append(args, "-checkpoint", file("run"))
	ctx := programtest.Stopping{Context: context.Background(), Pattern: filepath.Join(file("run"), "network-1", "step-*")}
	if code := run(ctx, append(args, "-out", file("half")), &bytes.Buffer{}, &bytes.Buffer{}); code != 1 {
		t.Fatalf("a run that was stopped ends with %d", code)
	}
	if code, _, stderr := command(append(args, "-out", file("again"))...); code != 0 {
		t.Fatal(stderr)
	}
	whole, err := os.ReadFile(file("whole"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(file("again")); err != nil || !bytes.Equal(whole, again) {
		t.Errorf("the files of %d and %d bytes differ (%v)", len(whole), len(again), err)
	}
	if code, stdout, stderr := command(append(args, "-out", file("more"))...); code != 0 || !strings.Contains(stdout, "forest, 3 trees") {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr) // with the members of the folder
	}
	if more, err := os.ReadFile(file("more")); err != nil || !bytes.Equal(whole, more) {
		t.Errorf("with members of the folder, the files of %d and %d bytes differ (%v)", len(whole), len(more), err)
	}
	testMemberFile(t, filepath.Join(file("run"), training.MemberFile("forest")))
	if _, err := os.Stat(file("half")); err == nil {
		t.Error("the run that was stopped has saved networks")
	}
}

// A kind of members is trained again if its file is of another training or damaged. A file of somebody else is an error.
func testMemberFile(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	forest, err := molecular.Parse("forest:3", false)
	if err != nil {
		t.Fatal(err)
	}
	for text, fails := range map[string]bool{string(raw): false, string(raw[:len(raw)-1]): false, "a text that is no checkpoint": true} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if g, err := loadMember(path, "another training", forest[0], 1, nil); g != nil || (err != nil) != fails {
			t.Errorf("a file of %d bytes: %v, error %v", len(text), g, err)
		}
	}
}
