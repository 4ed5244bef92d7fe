package opstest_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
)

// An op that does not return, and one that ends its goroutine, are failures that say where.
func TestFindsHangs(t *testing.T) {
	defer opstest.SetPatience(opstest.SetPatience(time.Second))
	end := make(chan struct{})
	defer close(end)
	findAll(t, []planted{
		{"Float64", "Square", `Float64 does not return: it has been running for 1s \(faults_hang_test\.go:\d+\)`, forward(func(*ops.Call[float64]) { <-end })},
	})
	found := failures(opstest.Case{Op: func(*G.Node) (*G.Node, error) { <-end; return nil, nil }, Name: "Slow"})
	if len(found) != 1 || !strings.HasPrefix(found[0], "Slow: building the graph does not return") {
		t.Errorf("reported %q", found)
	}
	found = failures(opstest.Case{Op: func(*G.Node) (*G.Node, error) { runtime.Goexit(); return nil, nil }})
	if len(found) != 1 || !strings.Contains(found[0], "goroutine ended") {
		t.Errorf("reported %q", found)
	}
}
