package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// The test binary is the program to kill, too: with this variable it is the program instead of testing.
const child = "SELFNORM_TEST_BRANCHES"

func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		program.Main(run)
		return
	}
	os.Exit(m.Run())
}

// Each output is far better than its mean.
func TestBranches(t *testing.T) {
	code, stdout, stderr := programtest.Run(run)
	var loss, rmse, r2, auc float64
	_, after, _ := strings.Cut(stdout, "\n")
	_, err := fmt.Sscanf(after, "loss: %f\nlength RMSE: %f\nlength R2: %f\nwide ROC-AUC: %f\n", &loss, &rmse, &r2, &auc)
	if code != 0 || stderr != "" || err != nil || r2 < 0.9 || auc < 0.95 || rmse > 0.4 {
		t.Errorf("exit code %d, %q, %q (%v)", code, stdout, stderr, err)
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-epochs", "0"}, Code: 2, Want: "-epochs is 0"},
		{Args: []string{"-out", filepath.Join(t.TempDir(), "none", "x")}, Code: 1, Want: "none"},
	})
}

// The definition of the network takes at most 40 lines.
func TestShort(t *testing.T) {
	text, err := os.ReadFile("network.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, line := range strings.Split(string(text)[strings.Index(string(text), "\ntype flower"):], "\n") {
		if strings.HasPrefix(line, "// init") {
			break
		}
		if line != "" && !strings.HasPrefix(line, "//") {
			lines++
		}
	}
	if lines > 40 {
		t.Errorf("%d lines", lines)
	}
}

// A run that is killed again and again, and started again each time, ends with the weights of one that was left alone. The exported network
// gives its predictions in ONNX Runtime, if there is one.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	alone, killed, model := filepath.Join(dir, "alone"), filepath.Join(dir, "killed"), filepath.Join(dir, "net.onnx")
	if code, _, stderr := programtest.Run(run, "-epochs", "60", "-out", alone); code != 0 {
		t.Fatal(stderr)
	}
	checkpoints := filepath.Join(dir, "checkpoints")
	kills := 0
	for seen := 0; killAfter(t, checkpoints, &seen, "-epochs", "60", "-checkpoint", checkpoints, "-out", killed, "-onnx", model); {
		kills++
	}
	if kills < 3 {
		t.Errorf("%d kills", kills)
	}
	want, err := graphs.Load(alone)
	if err != nil {
		t.Fatal(err)
	}
	got, err := graphs.Load(killed)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range want.Params.All() {
		if a, b := p.Value.Float32s(), got.Params.Get(p.Name).Value.Float32s(); !sameBits(a, b) {
			t.Errorf("%s is %v after %d kills, want %v", p.Name, b, kills, a)
		}
	}
	onnxruntime(t, got, model)
}

func sameBits(a, b []float32) bool {
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}

// killAfter starts the program and kills it at the twentieth new checkpoint. It returns false if the program has ended by itself.
func killAfter(t *testing.T, dir string, seen *int, args ...string) bool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	c := exec.Command(self, args...)
	c.Env, c.Stderr = append(os.Environ(), child+"=1"), &stderr
	for i := range args { // what a killed run has saved stays, unless somebody removes it
		if args[i] == "-out" || args[i] == "-onnx" {
			os.Remove(args[i+1])
		}
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Wait() }()
	for {
		select {
		case err := <-done:
			if err != nil {
				t.Fatalf("%v: %s", err, stderr.Bytes())
			}
			return false
		default:
		}
		if now := newest(t, dir); now >= *seen+20 {
			*seen = now
			if err := c.Process.Kill(); err != nil {
				t.Log(err)
			}
			return <-done != nil
		}
	}
}

// newest is the step of the newest checkpoint of a folder.
func newest(t *testing.T, dir string) (step int) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		var n int
		if _, err := fmt.Sscanf(strings.TrimLeft(filepath.Base(path), "abcdefghijklmnopqrstuvwxyz-"), "%d", &n); err == nil {
			step = max(step, n)
		}
	}
	return step
}

// onnxruntime compares the model with the network on the test rows. SELFNORM_ONNXRUNTIME names the folder node_modules that has ONNX Runtime;
// without it there is nothing to compare.
func onnxruntime(t *testing.T, net *graphs.Network, model string) {
	t.Helper()
	modules := os.Getenv("SELFNORM_ONNXRUNTIME")
	if modules == "" {
		t.Log("SELFNORM_ONNXRUNTIME names no folder: the model is not run")
		return
	}
	set, err := irises()
	if err != nil {
		t.Fatal(err)
	}
	rows := set.Rows(datasets.Test)
	test, err := set.Subset(rows)
	if err != nil {
		t.Fatal(err)
	}
	want, err := train.Predict(t.Context(), net, test)
	if err != nil {
		t.Fatal(err)
	}
	sepals := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(rows), 2))
	species := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(rows)))
	if err := set.Gather(rows, &batch.Batch{Inputs: []batch.Tensor{{Name: "sepals", Value: sepals}, {Name: "species", Value: species}}}); err != nil {
		t.Fatal(err)
	}
	type feed struct {
		Type string    `json:"type"`
		Dims []int     `json:"dims"`
		Data []float32 `json:"data"`
	}
	text, err := json.Marshal(map[string]feed{
		"sepals": {"float32", []int{len(rows), 2}, sepals.Float32s()}, "species": {"int64", []int{len(rows)}, species.Float32s()},
	})
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	c := exec.Command("node", filepath.Join("..", "..", "graphs", "onnx", "testdata", "named.cjs"), modules, model)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(text), &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	var got map[string][]float64
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"length", "wide"} {
		worst := 0.0
		for i, v := range want.Output(name).Values {
			worst = max(worst, math.Abs(v-got[name][i]))
		}
		t.Logf("%s: largest difference %.1e", name, worst)
		if !(worst <= 1e-5) {
			t.Errorf("%s: predictions differ by %g", name, worst)
		}
	}
}
