package onnx_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// modules returns the folder node_modules that holds onnxruntime-node or onnxruntime-web, named by the variable
// SELFNORM_ONNXRUNTIME, which .ci/onnx sets. Without it the test is skipped.
func modules(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SELFNORM_ONNXRUNTIME")
	if dir == "" {
		t.Skip("SELFNORM_ONNXRUNTIME does not name a folder node_modules; .ci/onnx makes one and runs this test")
	}
	return dir
}

// onnxruntime runs a model in a process of its own.
func onnxruntime(t *testing.T, model []byte, x []float64, cols int) []float64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "net.onnx")
	if err := os.WriteFile(path, model, 0o644); err != nil {
		t.Fatal(err)
	}
	var in, out, diagnostics bytes.Buffer
	for _, v := range x {
		in.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(v))))
	}
	c := exec.Command("node", filepath.Join("testdata", "run.cjs"), modules(t), path, strconv.Itoa(cols))
	c.Stdin, c.Stdout, c.Stderr = &in, &out, &diagnostics
	if err := c.Run(); err != nil {
		t.Fatalf("onnxruntime: %v\n%s", err, diagnostics.Bytes())
	}
	var y []float64
	for b := out.Bytes(); len(b) >= 4; b = b[4:] {
		y = append(y, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	}
	return y
}

// onnxruntime predicts what Go predicts, for every network, on real images.
func TestOnnxruntimeDigits(t *testing.T) {
	modules(t)
	for _, name := range graphs.Names() {
		data := digits(t, graphs.CrossEntropy)
		net := trained(t, layer(t, name, outputs), data, graphs.CrossEntropy, tensor.Float32)
		got := onnxruntime(t, write(t, net, onnx.Options{}), features(data), columns(data))
		compare(t, name, got, predict(t, net, data))
	}
}

// The same on raw measurements of pulsar candidates, scaled by the model.
func TestOnnxruntimeHTRU2(t *testing.T) {
	modules(t)
	set, err := htru2.Load(context.Background(), datasets.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	at := make([]int, rows)
	for i := range at {
		at[i] = i * (set.Len() / rows)
	}
	raw := gather(t, set, at)
	scaler, err := datasets.FitScaler(datasets.StandardizeTanhStandardize, 1e-6, set.Features, at)
	if err != nil {
		t.Fatal(err)
	}
	if set.Features, err = scaler.Apply(set.Features); err != nil {
		t.Fatal(err)
	}
	scaled := gather(t, set, at)
	for _, name := range graphs.Names() {
		net := trained(t, layer(t, name, 1), scaled, graphs.BCE, tensor.Float32)
		model := write(t, net, onnx.Options{Scale: scaler.Steps()})
		compare(t, name, onnxruntime(t, model, features(raw), set.Width()), predict(t, net, scaled))
	}
}

// gather returns rows of HTRU2: eight measurements, and one task.
func gather(t *testing.T, set *datasets.Set, at []int) train.Matrix {
	t.Helper()
	m := train.Matrix{
		X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(at), set.Width())),
		Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(at), 1)),
	}
	if err := set.Gather(at, batch.Of(m.X, m.Y, nil)); err != nil {
		t.Fatal(err)
	}
	return m
}

func compare(t *testing.T, name string, got, want []float64) {
	t.Helper()
	d := difference(t, got, want)
	t.Logf("%s: largest difference %.1e", name, d)
	if !(d <= 1e-5) {
		t.Errorf("%s: predictions differ by %g", name, d)
	}
}
