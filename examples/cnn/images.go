package main

import (
	"context"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/mnist"
)

// images returns the training images and those held out, scaled alike: all pixels together have mean 0 and variance 1 over the training
// images. To scale each pixel by itself would blow up those at the edges, which are almost always blank.
func images(ctx context.Context, o options) (fit, test *datasets.Set, err error) {
	set, err := mnist.Load(ctx, o.set, datasets.Options{Dir: o.data, Download: o.download, Seed: o.seed})
	if err != nil {
		return nil, nil, err
	}
	rows := set.Rows(datasets.Train)
	scaled, err := standardize(set.Features, rows)
	if err != nil {
		return nil, nil, err
	}
	side := int(math.Sqrt(float64(set.Width())))
	if side*side != set.Width() {
		return nil, nil, errors.Errorf("images of %d pixels, want square ones", set.Width())
	}
	set.Features, set.Shape = scaled, []int{1, side, side}
	if fit, err = set.Subset(rows); err != nil {
		return nil, nil, err
	}
	test, err = set.Subset(set.Rows(datasets.Test))
	return fit, test, err
}

// scaledFeatures are features minus mean, times scale.
type scaledFeatures struct {
	datasets.Features
	mean, scale float32
}

// Gather implements datasets.Features.
func (f scaledFeatures) Gather(dst []float32, stride int, rows []int) error {
	if err := f.Features.Gather(dst, stride, rows); err != nil {
		return err
	}
	_, cols := f.Dims()
	for i := range rows {
		for j, v := range dst[i*stride:][:cols] {
			dst[i*stride+j] = (v - f.mean) * f.scale
		}
	}
	return nil
}

// standardize scales features by their mean and standard deviation over the rows and all columns.
func standardize(f datasets.Features, rows []int) (datasets.Features, error) {
	_, cols := f.Dims()
	values := make([]float32, cols)
	sum, squares, n := 0.0, 0.0, float64(len(rows)*cols)
	for _, r := range rows {
		if err := f.Gather(values, cols, []int{r}); err != nil {
			return nil, err
		}
		for _, v := range values {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
	}
	mean := sum / n
	sd := math.Sqrt(squares/n - mean*mean)
	if !(sd > 0) {
		return nil, errors.New("the images are blank")
	}
	return scaledFeatures{f, float32(mean), float32(1 / sd)}, nil
}
