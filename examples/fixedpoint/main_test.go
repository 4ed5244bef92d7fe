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

func TestRun(t *testing.T) {
	dir := t.TempDir()
	var out, err bytes.Buffer
	code := run(context.Background(), []string{"-layers", "3", "-units", "64", "-rows", "32", "-networks", "2", "-out", dir}, &out, &err)
	if code != 0 || err.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, err.String())
	}
	for _, name := range []string{"map", "layers"} {
		for format, want := range map[string]string{".svg": "<svg", ".png": "PNG"} {
			if text, err := os.ReadFile(filepath.Join(dir, name+format)); err != nil || !strings.Contains(string(text), want) {
				t.Errorf("%s%s: no %q (%v)", name, format, want, err)
			}
		}
	}
	rows := map[string]bool{}
	for _, line := range strings.Split(out.String(), "\n") {
		rows[strings.Join(strings.Fields(line), " ")] = true
	}
	for _, want := range []string{ // the first is the paper's 0.7877
		"SELU LeCun 0 1.0000 0.7877 0.7826 9.4 attracting",
		"ReLU LeCun 0 0 - 0.7071 6.6 vanishes",
		"0 1 0 1.0000 0.7877 0.7826 9.4 attracting",
	} {
		if !rows[want] {
			t.Errorf("no row %q in\n%s", want, out.String())
		}
	}
	for _, want := range []string{"SELU, LeCun ", "ReLU, He ", "theorem 1: ", "theorem 2: ", "theorem 3: "} {
		if !strings.Contains(out.String(), "\n"+want) {
			t.Errorf("no line of %q in\n%s", want, out.String())
		}
	}
}

// With -prove the program prints a certificate, and draws it where -out says so. A proof that fails names a box.
func TestProve(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	var out, err bytes.Buffer
	if code := run(context.Background(), []string{"-prove", "open", "-out", dir}, &out, &err); code != 0 || err.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, err.String())
	}
	for _, want := range []string{"\nlayer ", "\nproven: in the target after ", "\nproven: the target is never left", " layers are too few: from mean "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for file, want := range map[string]string{"open.svg": "<svg", "open.png": "PNG"} {
		if text, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: no %q (%v)", file, want, err)
		}
	}
	for _, of := range []string{"global", "theorems"} {
		out.Reset()
		err.Reset()
		code := run(context.Background(), []string{"-prove", of, "-alpha-times", "1.1"}, &out, &err)
		if code != 1 || !strings.Contains(err.String(), "false in (mu ") || strings.Count(err.String(), "\n") != 1 {
			t.Errorf("-prove %s with another alpha: exit code %d, %q", of, code, err.String())
		}
	}
}

// Real networks do what the map says: through two layers the moments agree, within what 256 units leave to chance.
func TestNetworksFollowTheMap(t *testing.T) {
	o := options{layers: 2, units: 256, rows: 256, start: theory.Moments{Mean: 0.5, Variance: 2}}
	for _, n := range networks {
		want, err := n.layer().Iterate(o.start, o.layers)
		if err != nil {
			t.Fatal(err)
		}
		got, err := simulate(n, o, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			sd := math.Sqrt(want[i].Variance)
			if math.Abs(got[i].Mean-want[i].Mean) > 0.1*sd || math.Abs(got[i].Variance-want[i].Variance) > 0.15*want[i].Variance {
				t.Errorf("%s, layer %d: %+v, want %+v", n.name(), i, got[i], want[i])
			}
		}
	}
}

func TestErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-unknown"}, Code: 2, Want: "-unknown"},
		{Args: []string{"x"}, Code: 2, Want: "x"},
		{Args: []string{"-layers", "0"}, Code: 2, Want: "-layers 0"},
		{Args: []string{"-networks", "-1"}, Code: 2, Want: "-networks -1"},
		{Args: []string{"-mean", "NaN"}, Code: 2, Want: "-mean NaN"},
		{Args: []string{"-variance", "0"}, Code: 2, Want: "-variance 0"},
		{Args: []string{"-out", file}, Code: 1, Want: "-out"},
		{Args: []string{"-prove", "open", "-out", file}, Code: 1, Want: "-out"},
		{Args: []string{"-prove", "everything"}, Code: 2, Want: "-prove everything"},
		{Args: []string{"-alpha-times", "1.1"}, Code: 2, Want: "-alpha-times 1.1"},
		{Args: []string{"-prove", "global", "-alpha-times", "0"}, Code: 2, Want: "-alpha-times 0"},
	})
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, err bytes.Buffer
	if code := run(ctx, []string{"-out", t.TempDir()}, &out, &err); code != 1 || !strings.Contains(err.String(), "canceled") {
		t.Errorf("exit code %d, error %q", code, err.String())
	}
	err.Reset()
	if code := run(ctx, []string{"-prove", "global"}, &out, &err); code != 1 || !strings.Contains(err.String(), "canceled") {
		t.Errorf("-prove: exit code %d, error %q", code, err.String())
	}
}
