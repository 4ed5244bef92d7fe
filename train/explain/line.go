package explain

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"gonum.org/v1/gonum/integrate/quad"
)

// The line has at first as many segments as fill the rows of a graph with nodes and ends.
const segments, nodes = 3, 20

// legendre are the nodes and weights of Gauss and Legendre on [0, 1].
var legendre = func() (r struct{ at, weight [nodes]float64 }) {
	quad.Legendre{}.FixedLocations(r.at[:], r.weight[:], 0, 1)
	return r
}()

// line integrates the gradients on the line from the baseline to a row. The gradient jumps where a unit crosses the
// kink of its activation function. Where the integral over a segment differs from the difference of the values at its ends, which is
// known, the segment is halved.
type line struct {
	members []*member
	options *Options
	x       [][]float64

	open        []*segment  // whose sums are not yet among those of the line
	closed      int         // segments whose sums are
	wrong       float64     // sum of the absolute residuals of those
	sums        [][]float64 // of the contributions, by input
	ends        [2]*float64
	first, last float64 // values at the ends
	points      int
}

// segment is a part of the line.
type segment struct {
	lo, hi float64
	values [2]*float64 // at the ends
	sums   [][]float64 // of the contributions, by input
}

// point is a point to compute. It adds its gradients to a segment, or its value is one at an end of segments.
type point struct {
	t      float64
	of     *segment
	weight float64
	value  *float64
}

// residual is the sum of the contributions less the difference of the values.
func (s *segment) residual() float64 {
	sum := *s.values[0] - *s.values[1]
	for _, in := range s.sums {
		for _, v := range in {
			sum += v
		}
	}
	return sum
}

// integrate computes the sums.
func (l *line) integrate(ctx context.Context) error {
	points := l.begin()
	for {
		if err := l.compute(ctx, points); err != nil {
			return err
		}
		l.first, l.last = *l.ends[0], *l.ends[1]
		allowed := l.options.Tolerance * max(1, math.Abs(l.last-l.first))
		wrong := l.wrong
		for _, s := range l.open {
			wrong += math.Abs(s.residual())
		}
		switch {
		case math.IsNaN(wrong) || math.IsInf(wrong, 0):
			return errors.Errorf("the output is not finite on the line: %v at the baseline, %v for the row", l.first, l.last)
		case wrong <= allowed:
			l.close(math.Inf(1))
			return nil
		}
		l.close(allowed / float64(2*(l.closed+len(l.open))))
		if l.points+len(l.open)*(2*nodes+1) > l.options.MaxPoints {
			return errors.Errorf("the contributions differ by %.2g from the change of the output by %.4g, with %d points; allow more points or a "+
				"larger tolerance", wrong, l.last-l.first, l.points)
		}
		points = l.halve()
	}
}

// begin returns the first points.
func (l *line) begin() (points []point) {
	l.sums = l.zeros()
	ends := make([]float64, segments+1)
	for k := range ends {
		points = append(points, point{t: float64(k) / segments, value: &ends[k]})
	}
	for k := range segments {
		points = append(points, l.add(float64(k)/segments, float64(k+1)/segments, &ends[k], &ends[k+1])...)
	}
	l.ends = [2]*float64{&ends[0], &ends[segments]}
	return points
}

// zeros returns a place for the contributions of each input.
func (l *line) zeros() [][]float64 {
	all := make([][]float64, len(l.x))
	for i := range all {
		all[i] = make([]float64, len(l.options.Baseline[i]))
	}
	return all
}

// add adds a segment and returns its nodes.
func (l *line) add(lo, hi float64, first, last *float64) (points []point) {
	s := &segment{lo: lo, hi: hi, values: [2]*float64{first, last}, sums: l.zeros()}
	l.open = append(l.open, s)
	for k, at := range legendre.at {
		points = append(points, point{t: lo + at*(hi-lo), of: s, weight: legendre.weight[k] * (hi - lo)})
	}
	return points
}

