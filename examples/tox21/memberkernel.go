package main

import (
	"context"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// kernelModel is a kernel ridge regression on the substructures of the parents and on the values among the features.
type kernelModel struct {
	*baseline.Ridged
	columns []int32 // of the features, which are the values
}

// kernelBags are the kinds of substructures whose similarities are averaged.
var kernelBags = []func(*chem.Mol) fingerprint.Counts{
	func(m *chem.Mol) fingerprint.Counts { return fingerprint.ECFP(m, 2) },
	func(m *chem.Mol) fingerprint.Counts { return fingerprint.FCFP(m, 2) },
	fingerprint.AtomPairs,
}

// valueColumns returns the features that are no substructures.
func valueColumns(names []string) (columns []int32) {
	for i, n := range names {
		kind, _, _ := strings.Cut(n, ":")
		if slices.Contains([]string{string(tox21.Descriptors), string(tox21.Autocorrelation)}, kind) {
			columns = append(columns, int32(i))
		}
	}
	return columns
}

// describedRows returns what the kernel compares.
func describedRows(x inputs, columns []int32) (d baseline.Described, err error) {
	d.Bags = make([]baseline.Bags, len(kernelBags))
	for _, r := range x.rows {
		var parent *chem.Mol
		if x.mols[r] != nil {
			parent = standardize.Parent(x.mols[r])
		}
		for kind := range d.Bags {
			d.Bags[kind].Append(func(yield func(id uint32, n int) bool) {
				if parent == nil {
					return
				}
				for _, c := range kernelBags[kind](parent) {
					if !yield(c.ID, int(c.N)) {
						return
					}
				}
			})
		}
	}
	d.Values = baseline.Matrix{Rows: len(x.rows), Columns: len(columns)}
	if len(columns) == 0 {
		d.Values.Rows = 0
		return d, nil
	}
	d.Values.Values, err = gatherColumns(x.features, x.rows, columns)
	return d, err
}

// gatherColumns returns some columns of some rows.
func gatherColumns(f datasets.Features, rows []int, columns []int32) ([]float64, error) {
	_, width := f.Dims()
	buffer := make([]float32, scoredAtOnce*width)
	values := make([]float64, 0, len(rows)*len(columns))
	for lo := 0; lo < len(rows); lo += scoredAtOnce {
		some := rows[lo:min(lo+scoredAtOnce, len(rows))]
		if err := f.Gather(buffer, width, some); err != nil {
			return nil, err
		}
		for i := range some {
			for _, j := range columns {
				values = append(values, float64(buffer[i*width+int(j)]))
			}
		}
	}
	return values, nil
}

func fitKernel(ctx context.Context, e *experiment, _, _ int, rows []int) (model, error) {
	m := kernelModel{columns: valueColumns(e.set.FeatureNames)}
	d, err := describedRows(inputs{e.set.Features, e.data.Mols(), rows}, m.columns)
	if err != nil {
		return nil, err
	}
	var labels []float32
	for _, r := range rows {
		labels = append(labels, e.data.Compounds[r].Labels[:]...)
	}
	m.Ridged, err = baseline.KernelRidge{Threads: e.threads()}.Fit(ctx, d, labels, tox21.NumTasks)
	return m, err
}

func (m kernelModel) scores(ctx context.Context, x inputs, threads int) ([]float64, error) {
	d, err := describedRows(x, m.columns)
	if err != nil {
		return nil, err
	}
	return m.Scores(ctx, d, threads)
}

func (m kernelModel) pack(arrays map[string]any, prefix string) error {
	addArrays(arrays, prefix, m.Pack())
	if len(m.columns) > 0 {
		arrays[prefix+"columns"] = m.columns
	}
	return nil
}

func loadKernel(f *arrayFile, prefix string, columns int) (model, error) {
	a := f.take(prefix)
	m := kernelModel{}
	if of, ok := a["columns"].([]int32); ok {
		m.columns = of
		delete(a, "columns")
	}
	for _, j := range m.columns {
		if j < 0 || int(j) >= columns {
			return nil, errors.Errorf("%s: column %d of %d", prefix, j, columns)
		}
	}
	var err error
	if m.Ridged, err = baseline.UnpackRidged(a); err != nil {
		return nil, errors.WithMessage(err, prefix)
	}
	kinds, width := m.Inputs()
	if m.Tasks() != tox21.NumTasks || kinds != len(kernelBags) || width != len(m.columns) {
		return nil, errors.Errorf("%s: %d tasks, %d kinds of substructures, %d values for %d columns", prefix, m.Tasks(), kinds, width, len(m.columns))
	}
	return m, nil
}
