package opstest_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// A case that makes no sense is a failure of the test that names what is wrong: no panic, no endless run, no success.
func TestNoPanics(t *testing.T) {
	const huge = math.MaxInt / 8
	sound := caseOf(square())
	change := func(f func(c *opstest.Case)) opstest.Case {
		c := sound
		f(&c)
		return c
	}
	build := func(f func(in []*G.Node) (*G.Node, error)) opstest.Case { return opstest.Case{Build: f} }
	input := func(in ...opstest.Input) opstest.Case { return change(func(c *opstest.Case) { c.Inputs = in }) }
	for name, c := range map[string]opstest.Case{
		"zero":             {},
		"both":             change(func(c *opstest.Case) { c.Build = func(in []*G.Node) (*G.Node, error) { return in[0], nil } }),
		"no node":          build(func([]*G.Node) (*G.Node, error) { return nil, nil }),
		"an error":         build(func([]*G.Node) (*G.Node, error) { return nil, errors.New("broken") }),
		"a panic":          build(func([]*G.Node) (*G.Node, error) { panic("broken") }),
		"a zero node":      build(func([]*G.Node) (*G.Node, error) { return new(G.Node), nil }),
		"the input itself": build(func(in []*G.Node) (*G.Node, error) { return in[0], nil }),
		"another graph":    build(func([]*G.Node) (*G.Node, error) { return G.NewScalar(G.NewGraph(), tensor.Float64), nil }),
		"empty inputs":     input([]opstest.Input{}...),
		"a zero input":     input(opstest.Input{Shape: tensor.Shape{0}}),
		"a huge input":     input(opstest.Input{Shape: tensor.Shape{huge, huge}}),
		"a long shape":     input(opstest.Input{Shape: make(tensor.Shape, 100)}),
		"a negative input": input(opstest.Input{Shape: tensor.Shape{-1, -huge}}),
		"few values":       input(opstest.Input{Shape: tensor.Shape{3}, Values: []float64{1}}),
		"constant":         input(opstest.Input{Shape: tensor.Shape{3}, Constant: true}),
		"two inputs":       input(opstest.Input{Shape: tensor.Shape{3}}, opstest.Input{Shape: tensor.Shape{3}}),
		"NaN values":       input(opstest.Input{Shape: tensor.Shape{1}, Values: []float64{math.NaN()}}),
		"extreme NaN":      change(func(c *opstest.Case) { c.Extreme = math.NaN() }),
		"extreme infinite": change(func(c *opstest.Case) { c.Extreme = math.Inf(1) }),
		"extreme negative": change(func(c *opstest.Case) { c.Extreme = -huge }),
		"extreme huge":     change(func(c *opstest.Case) { c.Extreme = math.MaxFloat64 }),
		"kink at NaN":      change(func(c *opstest.Case) { c.Kinks, c.BadShapes = []float64{math.NaN()}, [][]tensor.Shape{nil} }),
		"nil variant":      change(func(c *opstest.Case) { c.Variants = append(c.Variants, nil) }),
		"variant of nothing": change(func(c *opstest.Case) {
			c.Variants = append(c.Variants, func([]*G.Node) (*G.Node, error) { return nil, nil })
		}),
		"good as a bad shape": change(func(c *opstest.Case) { c.BadShapes = [][]tensor.Shape{{{5, 3}}} }),
	} {
		got := failures(c)
		if len(got) == 0 {
			t.Errorf("%s: no failure", name)
		}
		for _, failure := range got {
			if line, _, _ := strings.Cut(failure, "\n"); !regexp.MustCompile(`^(opstest|Square|the op|broken): .`).MatchString(line) {
				t.Errorf("%s: failure %q", name, failure)
			}
		}
	}
	// Kinks anywhere leave a sound op sound.
	opstest.Check(t, change(func(c *opstest.Case) { c.Kinks = []float64{math.NaN(), math.Inf(1), math.Inf(-1), huge, -0.5} }))
	// Shapes that no tensor can have are bad shapes, too.
	for _, shape := range []tensor.Shape{{huge, huge}, {-1}, {0, 3}} {
		if got := failures(change(func(c *opstest.Case) { c.BadShapes = [][]tensor.Shape{{shape}} })); len(got) > 0 {
			t.Errorf("shape %v: %v", shape, got)
		}
	}
}
