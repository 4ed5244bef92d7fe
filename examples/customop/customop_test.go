package main

import (
	"bytes"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/ops/opstest"
)

// asProgram names the environment variable that makes the test binary the program.
const asProgram = "SELFNORM_TEST_CUSTOMOP"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// The kit checks the op and its scaled form.
func TestAsinh(t *testing.T) {
	opstest.Check(t, opstest.Case{Op: asinh.Apply})
	scaled, found, err := theory.NormalizeOp(&asinh, theory.Options{})
	if err != nil || !found.SelfNormalizing {
		t.Fatal(found, err)
	}
	opstest.Check(t, opstest.Case{Op: scaled.Apply})
}

// The program is one formatted file of at most 60 lines, and the networks tell pulsars from noise.
func TestProgram(t *testing.T) {
	text, err := os.ReadFile("customop.go")
	if err != nil {
		t.Fatal(err)
	}
	formatted, err := format.Source(text)
	if lines := bytes.Count(text, []byte("\n")); err != nil || !bytes.Equal(text, formatted) || lines > 60 || bytes.Contains(text, []byte("/internal/")) {
		t.Errorf("%d lines, want at most 60, formatted, with public packages only (%v)", lines, err)
	}
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), asProgram+"=1")
	out, err := program.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var plain, scaled, selu float64
	if _, err := fmt.Sscanf(lines[len(lines)-1], "AUC on held-out candidates: asinh %f, scaled %f, SELU %f", &plain, &scaled, &selu); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(lines[0], "asinh: not self-normalizing") || !strings.Contains(lines[1], ": self-normalizing: (0.00, 1.00)") || !(plain > 0.9 && scaled > 0.95 && selu > 0.95) {
		t.Errorf("%s", out)
	}
}
