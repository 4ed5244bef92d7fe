package paper_test

import (
	"bytes"
	"flag"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/examples/internal/paper"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// Each point of each grid describes a network of the wanted depth; the points of a grid differ.
func TestGrid(t *testing.T) {
	set, err := classics.Iris()
	if err != nil {
		t.Fatal(err)
	}
	for _, grid := range []string{"quick", "sgd"} {
		for _, name := range graphs.Names() {
			points, err := paper.Grid(grid, name)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, p := range points {
				net, rate, err := paper.Network(p, set, graphs.CrossEntropy, 1)
				if err != nil {
					t.Fatalf("%s: %v", p, err)
				}
				if rate <= 0 || net.Columns() != 4 || net.Outputs[0].Width != 3 || seen[p.String()] {
					t.Errorf("%s: rate %v, a network of %d inputs and %d outputs; twice: %v", p, rate, net.Columns(), net.Outputs[0].Width, seen[p.String()])
				}
				seen[p.String()] = true
			}
		}
	}
	if paperGrid, err := paper.Grid("paper", "snn"); err != nil || len(paperGrid) != 6*3*3*2*2 {
		t.Errorf("%d points of the paper's grid for SNNs (%v), want 216", len(paperGrid), err)
	}
}

func TestFlags(t *testing.T) {
	parse := func(args ...string) (o *paper.Flags, code int) {
		o = &paper.Flags{Folds: 2, MaxFolds: 4}
		f := flag.NewFlagSet("prog", flag.ContinueOnError)
		o.Register(f, "data", "folds", "out")
		return o, program.Parse(f, "", args, &bytes.Buffer{}, o.Check)
	}
	if o, code := parse("-nets", "snn,resnet"); code >= 0 || !slices.Equal(o.Nets, []string{"snn", "resnet"}) || o.Folds != 2 {
		t.Errorf("exit code %d, %+v", code, o)
	}
	if o, code := parse(); code >= 0 || !slices.Equal(o.Nets, graphs.Names()) {
		t.Errorf("exit code %d, %+v", code, o)
	}
	for _, args := range [][]string{
		{"-nets", "snn,snn"}, {"-nets", "cnn"}, {"-nets", ""}, {"-grid", "huge"}, {"-folds", "5"}, {"-folds", "0"}, {"-parallel", "-1"}, {"-seed", "x"}, {"more"},
	} {
		if _, code := parse(args...); code != 2 {
			t.Errorf("%v: exit code %d", args, code)
		}
	}
}
