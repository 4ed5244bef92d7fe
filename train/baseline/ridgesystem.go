package baseline

import (
	"context"
	"math"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// ridgeSystem are the equations (K + Lambda / (v c)) a = (y - r) / v of kernel ridge regression for all tasks, over the rows that have labels in the
// task: c of them with the mean y. r is the mean of all labels, and v = r (1 - r). Matrices have a row for each row and a column for each task; what has no label is 0.
type ridgeSystem struct {
	kernel   []float32
	rows     int
	tasks    int
	rates    []float64 // r, by task, within the limits
	residual []float64
	diagonal []float64 // of the equations, or 0
	shift    []float64 // Lambda / (v c)

	single, product []float32
}

// leastRate is the least share of ones in a task, and 1 less it the greatest, so that log-odds are finite.
const leastRate = 1e-4

func newRidgeSystem(matrix []float32, lambda float64, labels []float32, place []int, rows, tasks int) *ridgeSystem {
	s := &ridgeSystem{kernel: matrix, rows: rows, tasks: tasks}
	size := rows * tasks
	s.residual, s.diagonal, s.shift = make([]float64, size), make([]float64, size), make([]float64, size)
	s.single, s.product = make([]float32, size), make([]float32, size)
	counts := make([]float64, size)
	ones, known := make([]float64, tasks), make([]float64, tasks)
	for i, at := range place {
		for t, y := range labels[i*tasks : (i+1)*tasks] {
			if y == y {
				counts[at*tasks+t]++
				s.residual[at*tasks+t] += float64(y)
				known[t]++
				ones[t] += float64(y)
			}
		}
	}
	means := make([]float64, tasks)
	for t, n := range known {
		if means[t] = 0.5; n > 0 {
			means[t] = ones[t] / n
		}
		s.rates = append(s.rates, min(max(means[t], leastRate), 1-leastRate))
	}
	for k, c := range counts {
		if c > 0 {
			v := s.rates[k%tasks] * (1 - s.rates[k%tasks])
			s.residual[k] = (s.residual[k]/c - means[k%tasks]) / v
			s.shift[k] = lambda / (v * c)
			s.diagonal[k] = float64(matrix[k/tasks*(rows+1)]) + s.shift[k]
		}
	}
	return s
}

const (
	ridgeSteps     = 300  // at most
	ridgeTolerance = 1e-5 // of the norm of the residual, relative to that of the right side
)

// solve returns the solution by conjugate gradients, each task with its own steps, preconditioned by the diagonal.
func (s *ridgeSystem) solve(ctx context.Context, threads int) ([]float64, error) {
	w := kernel.NewWorkers(max(1, threads))
	defer w.Close()
	solution := make([]float64, len(s.residual))
	scaled, direction := make([]float64, len(s.residual)), make([]float64, len(s.residual))
	image := make([]float64, len(s.residual))
	goal := s.dots(s.residual, s.residual)
	for t := range goal {
		goal[t] *= ridgeTolerance * ridgeTolerance
	}
	s.precondition(scaled)
	copy(direction, scaled)
	size := s.dots(s.residual, scaled)
	for range ridgeSteps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.apply(image, direction, w)
		curvature := s.dots(direction, image)
		step := make([]float64, s.tasks)
		for t, c := range curvature {
			if c > 0 {
				step[t] = size[t] / c
			}
		}
		s.add(solution, step, direction)
		for t := range step {
			step[t] = -step[t]
		}
		s.add(s.residual, step, image)
		if s.done(goal) {
			break
		}
		s.precondition(scaled)
		last := size
		size = s.dots(s.residual, scaled)
		for k := range direction {
			t := k % s.tasks
			if last[t] > 0 {
				direction[k] = scaled[k] + size[t]/last[t]*direction[k]
			}
		}
	}
	return solution, nil
}

// done reports whether the residuals of all tasks are small, and makes those of the tasks that are zero, so that they stay.
func (s *ridgeSystem) done(goal []float64) bool {
	all := true
	norms := s.dots(s.residual, s.residual)
	for t, n := range norms {
		all = all && n <= goal[t]
	}
	for k := range s.residual {
		if t := k % s.tasks; norms[t] <= goal[t] {
			s.residual[k] = 0
		}
	}
	return all
}

// precondition sets x to the residual over the diagonal.
func (s *ridgeSystem) precondition(x []float64) {
	for k, d := range s.diagonal {
		if d > 0 {
			x[k] = s.residual[k] / d
		}
	}
}

// apply sets y to the product of the equations' matrix and x.
func (s *ridgeSystem) apply(y, x []float64, w *kernel.Workers) {
	for k, v := range x {
		s.single[k] = float32(v)
	}
	p := kernel.MatMul[float32]{M: s.rows, N: s.tasks, K: s.rows, A: s.kernel, B: s.single, C: s.product}
	p.Run(w)
	for k, v := range s.product {
		y[k] = 0
		if s.diagonal[k] > 0 {
			y[k] = float64(v) + s.shift[k]*x[k]
		}
	}
}

// add adds the columns of x times step to y.
func (s *ridgeSystem) add(y, step, x []float64) {
	for k, v := range x {
		y[k] += step[k%s.tasks] * v
	}
}

// dots returns the scalar products of the columns.
func (s *ridgeSystem) dots(a, b []float64) []float64 {
	sums := make([]float64, s.tasks)
	for k, v := range a {
		sums[k%s.tasks] += v * b[k]
	}
	for t, v := range sums {
		if math.IsNaN(v) {
			sums[t] = 0
		}
	}
	return sums
}
