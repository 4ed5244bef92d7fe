package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// recorder collects what the kit says.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }

// said returns the failures of a check.
func said(t *testing.T, c opstest.Case) []string {
	r := &recorder{TB: t}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		opstest.Check(r, c)
	}()
	return r.said
}

// faulty are distances with a planted fault.
func faulty(change func(d *ops.Def)) opstest.Case {
	return opstest.Case{
		Build: func(in []*G.Node) (*G.Node, error) {
			node, err := distances(in[0], in[1])
			if err != nil {
				return nil, err
			}
			def, _ := ops.DefOf(node)
			change(&def)
			def.ID = nil
			return ops.Apply(def, in...)
		},
		Inputs:    []opstest.Input{{Shape: tensor.Shape{5, 3}}, {Shape: tensor.Shape{3, 4}, Shared: true}},
		BadShapes: [][]tensor.Shape{{{5, 3}, {4, 3}}, {{5}, {3, 4}}, {{5, 3}, {3}}},
	}
}

// uncleared forgets that the output buffer still holds the last run.
func uncleared[T kernel.Float](c *ops.Call[T]) error {
	x, w, k, m := c.In[0], c.In[1], c.Shapes[1][0], c.Shapes[1][1]
	for i := range c.Out {
		for l := range k {
			d := x[i/m*k+l] - w[l*m+i%m]
			c.Out[i] += d * d
		}
	}
	return nil
}

var numbers = regexp.MustCompile(`\d+(\.\d+)?(e-?\d+)?`)

// anyNumbers replaces numbers, which depend on the inputs that the kit chooses.
func anyNumbers(text string) string { return numbers.ReplaceAllString(strings.TrimSpace(text), "#") }

// The page quotes the first line of the kit's report of some faults.
func TestKitSays(t *testing.T) {
	wrong := asinh
	wrong.Slope = func(x, y float64) float64 { return 1 / (1 + x*x) } // forgot the root
	text := anyNumbers(page(t))
	for name, c := range map[string]opstest.Case{
		"wrong slope": {Op: wrong.Apply},
		"swapped": faulty(func(d *ops.Def) {
			g := d.Gradient()
			g.Of = []int{0, 0}
			d.Gradient = func() ops.Gradient { return g }
		}),
		"no gradient of w": faulty(func(d *ops.Def) {
			g := d.Gradient()
			g.Of, g.Steps = []int{0, ops.NoGradient}, g.Steps[:1]
			d.Gradient = func() ops.Gradient { return g }
		}),
		"uncleared": faulty(func(d *ops.Def) { d.Float32, d.Float64 = uncleared[float32], uncleared[float64] }),
	} {
		lines := said(t, c)
		if len(lines) == 0 {
			t.Errorf("%s: the kit finds nothing", name)
			continue
		}
		first, _, _ := strings.Cut(lines[0], "\n")
		if !strings.Contains(text, anyNumbers(first)) {
			t.Errorf("%s: the page lacks\n%s", name, strings.Join(lines, "\n"))
		}
	}
}