// close adds the open segments with at most such a residual to the sums.
func (l *line) close(most float64) {
	var rest []*segment
	for _, s := range l.open {
		r := math.Abs(s.residual())
		if r > most {
			rest = append(rest, s)
			continue
		}
		l.closed++
		l.wrong += r
		for i, in := range s.sums {
			for j, v := range in {
				l.sums[i][j] += v
			}
		}
	}
	l.open = rest
}

// halve replaces the open segments by their halves, and returns the points to compute.
func (l *line) halve() (points []point) {
	old := l.open
	l.open = nil
	for _, s := range old {
		middle, value := (s.lo+s.hi)/2, new(float64)
		points = append(points, point{t: middle, value: value})
		points = append(points, l.add(s.lo, middle, s.values[0], value)...)
		points = append(points, l.add(middle, s.hi, value, s.values[1])...)
	}
	return points
}

// compute computes values and gradients at some points.
func (l *line) compute(ctx context.Context, points []point) error {
	for ; len(points) > 0; points = points[min(rows, len(points)):] {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := points[:min(rows, len(points))]
		if err := l.run(some); err != nil {
			return err
		}
		l.points += len(some)
	}
	return nil
}

// run computes some points, at most as many as the graphs have rows. The slope of the target of one network alone may be known before its
// outputs are; otherwise the graphs run twice.
func (l *line) run(points []point) error {
	z := make([][]float64, len(l.members))
	once := len(l.members) == 1 && l.members[0].target.linear()
	for k, m := range l.members {
		err := m.place(l.options.Baseline, l.x, points)
		if err == nil {
			err = m.seed(nil, nil)
		}
		if err == nil {
			err = m.machine.Run()
		}
		if err == nil {
			z[k], err = m.outputs()
		}
		if err != nil {
			return l.of(k, err)
		}
	}
	slopes := l.values(points, z)
	for k, m := range l.members {
		if !once {
			err := m.seed(z[k], slopes[k])
			if err == nil {
				err = m.machine.Run()
			}
			if err != nil {
				return l.of(k, err)
			}
		}
		for i, n := range m.machine.InputGrads {
			if n == nil {
				continue
			}
			grads, err := dense.Elements(m.machine.Value(n))
			if err != nil {
				return err
			}
			l.addUp(points, i, grads)
		}
	}
	return nil
}

// of adds to an error which network it is about.
func (l *line) of(k int, err error) error {
	if len(l.members) == 1 {
		return err
	}
	return errors.WithMessagef(err, "network %d", k)
}

// values sets the values of points, from rows of the outputs of the networks, and returns the slopes with respect to the values of the networks.
func (l *line) values(points []point, z [][]float64) (slopes [][]float64) {
	slopes = make([][]float64, len(l.members))
	for k := range slopes {
		slopes[k] = make([]float64, rows)
	}
	each := make([]float64, len(l.members))
	for r, p := range points {
		for k, m := range l.members {
			each[k] = m.target.value(z[k][r*m.target.Width:][:m.target.Width])
		}
		if v := l.members[0].target.combined(each); p.value != nil {
			*p.value = v
		}
		for k, v := range each {
			slopes[k][r] = v
		}
	}
	return slopes
}

// addUp adds the gradients of input i to the segments of the points.
func (l *line) addUp(points []point, i int, grads dense.Slices) {
	base, x := l.options.Baseline[i], l.x[i]
	for r, p := range points {
		if p.of == nil {
			continue
		}
		sums := p.of.sums[i]
		if grads.F32 != nil {
			for j, g := range grads.F32[r*len(x):][:len(x)] {
				sums[j] += p.weight * float64(g) * (x[j] - base[j])
			}
			continue
		}
		for j, g := range grads.F64[r*len(x):][:len(x)] {
			sums[j] += p.weight * g * (x[j] - base[j])
		}
	}
}
