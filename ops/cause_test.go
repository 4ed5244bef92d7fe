package ops_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Cause is open to errors.Is, through a machine.
func TestCause(t *testing.T) {
	fault := errors.New("fault")
	def := defOf(nil)
	def.Float64 = func(*ops.Call[float64]) error { return fault }
	err := runOp(t, def, nil)
	if got := ops.Cause(fmt.Errorf("step 3: %w", err)); !errors.Is(got, fault) || got.Error() != "Op: fault" {
		t.Errorf("cause %v of %v", got, err)
	}
	if got := ops.Cause(fault); got != fault {
		t.Errorf("cause %v of an error of nobody's op", got)
	}
}

// broken is an op of Gorgonia that fails when it runs.
type broken struct {
	G.Op
	fault error
}

func (b broken) Do(...G.Value) (G.Value, error) { return nil, b.fault }

// The cause of an error of Gorgonia's own ops is open to errors.Is, too, and has no numbers of the machine.
func TestCauseOfGorgonia(t *testing.T) {
	fault := errors.New("fault")
	g := G.NewGraph()
	x := matrixOf(g, "x", 1, 2, []float64{1, 2})
	other := matrixOf(G.NewGraph(), "x", 1, 2, []float64{1, 2}) // Gorgonia would merge two squares of x
	node, err := G.ApplyOp(broken{G.Must(G.Square(other)).Op(), fault}, x)
	must(t, node, err)
	m := G.NewTapeMachine(g)
	defer m.Close()
	err = m.RunAll()
	if err == nil || !strings.Contains(err.Error(), "PC ") || !strings.Contains(err.Error(), "CPU") {
		t.Fatalf("error %v: this test does not know how Gorgonia's machine reports errors", err)
	}
	for _, err := range []error{err, fmt.Errorf("step 3: %w", err)} {
		if got := ops.Cause(err); !errors.Is(got, fault) || got.Error() != "fault" {
			t.Errorf("cause %v of %v", got, err)
		}
	}
}
