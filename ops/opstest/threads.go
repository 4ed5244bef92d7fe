package opstest

import (
	"slices"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// checkThreads compares the output under 1, 2, 3 and 4 threads, bit for bit.
func checkThreads(k *kit) *fault { return k.underThreads(false) }

// checkGradientThreads does so with the gradients.
func checkGradientThreads(k *kit) *fault { return k.underThreads(true) }

func (k *kit) underThreads(backward bool) *fault {
	for i, shapes := range [][]tensor.Shape{k.c.shapes(), k.large()} {
		threads := []int{1, 2, 3, 4, 4} // again, for sums whose order depends on which thread is first
		if i == 0 {
			threads = []int{1, 4}
		}
		for _, dtype := range dtypes {
			var first [][]float64
			for _, n := range threads {
				all, f := k.onThreads(dtype, shapes, n, backward)
				if f != nil && f.refused {
					break
				}
				if f != nil {
					return f.when("on shapes %v with %s", shapes, plural(n, "thread"))
				}
				if n == 1 {
					first = all
				}
				for i := range all {
					e, differ := differs(first[i], all[i])
					if !differ {
						continue
					}
					what := "the output"
					if i > 0 {
						what = "the gradient of input " + num(float64(i-1))
					}
					a, b := nums(first[i][e], all[i][e])
					return faultf("%s depends on the number of threads: element %d of %d is %s with 1 thread and %s with %d (%s, shapes %v)",
						what, e, len(first[i]), a, b, n, fieldOf(dtype), shapes)
				}
			}
		}
	}
	return nil
}

// large returns shapes of a batch that is worth several threads.
func (k *kit) large() []tensor.Shape {
	if rows := k.c.batch(); rows > 0 {
		return k.c.ofRows(rows * k.copies())
	}
	return k.c.shapes()
}

// onThreads runs a new graph once on a pool of n threads. It returns the output, followed by the gradients if they are asked for.
func (k *kit) onThreads(dtype tensor.Dtype, shapes []tensor.Shape, n int, backward bool) ([][]float64, *fault) {
	w := kernel.NewWorkers(n)
	defer w.Close()
	p, f := k.build(dtype, shapes)
	if f == nil && backward {
		f = p.differentiate()
	}
	if f != nil {
		return nil, f
	}
	ops.UseWorkers(p.graph, w)
	p.bind(k.tile(shapes))
	if f := p.run(); f != nil || !backward {
		return [][]float64{p.output()}, f
	}
	if f := p.back(); f != nil {
		return nil, f
	}
	return slices.Concat([][]float64{p.output()}, p.gradients()), nil
}

// tile returns the values of the case, repeated to fill the shapes.
func (k *kit) tile(shapes []tensor.Shape) [][]float64 {
	values := k.c.values(k.c.shapes(), 0)
	for i := range values {
		values[i] = spread(values[i], elements(shapes[i]))
	}
	return values
}
