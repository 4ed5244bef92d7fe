package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// At initialization, real networks do with variances, gradients and correlations what the theory says, with and without dropout, within what few
// narrow networks leave to chance.
func TestNetworksFollowTheTheory(t *testing.T) {
	o := options{layers: 4, units: 200, rows: 200, networks: 2, start: theory.Moments{Mean: 0.5, Variance: 2}, signals: signals{correlation: 0.8}}
	for _, n := range followed {
		layer, err := n.layer()
		if err != nil {
			t.Fatal(err)
		}
		if _, function := layer.Activation.(theory.Function); function {
			continue // its products take long
		}
		f, r := flow{signalled: n}, rowFlow{signalled: n}
		var err1, err2, err3, err4 error
		f.byTheory, err1 = theory.Deep(layer, o.layers).Signals(o.start)
		r.byTheory, err2 = theory.Deep(layer, o.layers).Rows(o.start, o.correlation)
		f.real, err3 = n.measureAll(context.Background(), o, false)
		r.real, err4 = n.measureAll(context.Background(), o, true)
		for _, err := range []error{err1, err2, err3, err4} {
			if err != nil {
				t.Fatal(err)
			}
		}
		variance, gradient := f.differences()
		rows, gradients := r.differences()
		if variance > 0.15 || gradient > 0.15 || rows > 0.05 || gradients > 0.05 {
			t.Errorf("%s: variance off by %.3f, gradients by %.3f, correlations by %.3f and %.3f", n.name(), variance, gradient, rows, gradients)
		}
	}
}

func TestSignals(t *testing.T) {
	for _, test := range []struct{ flag, want string }{
		{"-gradients", "SELU, LeCun 0 1.0000 1.0716 9.14 1.01e+03 33\n"},
		{"-correlations", "SELU, LeCun 0 0.9707 33.6 1.0716 0.9058\n"},
	} {
		dir := t.TempDir()
		var out, err bytes.Buffer
		code := run(context.Background(), []string{test.flag, "-layers", "1", "-units", "16", "-rows", "16", "-networks", "1", "-out", dir}, &out, &err)
		if code != 0 || err.Len() > 0 {
			t.Fatalf("%s: exit code %d: %s", test.flag, code, err.String())
		}
		var lines strings.Builder
		for _, line := range strings.Split(out.String(), "\n") {
			lines.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
		}
		if !strings.Contains(lines.String(), test.want) {
			t.Errorf("%s: no line %q in\n%s", test.flag, test.want, out.String())
		}
		for format, want := range map[string]string{".svg": "<svg", ".png": "PNG"} {
			name := strings.TrimPrefix(test.flag, "-") + format
			if text, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(text), want) {
				t.Errorf("%s: no %q (%v)", name, want, err)
			}
		}
	}
}

// The rate of alpha dropout that keeps gradients does.
func TestCriticalRate(t *testing.T) {
	l, err := signalled{network: network{selu, lecun}, rate: criticalRate()}.layer()
	if err != nil {
		t.Fatal(err)
	}
	if g, err := l.Growth(theory.Normalized); err != nil || math.Abs(g-1) > 2e-4 {
		t.Errorf("rate %v: gradients grow by %v, %v", criticalRate(), g, err)
	}
}

func TestSignalErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-gradients", "-correlations"}, Code: 2, Want: "-correlations"},
		{Args: []string{"-correlations", "-correlation", "1.5"}, Code: 2, Want: "-correlation 1.5"},
		{Args: []string{"-gradients", "-out", file}, Code: 1, Want: "-out"},
	})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, flag := range []string{"-gradients", "-learn"} {
		var out, err bytes.Buffer
		if code := run(ctx, []string{flag, "-out", t.TempDir(), "-layers", "2", "-units", "8"}, &out, &err); code != 1 || !strings.Contains(err.String(), "canceled") {
			t.Errorf("%s: exit code %d, error %q", flag, code, err.String())
		}
	}
}
