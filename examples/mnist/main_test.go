package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// The former name does what figure1 does.
func TestRun(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	dir := t.TempDir()
	code, out, err := programtest.Run(run, "-q", "-layers", "2", "-nets", "snn", "-units", "16", "-epochs", "1", "-out", dir)
	if text, _ := os.ReadFile(filepath.Join(dir, "loss.csv")); code != 0 || err != "" || !strings.Contains(string(text), "snn,2,1,") {
		t.Fatalf("exit code %d: %s%s", code, out, err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{{Args: []string{"-set", "cifar"}, Code: 2, Want: "mnist10k"}})
}
