package baseline

import (
	"cmp"
	"context"

	"github.com/pkg/errors"
	"gonum.org/v1/gonum/mat"
)

// Ridge is ridge regression (Hoerl and Kennard 1970): the weights that minimize the sum of squared errors plus Penalty |weights|^2, without the
// intercept. It takes time that grows with the cube of the number of columns.
type Ridge struct {
	// Penalty is the strength of the penalty. 0 means 1.
	Penalty float64
}

// Name implements RegressionMethod.
func (Ridge) Name() string { return "ridge regression" }

// FitNumbers implements RegressionMethod.
func (r Ridge) FitNumbers(ctx context.Context, x Matrix, numbers []float64) (Regressor, error) {
	penalty := cmp.Or(r.Penalty, 1.0)
	if err := checkNumbers(ctx, r.Name(), x, numbers); err != nil {
		return nil, err
	}
	if err := checkSettings(r.Name(), setting{"Penalty", penalty}); err != nil {
		return nil, err
	}
	n := x.Columns
	mean, scale, meanY := make([]float64, n), 0.0, 0.0 // numbers are divided by scale, so that nothing overflows
	for _, y := range numbers {
		scale = max(scale, y, -y)
	}
	if scale == 0 {
		scale = 1
	}
	for i := range x.Rows {
		for j, v := range x.row(i) {
			mean[j] += v / float64(x.Rows)
		}
		meanY += numbers[i] / scale / float64(x.Rows)
	}
	product, right := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	centred := mat.NewVecDense(n, nil)
	for i := range x.Rows {
		if i%256 == 0 && ctx.Err() != nil {
			return nil, errors.Wrapf(ctx.Err(), "baseline: %s", r.Name())
		}
		for j, v := range x.row(i) {
			centred.SetVec(j, v-mean[j])
		}
		product.SymRankOne(product, 1, centred)
		right.AddScaledVec(right, numbers[i]/scale-meanY, centred)
	}
	for j := range n {
		product.SetSym(j, j, product.At(j, j)+penalty)
	}
	var factors mat.Cholesky
	weights := mat.NewVecDense(n, nil)
	if !factors.Factorize(product) {
		return nil, errors.Errorf("baseline: %s: the features are too large to be solved for", r.Name())
	}
	if err := factors.SolveVecTo(weights, right); err != nil {
		if _, ill := err.(mat.Condition); !ill {
			return nil, errors.Wrapf(err, "baseline: %s", r.Name())
		}
	}
	m := &line{weights: weights.RawVector().Data, intercept: meanY * scale}
	for j := range n {
		m.weights[j] *= scale
		m.intercept -= m.weights[j] * mean[j]
	}
	if !finite(m.weights) || m.intercept-m.intercept != 0 {
		return nil, errors.Errorf("baseline: %s: the weights are not finite", r.Name())
	}
	return m, nil
}

// line is a linear function.
type line struct {
	weights   []float64
	intercept float64
}

// Predict implements Regressor.
func (l *line) Predict(x Matrix) ([]float64, error) {
	if err := checkColumns(Ridge{}.Name(), x, len(l.weights)); err != nil {
		return nil, err
	}
	out := make([]float64, x.Rows)
	for i := range out {
		sum := l.intercept
		for j, v := range x.row(i) {
			sum += l.weights[j] * v
		}
		out[i] = sum
	}
	return out, nil
}
