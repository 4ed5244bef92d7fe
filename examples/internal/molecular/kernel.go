package molecular

import (
	"context"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// kernelModel is a kernel ridge regression on the substructures of the parents and on the values among the features.
type kernelModel struct {
	*baseline.Ridged
	columns []int32 // of the features, which are the values
}

// kernelSubstructures are those whose similarities are averaged.
var kernelSubstructures = []substructure{parentECFP, parentFCFP, parentPairs}

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
func describedRows(x Inputs, columns []int32) (d baseline.Described, err error) {
	for _, kind := range kernelSubstructures {
		bags, err := x.bags(kind)
		if err != nil {
			return d, err
		}
		d.Bags = append(d.Bags, bags)
	}
	if len(columns) == 0 {
		return d, nil
	}
	d.Values = baseline.Matrix{Rows: len(x.Rows), Columns: len(columns)}
	d.Values.Values, err = gatherColumns(x.Features, x.Rows, columns)
	return d, err
}

// gatherColumns returns some columns of some rows.
func gatherColumns(f datasets.Features, rows []int, columns []int32) ([]float64, error) {
	_, width := f.Dims()
	buffer := make([]float32, min(scoredAtOnce, len(rows))*width)
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

func fitKernel(ctx context.Context, d *Data, _, _ int, rows []int) (model, error) {
	labels, err := d.labels(rows)
	if err != nil {
		return nil, err
	}
	of, err := count(ctx, d.mols(rows), kernelSubstructures)
	if err != nil {
		return nil, err
	}
	m := kernelModel{columns: valueColumns(d.Names)}
	described, err := describedRows(Inputs{d.Features, rows, of}, m.columns)
	if err != nil {
		return nil, err
	}
	m.Ridged, err = baseline.KernelRidge{Threads: d.Threads}.Fit(ctx, described, labels, numTasks)
	return m, err
}

func (m kernelModel) scores(ctx context.Context, x Inputs, threads int) ([]float64, error) {
	d, err := describedRows(x, m.columns)
	if err != nil {
		return nil, err
	}
	return m.Scores(ctx, d, threads)
}

func (m kernelModel) pack(arrays map[string]any, prefix string) error {
	members.Add(arrays, prefix, m.Pack())
	if len(m.columns) > 0 {
		arrays[prefix+"columns"] = m.columns
	}
	return nil
}

func loadKernel(f *members.Arrays, prefix string, columns int) (model, error) {
	a := f.Take(prefix)
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
	if m.Tasks() != numTasks || kinds != len(kernelSubstructures) || width != len(m.columns) {
		return nil, errors.Errorf("%s: %d tasks, %d kinds of substructures, %d values for %d columns", prefix, m.Tasks(), kinds, width, len(m.columns))
	}
	return m, nil
}
