package program_test

import (
	"bytes"
	"flag"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// -memory sets the limit of networks, and an error of too little memory names the flag.
func TestMemoryFlag(t *testing.T) {
	defer graphs.SetMemoryLimit(graphs.SetMemoryLimit(0))
	parse := func(args ...string) (int, string) {
		var stderr bytes.Buffer
		f := flag.NewFlagSet("prog", flag.ContinueOnError)
		program.MemoryFlag(f)
		return program.Parse(f, "", args, &stderr, nil), stderr.String()
	}
	for _, text := range []string{"0", "-1", "NaN", "1e9", "8GB", ""} {
		if code, stderr := parse("-memory", text); code != 2 || !strings.Contains(stderr, "-memory: want a positive number of GiB") {
			t.Errorf("%q: exit code %d, %s", text, code, stderr)
		}
	}
	if code, stderr := parse("-memory", "0.0625"); code >= 0 || graphs.SetMemoryLimit(-1) != 1<<26 {
		t.Errorf("exit code %d, %s, limit %d", code, stderr, graphs.SetMemoryLimit(-1))
	}
	_, err := graphs.New(graphs.SNN{Layers: 2, Units: 1 << 12, Outputs: 1}, graphs.Matrix(1<<12), graphs.MSE)
	if err = program.MemoryHint(err); !errors.Is(err, graphs.ErrMemory) || !strings.Contains(err.Error(), "; -memory GIB") {
		t.Errorf("error %v", err)
	}
	if other := errors.New("other"); program.MemoryHint(other) != other {
		t.Error("another error is changed")
	}
}
