package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// Each study prints its table and draws its picture.
func TestStudies(t *testing.T) {
	small := []string{"-layers", "3", "-units", "24", "-rows", "16", "-networks", "2", "-epochs", "1", "-repeats", "2", "-synthetic", "-training", "300"}
	for _, test := range []struct {
		args  []string
		want  []string
		files []string
	}{
		{[]string{"-fixed", "0,100"}, []string{"fixed point (0, 100): proven: spectral norm", "proven: next nu < nu", "(0, 100)     1.097047"}, nil},
		{[]string{"-init"}, []string{"truncated normal", "uniform", "Trained on HTRU2"}, []string{"init"}},
		{[]string{"-perturb"}, []string{"SELU, LeCun", "ReLU, He", "rate 0.005", "layer 16"}, []string{"perturb"}},
	} {
		dir := filepath.Join(t.TempDir(), "new")
		var out, err bytes.Buffer
		if code := run(context.Background(), append(append(test.args, small...), "-out", dir), &out, &err); code != 0 || err.Len() > 0 {
			t.Errorf("%s: exit code %d: %s", test.args, code, err.String())
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", test.args, want, out.String())
			}
		}
		for _, name := range test.files {
			for format, want := range map[string]string{".svg": "<svg", ".png": "PNG"} {
				if text, err := os.ReadFile(filepath.Join(dir, name+format)); err != nil || !strings.Contains(string(text), want) {
					t.Errorf("%s%s: no %q (%v)", name, format, want, err)
				}
			}
		}
	}
}

// The distributions of a network's layers are described before and after its training.
func TestDensities(t *testing.T) {
	const rows, columns = 256, 12
	r := rand.New(rand.NewPCG(1, 2))
	x, labels := make([]float32, rows*columns), make([]float32, rows)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range labels {
		labels[i] = float32(i % 2)
	}
	features, err := datasets.NewDense(rows, columns, x)
	if err != nil {
		t.Fatal(err)
	}
	o := options{out: t.TempDir(), units: 24, studies: studies{epochs: 2}}
	var out bytes.Buffer
	if err := o.densities(t.Context(), &datasets.Set{Features: features, Labels: labels, Tasks: []string{"odd"}, Notes: "random"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"before training", "after training", "hidden1", "hidden8", "output"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if info, err := os.Stat(o.picture("density") + ".svg"); err != nil || info.Size() < 1000 {
		t.Errorf("no picture: %v", err)
	}
}

// All values of the paper are those of its table, and the certified ones agree with them; the rows of the variance have none.
func TestBounds(t *testing.T) {
	table, err := theory.Prover{}.DerivativeBounds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := printBounds(&out, table); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "wrong") || strings.Count(text, "\nvariance ") != 8 || strings.Count(text, "  ok ")+strings.Count(text, "  place ") != 32 {
		t.Error(text)
	}
	b := paperBounds[1][0]
	elsewhere, wrong := b, b
	elsewhere.mu, wrong.value = 0, "0.905414"
	for want, b := range map[string]paperBound{"ok": b, "place": elsewhere, "wrong": wrong} {
		if got := b.verdict(table[1], table[1].Smallest); got != want {
			t.Errorf("verdict %q of %+v, want %q", got, b, want)
		}
	}
	rows, err := csv.NewReader(oracle.Open(t, "paper/jacobian_derivative_bounds.csv")).ReadAll()
	if err != nil || len(rows) != len(paperBounds)+1 {
		t.Fatal(len(rows), err)
	}
	for i, row := range rows[1:] {
		for k, b := range paperBounds[i] {
			for j, x := range []float64{b.mu, b.omega, b.nu, b.tau} {
				if want, err := strconv.ParseFloat(row[2+5*k+j], 64); err != nil || x != want {
					t.Errorf("%s: place %v, want %s", row[0], b, row[2+5*k+j])
				}
			}
			if b.value != row[1+5*k] {
				t.Errorf("%s: %s, want %s", row[0], b.value, row[1+5*k])
			}
		}
	}
}

// Perturbations of the first layer follow the map: through three layers the moments differ by what it says, within chance.
func TestPerturbationsFollowTheMap(t *testing.T) {
	o := options{layers: 3, units: 256, rows: 256, networks: 2}
	for _, p := range perturbations {
		f, err := o.disturb(t.Context(), network{selu, lecun}, p)
		if err != nil {
			t.Fatal(err)
		}
		for k := 1; k <= o.layers; k++ {
			if math.Abs(f.real.mean[k]-f.byMap.mean[k]) > 0.04 || math.Abs(f.real.variance[k]-f.byMap.variance[k]) > 0.03 {
				t.Errorf("%s, layer %d: mean %v and variance %v, by the map %v and %v", p.name, k, f.real.mean[k], f.real.variance[k], f.byMap.mean[k], f.byMap.variance[k])
			}
			if d := f.real.distance[k]; d < 0.05 || d > 0.5 {
				t.Errorf("%s, layer %d: activations differ by %v", p.name, k, d)
			}
		}
	}
}

func TestStudyErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-fixed", "2"}, Code: 2, Want: "mean,variance"},
		{Args: []string{"-fixed", "a,2"}, Code: 2, Want: "mean,variance"},
		{Args: []string{"-fixed", "3,0.1"}, Code: 1, Want: "mean 3"},
		{Args: []string{"-fixed", "0.5,1"}, Code: 1, Want: "no domain"},
		{Args: []string{"-init", "-bounds"}, Code: 2, Want: "-init: want it without -bounds"},
		{Args: []string{"-init", "-prove", "global"}, Code: 2, Want: "-init: want it without -prove"},
		{Args: []string{"-epochs", "-1"}, Code: 2, Want: "-epochs -1"},
		{Args: []string{"-training", "5"}, Code: 2, Want: "-training 5"},
		{Args: []string{"-repeats", "0"}, Code: 2, Want: "-repeats 0"},
		{Args: []string{"-init", "-out", file}, Code: 1, Want: "-out"},
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, study := range []string{"-fixed=0,2", "-bounds", "-init", "-perturb", "-density"} {
		var out, err bytes.Buffer
		if code := run(ctx, []string{study, "-synthetic", "-units", "8", "-rows", "8", "-out", t.TempDir()}, &out, &err); code != 1 || !strings.Contains(err.String(), "canceled") {
			t.Errorf("%s: exit code %d, error %q", study, code, err.String())
		}
	}
}
