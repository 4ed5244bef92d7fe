package opstest_test

import (
	"math/rand/v2"
	"testing"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/opstest"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// noisy keeps an element or sets it to 0. draw returns a number for each seed, step and element; the element is kept if it is odd.
func noisy(seed uint64, draw func(seed, step uint64, element int) uint64) builder {
	return func(in []*G.Node) (*G.Node, error) {
		var step uint64
		mask := func(c *ops.Call[float64]) {
			for i, x := range c.In[0] {
				c.Out[i] = 0
				if draw(seed, step, i)%2 == 1 {
					c.Out[i] = 2 * x
				}
			}
		}
		d := op("Noisy", ops.SameShape, func(c *ops.Call[float64]) { step++; mask(c) })
		d.Attrs = []any{seed}
		return ops.Apply(with(d, []int{0}, ops.Step{Def: op("NoisyGrad", ops.SameShape, mask), Args: []ops.Arg{ops.Upstream, ops.Output}}), in[0])
	}
}

// mix is a hash.
func mix(words ...uint64) (h uint64) {
	for _, w := range words {
		h = (h ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return h >> 7
}

func noisyCase(draw func(seed, step uint64, element int) uint64) opstest.Case {
	return opstest.Case{Build: noisy(1, draw), Random: true, Inputs: []opstest.Input{{Shape: tensor.Shape{13, 7}}}, Variants: []builder{noisy(2, draw)}}
}

func all(seed, step uint64, element int) uint64 { return mix(seed, step, uint64(element)) }

func TestFindsNoise(t *testing.T) {
	clock := uint64(0)
	wrongMask := func(in []*G.Node) (*G.Node, error) {
		var step uint64
		mask := func(c *ops.Call[float64]) {
			step++
			for i, x := range c.In[0] {
				c.Out[i] = 0
				if all(1, step, i)%2 == 1 {
					c.Out[i] = 2 * x
				}
			}
		}
		return ops.Apply(with(op("Noisy", ops.SameShape, mask), []int{0}, ops.Step{Def: op("NoisyGrad", ops.SameShape, mask), Args: []ops.Arg{ops.Upstream, ops.Output}}), in[0])
	}
	findAll(t, []planted{
		{"seed", "Noisy", `variant 0 gives the same noise as the op: does it ignore the seed\?`, noisyCase(func(_, step uint64, element int) uint64 { return all(0, step, element) })},
		{"step", "Noisy", `20 runs draw the same noise: does it ignore the step`, noisyCase(func(seed, _ uint64, element int) uint64 { return all(seed, 0, element) })},
		{"element", "Noisy", `all rows get the same noise`, noisyCase(func(seed, step uint64, element int) uint64 { return all(seed, step, element%7) })},
		{"clock", "Noisy", `two graphs give different results: .*noise from the clock`, noisyCase(func(uint64, uint64, int) uint64 { clock++; return mix(clock) })},
		{"global", "Noisy", `two graphs give different results: .*noise from the clock`, noisyCase(func(uint64, uint64, int) uint64 { return rand.Uint64() })},
		{"not said", "Noisy", `a second run of Float64 on the same inputs gives another result`, opstest.Case{Build: noisy(1, all)}},
		{"mask of the gradient", "Noisy", `a second run of (the gradient|the gradient step).* gives another result|gradient of input 0`, opstest.Case{Build: wrongMask, Random: true, Inputs: []opstest.Input{{Shape: tensor.Shape{13, 7}}}}},
	})
	opstest.Check(t, noisyCase(all))
}
