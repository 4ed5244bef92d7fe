package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

// A small network learns the stand-in, and what is saved is a network on images.
func TestRun(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	path, model := filepath.Join(dir, "cnn.safetensors"), filepath.Join(dir, "cnn.onnx")
	code, stdout, stderr := programtest.Run(run, "-filters1", "4", "-filters2", "6", "-units", "24", "-epochs", "2", "-dropout", "0.05", "-dense-dropout", "0.05",
		"-channels", "-q", "-out", path, "-onnx", model)
	var weights int
	var loss, accuracy float64
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	_, err := fmt.Sscanf(lines[len(lines)-1], "selu: %d weights, training loss %f, right on %f %%", &weights, &loss, &accuracy)
	if code != 0 || err != nil || accuracy < 50 || accuracy > 100 || !strings.Contains(stdout, "stand-in") {
		t.Fatalf("exit code %d, %q, %q (%v), want an accuracy of at least 50 %%", code, stdout, stderr, err)
	}
	net, err := graphs.Load(path)
	if err != nil || net.Size() != weights || net.Inputs[0].Shape[1] != 28 {
		t.Errorf("saved network %v: %v", net, err)
	}
	if info, err := os.Stat(model); err != nil || info.Size() < int64(4*weights) {
		t.Errorf("ONNX model: %v, %v", info, err)
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-set", "cifar"}, Code: 2, Want: "mnist10k"},
		{Args: []string{"-nets", "snn"}, Code: 2, Want: "relu"},
		{Args: []string{"-nets", "selu,relu", "-out", "f"}, Code: 2, Want: "single network"},
		{Args: []string{"-nets", "relu", "-channels"}, Code: 2, Want: "-channels"},
		{Args: []string{"-filters1", "0"}, Code: 2, Want: "-filters1 0"},
		{Args: []string{"-dropout", "1"}, Code: 2, Want: "-dropout 1"},
		{Args: []string{"-dense-dropout", "NaN"}, Code: 2, Want: "-dense-dropout"},
		{Args: []string{"-epochs", "0"}, Code: 2, Want: "-epochs 0"},
		{Args: []string{"-batch", "1"}, Code: 2, Want: "-batch 1"},
		{Args: []string{"-lr", "Inf"}, Code: 2, Want: "-lr"},
		{Args: []string{"-data", t.TempDir()}, Code: 1, Want: "mnist"},
		{Args: []string{"-out", "."}, Code: 1, Want: "-out"},
	})
}
