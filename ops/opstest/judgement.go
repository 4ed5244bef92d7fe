package opstest

import (
	"math"
	"slices"
	"strings"

	"gorgonia.org/tensor"
)

// judgement compares results with what they should be, and guesses at the cause of a difference.
type judgement struct {
	what                 string
	got, want, tolerance []float64   // want is NaN where it is not known
	x                    []float64   // the input at each element, if it has one
	others               [][]float64 // all inputs
	shape                tensor.Shape
	period               int          // elements with equal index modulo period were in the same place of a tensor
	in                   tensor.Shape // that tensor
}

// wrong marks the elements that differ, and returns the one of which that is most certain.
func (j *judgement) wrong() (bad []bool, worst int) {
	bad, worst = make([]bool, len(j.got)), -1
	most := 0.0
	for e, w := range j.want {
		d := math.Abs(j.got[e] - w)
		if math.IsNaN(w) || d <= j.tolerance[e] {
			continue
		}
		bad[e] = true
		if certain := d / j.tolerance[e]; worst < 0 || certain > most {
			worst, most = e, certain
		}
	}
	return bad, worst
}

// like reports whether the results are these others.
func (j *judgement) like(other []float64) bool {
	if len(other) != len(j.got) {
		return false
	}
	n := 0
	for e, w := range other {
		if math.IsNaN(w) {
			continue
		}
		if n++; !(math.Abs(j.got[e]-w) <= 10*j.tolerance[e]+1e-6*math.Abs(w)) {
			return false
		}
	}
	return n > 1
}

// largestTolerance is that of the elements.
func (j *judgement) largestTolerance() float64 { return slices.Max(j.tolerance) }

// fault describes the difference, if there is one.
func (j *judgement) fault() *fault {
	bad, worst := j.wrong()
	if worst < 0 {
		return nil
	}
	f := j.guess(bad)
	if f == nil {
		n := 0
		for _, b := range bad {
			if b {
				n++
			}
		}
		f = faultf("%s is wrong at %d of %d points", j.what, n, len(bad))
	}
	f.when("%s", j.exampleAt(worst))
	for e, b := range bad {
		if b && e != worst {
			a, w := nums(j.got[e], j.want[e])
			f.detail("%s: %s, want %s", j.place(e), a, w)
		}
	}
	return f
}

func (j *judgement) guess(bad []bool) *fault {
	tolerance := j.largestTolerance()
	if ratio, ok := factor(j.got, j.want, j.tolerance); ok {
		return faultf("%s %s at all points", j.what, strings.TrimPrefix(proportion(ratio), "it "))
	}
	if place := j.tensorPlace(bad); place != "" {
		return faultf("%s is wrong in %s only", j.what, place)
	}
	if offset, ok := j.offset(tolerance); ok {
		if offset > 0 {
			return faultf("%s is too large by %s at all points", j.what, num(offset))
		}
		return faultf("%s is too small by %s at all points", j.what, num(-offset))
	}
	right := j.right(bad)
	if right == "" {
		return nil
	}
	f := faultf("%s is right for %s only", j.what, right)
	var got, want, tolerances []float64
	for e, b := range bad {
		if b {
			got, want, tolerances = append(got, j.got[e]), append(want, j.want[e]), append(tolerances, j.tolerance[e])
		}
	}
	if ratio, ok := factor(got, want, tolerances); ok {
		f.when("(elsewhere %s)", proportion(ratio))
	}
	return f
}

// right describes the elements that are right by their input, or by another input of as many elements.
func (j *judgement) right(bad []bool) string {
	if len(j.x) == len(bad) {
		if r := region(bad, j.x); r != "" {
			return r
		}
	}
	for i, x := range j.others {
		if len(x) != len(bad) {
			continue
		}
		if r := region(bad, x); r != "" {
			return strings.ReplaceAll(r, "x", "input "+num(float64(i)))
		}
	}
	return ""
}

// offset returns the number that the results are too large by, if it is the same for all.
func (j *judgement) offset(tolerance float64) (float64, bool) {
	offset, n := math.NaN(), 0
	for e, w := range j.want {
		d := j.got[e] - w
		if math.IsNaN(w) {
			continue
		}
		if n == 0 {
			offset = d
		}
		if n++; !(math.Abs(d-offset) <= 2*tolerance) {
			return 0, false
		}
	}
	return offset, n > 2
}

// tensorPlace describes the place of a tensor that all bad elements were in.
func (j *judgement) tensorPlace(bad []bool) string {
	if j.period == 0 {
		return places(bad, j.shape)
	}
	marked := make([]bool, j.period)
	for e, b := range bad {
		marked[e%j.period] = marked[e%j.period] || b
	}
	for e, b := range bad { // a place is wrong with any input, or the input matters
		if marked[e%j.period] && !b && !math.IsNaN(j.want[e]) && j.want[e] != 0 {
			return ""
		}
	}
	return places(marked, j.in)
}

// place names an element of the results.
func (j *judgement) place(e int) string {
	switch {
	case j.period > 0:
		return "at x = " + num(j.x[e])
	case j.x != nil:
		return at(j.shape, e) + ", where x = " + num(j.x[e])
	}
	return at(j.shape, e)
}

func (j *judgement) exampleAt(e int) string {
	a, b := nums(j.got[e], j.want[e])
	return "(" + j.place(e) + ": " + a + ", want " + b + ")"
}

// example is that of the worst element.
func (j *judgement) example() string {
	_, worst := j.wrong()
	return j.exampleAt(worst)
}
