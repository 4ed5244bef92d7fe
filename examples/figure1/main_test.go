package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// nowhere makes the program use its stand-ins.
func nowhere(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
}

// wantCurves checks that the files of a folder have these texts.
func wantCurves(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	for name, want := range want {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: no %q (%v)", name, want, err)
		}
	}
}

func TestRun(t *testing.T) {
	nowhere(t)
	dir := t.TempDir()
	code, out, err := programtest.Run(run, "-q", "-layers", "2,3", "-nets", "snn,msrainit", "-units", "16", "-epochs", "2", "-out", dir)
	if code != 0 || strings.Count(out, "training loss") != 4 {
		t.Fatalf("exit code %d: %s%s", code, out, err)
	}
	wantCurves(t, dir, map[string]string{"loss.csv": "snn,3,2,", "loss.svg": "<svg", "loss.png": "PNG"})
}

// With -as authors the networks and the rate are the authors', and layers are as wide as the images; other flags change single settings.
func TestAuthors(t *testing.T) {
	nowhere(t)
	dir := t.TempDir()
	code, out, err := programtest.Run(run, "-q", "-as", "authors", "-layers", "1", "-epochs", "1", "-out", dir)
	if code != 0 || !strings.Contains(out, "784 units, rate 0.00128, batches of 128, 1 epochs") {
		t.Fatalf("exit code %d: %s%s", code, out, err)
	}
	wantCurves(t, dir, map[string]string{"loss.csv": "\nbatchnormafter,1,1,"})
	code, out, err = programtest.Run(run, "-q", "-as", "authors", "-set", "cifar10", "-layers", "1", "-units", "3", "-nets", "snn", "-epochs", "1", "-out", dir)
	if code != 0 || !strings.Contains(out, "SYNTHETIC stand-in for CIFAR-10") || !strings.Contains(out, "2000 images to train on; 3 units") {
		t.Fatalf("exit code %d: %s%s", code, out, err)
	}
	wantCurves(t, dir, map[string]string{"loss.svg": "a synthetic stand-in for cifar10"})
}

// stopAt cancels when a training has ended.
type stopAt struct {
	bytes.Buffer
	cancel func()
}

func (s *stopAt) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("training loss")) {
		s.cancel()
	}
	return s.Buffer.Write(b)
}

// An interrupted run draws the curves that it has. With checkpoints the same flags continue it, and the curves are those of a run that was
// not interrupted; more epochs continue a finished one.
func TestInterrupted(t *testing.T) {
	nowhere(t)
	dir, check := t.TempDir(), filepath.Join(t.TempDir(), "new", "runs")
	args := []string{"-q", "-layers", "2,3", "-nets", "snn", "-units", "16", "-epochs", "2"}
	ctx, cancel := context.WithCancel(context.Background())
	out, stderr := &stopAt{cancel: cancel}, new(bytes.Buffer)
	code := run(ctx, append(args, "-out", dir, "-checkpoint", check), out, stderr)
	if code != 1 || !strings.Contains(stderr.String(), "canceled") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	wantCurves(t, dir, map[string]string{"loss.csv": "snn,2,2,", "loss.svg": "<svg", "loss.png": "PNG"})
	var curves [3]string
	for i, more := range [][]string{{"-checkpoint", check}, nil, {"-checkpoint", check, "-epochs", "3"}} {
		if code, _, err := programtest.Run(run, append(append(args, "-out", dir), more...)...); code != 0 {
			t.Fatalf("%q: exit code %d: %s", more, code, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "loss.csv"))
		if err != nil {
			t.Fatal(err)
		}
		curves[i] = string(text)
	}
	if curves[0] != curves[1] {
		t.Errorf("continued:\n%s\nnot interrupted:\n%s", curves[0], curves[1])
	}
	for _, line := range strings.Split(strings.TrimSpace(curves[1]), "\n") {
		if !strings.Contains(curves[2], line+"\n") {
			t.Errorf("after 3 epochs no line %q:\n%s", line, curves[2])
		}
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-set", "cifar"}, Code: 2, Want: "mnist10k"},
		{Args: []string{"-as", "others"}, Code: 2, Want: "ours, authors"},
		{Args: []string{"-nets", "cnn"}, Code: 2, Want: "snn"},
		{Args: []string{"-layers", "8,x"}, Code: 2, Want: `"x"`},
		{Args: []string{"-layers", "8,8"}, Code: 2, Want: "different"},
		{Args: []string{"-units", "-1"}, Code: 2, Want: "-units"},
		{Args: []string{"-lr", "NaN"}, Code: 2, Want: "-lr"},
		{Args: []string{"-batch", "1"}, Code: 2, Want: "-batch 1"},
		{Args: []string{"-data", t.TempDir()}, Code: 1, Want: "mnist"},
		{Args: []string{"-set", "cifar10", "-data", t.TempDir()}, Code: 1, Want: "cifar10"},
		{Args: []string{"-out", "main.go"}, Code: 1, Want: "want a folder"},
		{Args: []string{"-checkpoint", "main.go"}, Code: 1, Want: "-checkpoint"},
	})
}
