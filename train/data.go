package train

import (
	"math/rand/v2"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Data is a set of examples. *datasets.Set is one.
type Data interface {
	// Len is the number of rows, and Inputs the number of features of each.
	Len() int
	Inputs() int
	// Gather writes the given rows: features to x, (len(rows), Inputs); labels to y and their weights to weights, both
	// (len(rows), outputs), or for classes y alone, (len(rows)). A weight is 1 for an observed label and 0 for a missing one.
	// The tensors are float32 or float64, all of one dtype. y and weights may be nil. Fit calls it from another goroutine
	// than its caller's if it has more than one thread, one call at a time.
	Gather(rows []int, x, y, weights *tensor.Dense) error
}

// Matrix is data in memory, such as the result of one's own loader.
type Matrix struct {
	// X are the features, (rows, inputs). Y are the labels, (rows, outputs), or (rows) for class indices. Weights has the
	// shape of Y; nil means that all labels are observed. All have one dtype, float32 or float64.
	X, Y, Weights *tensor.Dense
}

// Len returns the number of rows.
func (m Matrix) Len() int { return m.X.Shape()[0] }

// Inputs returns the number of features.
func (m Matrix) Inputs() int { return m.X.Shape()[1] }

// Gather implements Data.
func (m Matrix) Gather(rows []int, x, y, weights *tensor.Dense) error {
	if m.X.Dims() != 2 {
		return errors.Errorf("features have shape %v, want a matrix", m.X.Shape())
	}
	if err := gather(x, m.X, rows); err != nil {
		return errors.Wrap(err, "features")
	}
	if y != nil {
		if m.Y == nil {
			return errors.New("there are no labels")
		}
		if err := gather(y, m.Y, rows); err != nil {
			return errors.Wrap(err, "labels")
		}
	}
	if weights == nil {
		return nil
	}
	if m.Weights == nil {
		fill(weights, 1)
		return nil
	}
	return errors.Wrap(gather(weights, m.Weights, rows), "weights")
}

// gather copies rows of src to the rows of dst, and converts between dtypes.
func gather(dst, src *tensor.Dense, rows []int) error {
	if dst.DataSize() != len(rows)*(src.DataSize()/src.Shape()[0]) {
		return errors.Errorf("%d rows of shape %v do not fit into %v", len(rows), src.Shape(), dst.Shape())
	}
	for _, r := range rows {
		if r < 0 || r >= src.Shape()[0] {
			return errors.Errorf("row %d of %d", r, src.Shape()[0])
		}
	}
	from, ok1 := elementsOf(src)
	to, ok2 := elementsOf(dst)
	if !ok1 || !ok2 {
		return errors.Errorf("%v of shape %v into %v, want dense tensors of float32 or float64", src.Dtype(), src.Shape(), dst.Dtype())
	}
	switch {
	case to.f32 != nil && from.f32 != nil:
		copyRows(to.f32, from.f32, rows)
	case to.f32 != nil:
		copyRows(to.f32, from.f64, rows)
	case from.f32 != nil:
		copyRows(to.f64, from.f32, rows)
	default:
		copyRows(to.f64, from.f64, rows)
	}
	return nil
}

func copyRows[D, S float32 | float64](dst []D, src []S, rows []int) {
	if len(rows) == 0 {
		return
	}
	width := len(dst) / len(rows)
	for i, r := range rows {
		from, to := src[r*width:][:width], dst[i*width:][:width]
		for j, v := range from {
			to[j] = D(v)
		}
	}
}

func fill(t *tensor.Dense, x float64) {
	e, _ := elementsOf(t)
	for i := range e.f32 {
		e.f32[i] = float32(x)
	}
	for i := range e.f64 {
		e.f64[i] = x
	}
}

// batches returns the bounds of the batches of n rows. The last one is shorter; a last batch of a single row, which has
// no batch statistics, joins the one before it.
func batches(n, size int) [][2]int {
	var out [][2]int
	for lo := 0; lo < n; lo += size {
		hi := min(lo+size, n)
		if n-hi == 1 && size > 1 {
			hi = n
		}
		out = append(out, [2]int{lo, hi})
		if hi == n {
			break
		}
	}
	return out
}

// order returns the rows in the order of an epoch.
func order(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}

// checkData returns an error for data that cannot be used at all.
func checkData(d Data, params *nn.Params) error {
	switch {
	case d == nil || d.Len() == 0:
		return errors.New("there is no data")
	case d.Inputs() < 1:
		return errors.New("the data have no features")
	case params == nil:
		return errors.New("there are no parameters; use nn.NewParams")
	}
	return nil
}
