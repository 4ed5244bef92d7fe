package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A training replaces the networks of the same data, columns and targets; anything else stays without -overwrite.
func TestOverwrite(t *testing.T) {
	text := mixed(100)
	dir := t.TempDir()
	model, graph := filepath.Join(dir, "model"), filepath.Join(dir, "net.onnx")
	data, changed := write(t, "my.csv", text), write(t, "my.csv", strings.Replace(text, "red", "green", 1))
	args := func(data, target, ignore string, more ...string) []string {
		return append(append(small, "-data", data, "-target", target, "-ignore", ignore, "-epochs", "1", "-out", model, "-onnx", graph), more...)
	}
	const ignore = "name,price,hot,rare"
	for _, more := range [][]string{nil, {"-seed", "3"}, {"-split-seed", "4"}, {"-units", "8", "-q"}} {
		must(t, args(data, "kind", ignore, more...)...)
	}
	must(t, args(write(t, "copy.csv", text), "kind", ignore)...) // the same data of another name
	page := write(t, "page.html", "the page of another run")
	must(t, args(data, "kind", ignore)...)
	kept := func(what, want string, args []string) {
		t.Helper()
		before, err := os.ReadFile(model)
		if err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := command(append(args, "-report", page)...)
		if code != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, want) || !strings.Contains(stderr, "-overwrite") || stdout != "" {
			t.Errorf("%s: exit code %d, %q, %q", what, code, stdout, stderr)
		}
		if after, err := os.ReadFile(model); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s: the file has changed (%v)", what, err)
		}
		if text, err := os.ReadFile(page); err != nil || string(text) != "the page of another run" {
			t.Errorf("%s: the page has changed (%v)", what, err)
		}
	}
	kept("other data", "other data of the name my.csv", args(changed, "kind", ignore))
	kept("a built-in table", "iris", append(small, "-data", "iris", "-epochs", "1", "-out", model))
	builtIn := filepath.Join(dir, "iris")
	must(t, append(small, "-data", "iris", "-epochs", "1", "-out", builtIn)...)
	if code, _, stderr := command(append(small, "-data", "wine", "-epochs", "1", "-out", builtIn)...); code != 1 || !strings.Contains(stderr, "trained on iris, not wine") {
		t.Errorf("another built-in table: exit code %d, %q", code, stderr)
	}
	kept("another target", "predict kind, not hot", args(data, "hot", "name,price,kind,rare"))
	kept("other columns", "-noise", args(data, "kind", ignore+",noise"))
	if err := os.Remove(model); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(model, []byte("somebody's notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept("a foreign file", "holds no networks", args(data, "kind", ignore))
	must(t, args(data, "kind", ignore, "-overwrite")...)
	if err := os.Remove(model); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command(args(changed, "kind", ignore)...); code != 1 || !strings.Contains(stderr, "-onnx "+graph) {
		t.Errorf("another ONNX model: exit code %d, %q", code, stderr)
	}
	must(t, args(changed, "kind", ignore, "-overwrite")...)
	if code, _, stderr := command("-predict", data, "-model", write(t, "none", ""), "-out", model); code != 1 || !strings.Contains(stderr, "holds saved networks") {
		t.Errorf("predictions in place of networks: exit code %d, %q", code, stderr)
	}
}

// when is a context that calls a function each time that the training asks whether it shall end.
type when struct {
	context.Context
	err func() error
}

func (w when) Err() error { return w.err() }

// Outputs whose folder is removed during the training are an error in the end; the others are written.
func TestOutputsVanish(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders with open files stay")
	}
	dir := t.TempDir()
	gone, model, result := filepath.Join(dir, "gone"), filepath.Join(dir, "model"), filepath.Join(dir, "r.json")
	if err := os.Mkdir(gone, 0o755); err != nil {
		t.Fatal(err)
	}
	file := func(name string) string { return filepath.Join(gone, name) }
	ctx := when{context.Background(), func() error {
		if _, err := os.Stat(file("checkpoint/network-1/step-000000000020.safetensors")); err == nil {
			return os.RemoveAll(gone)
		}
		return nil
	}}
	var stdout, stderr bytes.Buffer
	code := run(ctx, append(small, "-data", "iris", "-batch", "48", "-epochs", "20", "-out", model, "-json", result, "-onnx", file("net.onnx"), "-report", file("page.html"),
		"-checkpoint", file("checkpoint"), "-log", file("log.csv"), "-tensorboard", file("runs")), &stdout, &stderr)
	if code != 1 || strings.Count(stderr.String(), "\n") != 1 || strings.Count(stdout.String(), "the training goes on") != 3 {
		t.Errorf("exit code %d, %s\n%s", code, stdout.String(), stderr.String())
	}
	for _, name := range []string{"net.onnx", "page.html", "checkpoint", "log.csv", "runs"} {
		if !strings.Contains(stderr.String(), file(name)) {
			t.Errorf("the error does not name %s: %s", name, stderr.String())
		}
	}
	if r := fromJSON(t, result); r.Results["test"]["accuracy"] == 0 {
		t.Errorf("results %v", r.Results)
	}
	must(t, "-predict", write(t, "new.csv", "sepal length,sepal width,petal length,petal width\n5,3,1,0.2\n"), "-model", model)
}

