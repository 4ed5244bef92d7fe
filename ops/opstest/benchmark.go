package opstest

import (
	"testing"

	G "gorgonia.org/gorgonia"
)

// Benchmark measures the op on the inputs of a case, for float32 and float64: its forward pass, and its backward pass. It runs the op alone,
// without a machine, and reports allocations and the bytes of inputs and output per second. Choose Inputs of a realistic size; they may be
// larger than those of Check.
//
//	func BenchmarkSoftsign(b *testing.B) {
//		opstest.Benchmark(b, opstest.Case{Op: Softsign, Inputs: []opstest.Input{{Shape: tensor.Shape{128, 1024}}}})
//	}
func Benchmark(b *testing.B, c Case) {
	b.Helper()
	c, err := c.complete(1 << 28)
	if err != nil {
		b.Fatalf("opstest: %v", err)
	}
	for i := len(dtypes) - 1; i >= 0; i-- {
		dtype := dtypes[i]
		k := &kit{c: c, name: c.Name, programs: map[string]*program{}}
		p, f := k.build(dtype, c.shapes())
		if f == nil {
			k.known(p.out)
			f = p.differentiate()
		}
		if f == nil {
			p.bind(c.values(c.shapes(), 0))
			if f = p.run(); f == nil {
				f = p.back()
			}
		}
		if f != nil {
			b.Fatalf("%s", f.text(k.title()))
		}
		b.Run(fieldOf(dtype)+"/forward", func(b *testing.B) { p.measure(b, p.forward) })
		b.Run(fieldOf(dtype)+"/backward", func(b *testing.B) { p.measure(b, p.backward) })
	}
}

// measure runs instructions again and again.
func (p *program) measure(b *testing.B, list []instruction) {
	n := elements(p.out.Shape())
	for _, s := range p.shapes {
		n += elements(s)
	}
	operands := make([][]G.Value, len(list))
	for i, x := range list {
		operands[i] = p.operands(x)
	}
	b.SetBytes(int64(n) * int64(p.dtype.Size()))
	b.ReportAllocs()
	for b.Loop() {
		for i, x := range list {
			if _, err := x.node.Op().Do(operands[i]...); err != nil {
				b.Fatalf("%s: %v", p.k.title(), err)
			}
		}
	}
}
