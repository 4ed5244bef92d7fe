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
	defer opstest.SetPatience(opstest.SetPatience(100 * time.Millisecond))
	end := make(chan struct{})
	defer close(end)
	findAll(t, []planted{
		{"Float64", "Square", `Float64 does not return: it has been running for 100ms \(faults_hang_test\.go:\d+\)`, forward(func(*ops.Call[float64]) { <-end })},
		{"Shape", "the op", `building the graph does not return`, slip(func(d *ops.Def) { d.Shape = nil; d.Gradient = func() ops.Gradient { return ops.Gradient{} } })},
	}[:1])
	found := failures(opstest.Case{Op: func(*G.Node) (*G.Node, error) { <-end; return nil, nil }, Name: "Slow"})
	if len(found) != 1 || !strings.HasPrefix(found[0], "Slow: building the graph does not return") {
		t.Errorf("reported %q", found)
	}
	found = failures(opstest.Case{Op: func(*G.Node) (*G.Node, error) { runtime.Goexit(); return nil, nil }})
	if len(found) != 1 || !strings.Contains(found[0], "goroutine ended") {
		t.Errorf("reported %q", found)
	}
}