// A run that is interrupted saves the best networks so far, unless that would replace those of a whole run, and writes the page.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	model, log, page := filepath.Join(dir, "model"), filepath.Join(dir, "log.csv"), filepath.Join(dir, "page.html")
	args := append(small, "-data", "iris", "-epochs", "10", "-out", model, "-log", log, "-report", page)
	ctx := when{context.Background(), func() error {
		if text, err := os.ReadFile(log); err == nil && bytes.Count(text, []byte("\n")) > 3 {
			return context.Canceled
		}
		return nil
	}}
	interrupted := func(want string) {
		t.Helper()
		os.Remove(log)
		var stdout, stderr bytes.Buffer
		if code := run(ctx, args, &stdout, &stderr); code != 1 || !strings.Contains(stdout.String(), want) || !strings.Contains(stderr.String(), "canceled") {
			t.Errorf("exit code %d, %s\n%s", code, stdout.String(), stderr.String())
		}
		if text, err := os.ReadFile(page); err != nil || !bytes.Contains(text, []byte("canceled")) {
			t.Errorf("a page of %d bytes (%v)", len(text), err)
		}
	}
	rows := write(t, "new.csv", "sepal length,sepal width,petal length,petal width\n5,3,1,0.2\n")
	for range 2 { // the second replaces the networks of the first
		interrupted("interrupted after epoch 3 of 10 of network 1 of 1")
		must(t, "-predict", rows, "-model", model)
	}
	must(t, args...)
	whole, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	interrupted("not saved: " + model)
	if after, err := os.ReadFile(model); err != nil || !bytes.Equal(whole, after) {
		t.Errorf("the networks of the whole run are lost (%v)", err)
	}
}

// A target of the wrong kind is an error that says which kind of target it takes.
func TestWrongProblem(t *testing.T) {
	data := write(t, "my.csv", mixed(100))
	for _, c := range []struct{ target, problem, want string }{
		{"kind", "regression", "the target of a regression is a number, classes need -problem classes"},
		{"kind", "binary", "a binary target is 0 or 1, classes need -problem classes, numbers -problem regression"},
		{"price", "binary", "a binary target is 0 or 1"},
		{"price,kind", "regression", "the targets of a regression are numbers"},
		{"hot,price", "binary", "binary targets are 0 or 1"},
		{"kind,color", "", "predict classes one at a time"},
	} {
		code, stdout, stderr := command(append(small, "-data", data, "-target", c.target, "-problem", c.problem, "-id", "name")...)
		if code != 1 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) || !strings.Contains(stderr, "column ") {
			t.Errorf("%s as %q: exit code %d, %q", c.target, c.problem, code, stderr)
		}
	}
}

// A log of a later network of an ensemble is tried with the others; one that fails when its network begins does not lose the networks before.
func TestLaterLogs(t *testing.T) {
	dir := t.TempDir()
	model, log, second := filepath.Join(dir, "model"), filepath.Join(dir, "log.csv"), filepath.Join(dir, "log-2.csv")
	args := append(small, "-data", "iris", "-epochs", "2", "-ensemble", "seeds:2", "-out", model, "-log", log)
	if err := os.WriteFile(second, []byte("name,size\nann,70\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := command(args...); code != 1 || stdout != "" || !strings.Contains(stderr, "-log: logs: "+second+" is not a log") {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
	if err := os.Remove(second); err != nil {
		t.Fatal(err)
	}
	ctx := when{context.Background(), func() error { // it becomes a folder during the training
		if err := os.Mkdir(second, 0o700); err != nil && !os.IsExist(err) {
			return err
		}
		return nil
	}}
	var stdout, stderr bytes.Buffer
	if code := run(ctx, args, &stdout, &stderr); code != 1 || !strings.Contains(stderr.String(), second) || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("exit code %d, %s\n%s", code, stdout.String(), stderr.String())
	}
	if networks, _, _, err := load(model); err != nil || len(networks) != 2 {
		t.Errorf("%d networks (%v)", len(networks), err)
	}
}
