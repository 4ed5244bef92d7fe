package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ONNX Runtime predicts from raw numbers what the program predicts, in the unit of the table, also for rows far outside the range of the training rows: for
// classes, numbers, and numbers that were learned as logarithms. SELFNORM_ONNXRUNTIME names the folder node_modules that has it; without it the test is skipped.
func TestONNXRuntime(t *testing.T) {
	modules := os.Getenv("SELFNORM_ONNXRUNTIME")
	if modules == "" {
		t.Skip("SELFNORM_ONNXRUNTIME names no folder")
	}
	r := rand.New(rand.NewPCG(7, 8))
	train, rows, raw := "a,b,class,value,amount\n", "a,b\n", []float32{}
	for range 200 {
		a, b := 50+10*r.NormFloat64(), r.NormFloat64()
		score := (a-50)/10 + b
		train += fmt.Sprintf("%.4f,%.4f,%s,%.3f,%.3f\n", a, b, []string{"low", "high"}[min(1, max(0, int(math.Floor(score+1))))], 7*score, 100*math.Exp(1.5*score))
	}
	for _, row := range [][2]float32{{50, 0}, {61.5, -0.25}, {1e6, 0.5}, {-1e6, 1e6}, {47, -3e30}, {3e38, 3e38}} {
		rows += fmt.Sprintf("%g,%g\n", row[0], row[1])
		raw = append(raw, row[:]...)
	}
	dir := t.TempDir()
	data, fresh, model, graph := write(t, "t.csv", train), write(t, "new.csv", rows), filepath.Join(dir, "model"), filepath.Join(dir, "m.onnx")
	for _, c := range [][]string{
		{"class", "value,amount"}, {"value", "class,amount"}, {"amount", "class,value", "-target-scale", "log"}, {"amount", "class,value", "-target-scale", "linear", "-embed"}, {"class", "value,amount", "-tabm", "3"},
	} {
		args := append([]string{"-q", "-layers", "2", "-units", "16", "-epochs", "15", "-data", data, "-compare", "none", "-overwrite", "-out", model, "-onnx", graph, "-target", c[0], "-ignore", c[1]}, c[2:]...)
		must(t, args...)
		code, stdout, stderr := command("-predict", fresh, "-model", model)
		if code != 0 || !strings.Contains(stderr, "far outside") {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		predictions := records(t, stdout)
		values := onnxruntime(t, modules, graph, raw)
		if len(predictions) != 1+len(raw)/2 {
			t.Fatalf("%v: %d lines of predictions for %d rows", c, len(predictions), len(raw)/2)
		}
		outputs := len(values) / (len(raw) / 2)
		for i, rec := range predictions[1:] {
			want := rec[:1]
			if outputs > 1 {
				want = rec[1 : 1+outputs]
			}
			for k, text := range want {
				w, got := number(t, text), float64(values[i*outputs+k])
				if !(math.Abs(w-got) <= 1e-4*(1+math.Abs(w))) {
					t.Errorf("%v, row %d: ONNX Runtime predicts %v, the program %v", c, i+1, got, w)
				}
			}
		}
	}
}

// onnxruntime runs a model on rows of two columns.
func onnxruntime(t *testing.T, modules, graph string, x []float32) (y []float32) {
	t.Helper()
	var in, out, diagnostics bytes.Buffer
	if err := binary.Write(&in, binary.LittleEndian, x); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("node", filepath.Join("..", "..", "graphs", "onnx", "testdata", "run.cjs"), modules, graph, "2")
	c.Stdin, c.Stdout, c.Stderr = &in, &out, &diagnostics
	if err := c.Run(); err != nil {
		t.Fatalf("onnxruntime: %v\n%s", err, strings.TrimSpace(diagnostics.String()))
	}
	y = make([]float32, out.Len()/4)
	if err := binary.Read(&out, binary.LittleEndian, y); err != nil {
		t.Fatal(err)
	}
	return y
}
