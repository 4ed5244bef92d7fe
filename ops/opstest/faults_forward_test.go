package opstest_test

import (
	"math"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	"gorgonia.org/tensor"
)

// forward is square with another loop.
func forward(f run) opstest.Case { return slip(func(d *ops.Def) { set(d, f) }) }

// after is square with a change of its output.
func after(change run) opstest.Case {
	return forward(func(c *ops.Call[float64]) { squares(c.Out, c.In[0]); change(c) })
}

func TestFindsForward(t *testing.T) {
	nan := math.NaN()
	runs := 0
	findAll(t, []planted{
		{"input overwritten", "Square", `^Square: input 0 was overwritten: element \[0, 1\] was 0\.074738 and is 1\.07474`, after(func(c *ops.Call[float64]) { c.In[0][1]++ })},
		{"input clipped", "Square", `^Square: input 0 was overwritten: element \[0, 0\] was 10 and is 6`, forward(func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				if x > 6 {
					c.In[0][i] = 6
				}
			}
			squares(c.Out, c.In[0])
		})},
		{"added", "Square", `Float64 adds to its output buffer instead of overwriting it`, forward(func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				c.Out[i] += x * x
			}
		})},
		{"largest so far", "Square", `output of Float64 depends on what its buffer held before`, forward(func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				c.Out[i] = max(c.Out[i], x*x)
			}
		})},
		{"zero not written", "ReLU", `Float64 does not write element \[1, 0\] of its output`, caseOf(with(op("ReLU", ops.SameShape, func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				if x > 0 {
					c.Out[i] = x
				}
			}
		}), []int{0}, square().Gradient().Steps[0]))},
		{"last not written", "Square", `Float64 does not write element \[4, 2\] of its output`, forward(func(c *ops.Call[float64]) {
			n := len(c.Out) - 1
			squares(c.Out[:n], c.In[0][:n])
		})},
		{"replaced", "Square", `Float64 replaces Call\.Out`, slip(func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				c.Out = make([]float64, len(c.Out))
				squares(c.Out, c.In[0])
				return nil
			}
		})},
		{"state", "Square", `a second run of Float64 on the same inputs gives another result`, after(func(c *ops.Call[float64]) { runs++; c.Out[3] += float64(runs) })},
		{"late state", "Square", `a later run on the same inputs gives another result`, after(func(c *ops.Call[float64]) {
			if runs++; runs > 400 {
				c.Out[3] += float64(runs)
			}
		})},
		{"shapes changed", "Square", `Float64 changes Call\.Shapes: they were \[\(5, 3\)\] and are \[\(1, 3\)\]`, after(func(c *ops.Call[float64]) { c.Shapes[0][0] = 1 })},
		{"first row only", "Scaled", `Float64 is wrong in row 0 of the output`, scaledCase(replaced(scaled(nil, nil), func(c *ops.Call[float64]) {
			copy(c.Out, c.In[0])
			for i, w := range c.In[1] {
				c.Out[i] *= w
			}
		}))},
		{"next element", "Square", `row 4 of the output depends on row 0 of the batch, but not as on the others`, forward(func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				c.Out[i] = x * c.In[0][(i+1)%len(c.In[0])]
			}
		})},
		{"rows for columns", "Scaled", `Float64 is wrong in`, scaledCase(replaced(scaled(nil, nil), func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				c.Out[i] = x * c.In[1][i/5%len(c.In[1])]
			}
		}))},
		{"element", "Square", `Float64 is wrong in element \[0, 0\] of the output`, after(func(c *ops.Call[float64]) { c.Out[0]++ })},
		{"row", "Square", `Float64 is wrong in row 3 of the output`, after(func(c *ops.Call[float64]) {
			if len(c.Out) > 11 {
				c.Out[9], c.Out[10], c.Out[11] = 1, 2, 3
			}
		})},
		{"last row", "Scaled", `Float64 is wrong in row 4 of the output`, scaledCase(wrongRow(scaled(nil, nil), func(rows int) int { return rows - 1 }, 0.5))},
		{"NaN in a row", "Square", `output is NaN in row 2 only`, after(func(c *ops.Call[float64]) {
			if len(c.Out) > 8 {
				c.Out[6], c.Out[7], c.Out[8] = nan, nan, nan
			}
		})},
		{"NaN in an element", "Square", `output is NaN in element \[4, 2\] only`, after(func(c *ops.Call[float64]) { c.Out[len(c.Out)-1] = nan })},
		{"NaN in a late row", "Scaled", `on a batch of \d+ rows.*row 7 is wrong.*NaN`, scaledCase(wrongRow(scaled(nil, nil), func(int) int { return 7 }, nan))},
		{"one row", "Scaled", `on a batch of 1 row`, scaledCase(wrongRow(scaled(nil, nil), func(rows int) int {
			if rows == 1 {
				return 0
			}
			return -1
		}, 2))},
		{"row before", "Square", `row 1 of the output depends on row 0 of the batch`, after(func(c *ops.Call[float64]) {
			for i := 3; i < len(c.Out); i++ {
				c.Out[i] += c.In[0][i-3]
			}
		})},
		{"large", "Square", `on a batch of \d+ rows`, after(func(c *ops.Call[float64]) {
			if len(c.Out) > 10000 {
				c.Out[10000] = 3
			}
		})},
		{"index", "Scaled", `on shapes? .*panics: .*index out of range|panics: .*index out of range .*faults_forward_test\.go:\d+`, scaledCase(replaced(scaled(nil, nil), func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				c.Out[i] = x * c.In[1][i%len(c.In[1])]
				_ = c.In[0][min(i, 3)]
			}
			_ = c.In[0][len(c.In[1])] // there is a second row
		}))},
		{"swallowed NaN", "Square", `NaN is swallowed: NaN in element \[0, 0\] of input 0 gives 0`, forward(func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				if c.Out[i] = 0; x == x {
					c.Out[i] = x * x
				}
			}
		})},
		{"overflow", "Square", `output overflows at x = 1000: it is \+Inf`, forward(func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				if c.Out[i] = x * x; math.Abs(x) > 900 {
					c.Out[i] = math.Inf(1)
				}
			}
		})},
		{"no Float32", "Square", `Def\.Float32 is nil`, slip(func(d *ops.Def) { d.Float32 = nil })},
		{"no Float64", "Square", `Def\.Float64 is nil`, slip(func(d *ops.Def) { d.Float64 = nil })},
		{"no Shape", "Square", `Def\.Shape is nil`, slip(func(d *ops.Def) { d.Shape = nil })},
		{"panic", "Square", `Float64 panics: boom \(faults_forward_test\.go:\d+\)`, forward(func(*ops.Call[float64]) { panic("boom") })},
		{"panic on a thread", "Square", `Float64 panics: boom \(faults_forward_test\.go:\d+\)`, after(func(c *ops.Call[float64]) {
			c.Workers.Run(4, func(part int) {
				if part == 3 {
					panic("boom")
				}
			})
		})},
		{"error", "Square", `Float64 returns an error: .*no luck`, slip(func(d *ops.Def) { d.Float64 = func(*ops.Call[float64]) error { return errors.New("no luck") } })},
		{"threads", "Square", `output depends on the number of threads: .*with 1 thread`, after(func(c *ops.Call[float64]) {
			if c.Workers.Threads() > 2 {
				c.Out[2] += 1e-9
			}
		})},
		{"parts", "Square", `output depends on the number of threads|on a batch of \d+ rows`, forward(func(c *ops.Call[float64]) {
			n := len(c.Out) - len(c.Out)%c.Workers.Threads()
			if len(c.Out) < 1000 {
				n = len(c.Out)
			}
			clear(c.Out)
			squares(c.Out[:n], c.In[0][:n])
		})},
		{"shared buffer", "Square", `gradient of input 0 is wrong when the graph holds two nodes of the op`, sharing()},
		{"allocations", "Square", `Float64 allocates once in each run`, slip(func(d *ops.Def) {
			d.Float64 = func(c *ops.Call[float64]) error {
				leak = make([]float64, len(c.Out))
				squares(leak, c.In[0])
				copy(c.Out, leak)
				return nil
			}
		})},
		{"panic in Shape", "Square", `panic while it is applied: boom`, slip(func(d *ops.Def) {
			d.Shape = func([]tensor.Shape) (tensor.Shape, error) { panic("boom") }
		})},
	})
}

// replaced is a definition with another loop.
func replaced(d ops.Def, f run) ops.Def {
	set(&d, f)
	return d
}

// wrongRow changes a row of the output of scaled.
func wrongRow(d ops.Def, row func(rows int) int, to float64) ops.Def {
	return replaced(d, func(c *ops.Call[float64]) {
		cols := len(c.In[1])
		wrong := row(len(c.Out) / cols)
		for i, x := range c.In[0] {
			if c.Out[i] = x * c.In[1][i%cols]; i/cols == wrong {
				c.Out[i] = to
			}
		}
	})
}

// sharing is square whose gradient reads a buffer that the forward pass fills, and that all nodes of the op share.
func sharing() opstest.Case {
	var slopes [1 << 17]float64
	d := op("Square", ops.SameShape, func(c *ops.Call[float64]) {
		for i, x := range c.In[0] {
			c.Out[i], slopes[i] = x*x, 2*x
		}
	})
	step := op("SquareGrad", ops.SameShape, func(c *ops.Call[float64]) {
		for i, g := range c.In[0] {
			c.Out[i] = g * slopes[i]
		}
	})
	return caseOf(with(d, []int{0}, ops.Step{Def: step, Args: []ops.Arg{ops.Upstream, ops.Output}}))
}
