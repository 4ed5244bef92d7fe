package pytorch

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// rows is the number of real rows that PyTorch predicts.
const rows = 1000

// PyTorch predicts what Go predicts, with the weights of Save; and Go predicts what PyTorch predicts, with the weights that
// PyTorch writes after a training step of its own. The variable SELFNORM_PYTHON names a Python that has torch.
func TestPyTorch(t *testing.T) {
	python := os.Getenv("SELFNORM_PYTHON")
	if python == "" {
		t.Skip("SELFNORM_PYTHON does not name a Python that has torch")
	}
	data := digits(t)
	for _, name := range graphs.Names() {
		l := layer(t, name, graphs.Hidden{Layers: 3, Units: 24, Profile: graphs.Diavolo, Outputs: 10})
		net := fresh(t, l, data.X.Shape()[1])
		if _, err := train.Fit(context.Background(), net, data, train.Config{Epochs: 3, Batch: 50, Optimizer: optim.Adam{Rate: 0.01}}); err != nil {
			t.Fatal(err)
		}
		ours, theirs := filepath.Join(t.TempDir(), "ours"), filepath.Join(t.TempDir(), "theirs")
		if err := Save(ours, net, nil); err != nil {
			t.Fatal(err)
		}
		export := difference(t, torch(t, python, data, name, ours), predict(t, net, data))
		trained := torch(t, python, data, name, ours, theirs)
		back := net.Clone()
		if err := Load(back, theirs); err != nil {
			t.Fatal(err)
		}
		imported := difference(t, predict(t, back, data), trained)
		t.Logf("%s: largest difference %.1e, on the way back %.1e", name, export, imported)
		if !(export <= 1e-5 && imported <= 1e-5) {
			t.Errorf("%s: predictions differ by %g, on the way back by %g", name, export, imported)
		}
		if same := difference(t, trained, predict(t, net, data)); !(same > 1e-5) {
			t.Errorf("%s: PyTorch's training step changed nothing", name)
		}
	}
}

// The lines that the documentation shows are those that the test runs.
func TestDocumentedLoader(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("testdata", "predict.py"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "export.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(string(script), "shows the lines from here\n")
	lines, _, ok := strings.Cut(lines, "# -- to here")
	if !ok || !strings.Contains(string(doc), lines) {
		t.Error("docs/export.md does not show the loader of testdata/predict.py")
	}
}

func digits(t *testing.T) train.Matrix {
	t.Helper()
	set, err := classics.Digits()
	if err != nil {
		t.Fatal(err)
	}
	at := make([]int, rows)
	for i := range at {
		at[i] = i
	}
	m := train.Matrix{
		X: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(rows, set.Width())),
		Y: tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(rows)),
	}
	if err := set.Gather(at, batch.Of(m.X, m.Y, nil)); err != nil {
		t.Fatal(err)
	}
	return m
}

// torch returns the predictions of PyTorch.
func torch(t *testing.T, python string, data train.Matrix, name string, files ...string) []float64 {
	t.Helper()
	var in, out, diagnostics bytes.Buffer
	for _, v := range data.X.Float32s() {
		in.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(v)))
	}
	args := []string{filepath.Join("testdata", "predict.py"), name, files[0], strconv.Itoa(data.X.Shape()[1])}
	c := exec.Command(python, append(args, files[1:]...)...)
	c.Stdin, c.Stdout, c.Stderr = &in, &out, &diagnostics
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, diagnostics.Bytes())
	}
	var y []float64
	for b := out.Bytes(); len(b) >= 4; b = b[4:] {
		y = append(y, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
	}
	return y
}

func predict(t *testing.T, net *graphs.Network, data train.Data) []float64 {
	t.Helper()
	p, err := train.Predict(context.Background(), net, data)
	if err != nil {
		t.Fatal(err)
	}
	return p.Values
}

// difference is the largest of |a - b|. NaN differs from everything.
func difference(t *testing.T, a, b []float64) float64 {
	t.Helper()
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%d values, want %d", len(a), len(b))
	}
	worst := 0.0
	for i := range a {
		if d := math.Abs(a[i] - b[i]); !(d <= worst) {
			worst = d
		}
	}
	return worst
}
