package checkpoint

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/train/callback"
	"gorgonia.org/tensor"
)

// table is a part of the history as float64 numbers, row after row. The first column counts up from row to row.
type table struct {
	columns []string
	values  []float64
}

func (t *table) rows() int { return len(t.values) / max(1, len(t.columns)) }

// row returns the row of that index.
func (t *table) row(i int) []float64 { return t.values[i*len(t.columns):][:len(t.columns)] }

// add puts the table into a file under a name.
func (t *table) add(f tensorfile.File, name string) error {
	if t.rows() == 0 {
		return nil
	}
	text, err := json.Marshal(t.columns)
	if err != nil {
		return errors.WithStack(err)
	}
	f.Metadata[tensorfile.Reserved+name] = string(text)
	f.Tensors[tablePrefix+name] = tensor.New(tensor.WithShape(t.rows(), len(t.columns)), tensor.WithBacking(t.values))
	return nil
}

// tableOf returns the table of that name in a file, an empty one if there is none.
func tableOf(f tensorfile.File, name string) (t table, err error) {
	x := f.Tensors[tablePrefix+name]
	if x == nil {
		return t, nil
	}
	if err := json.Unmarshal([]byte(f.Metadata[tensorfile.Reserved+name]), &t.columns); err != nil {
		return t, errors.Wrapf(err, "columns of the %s", name)
	}
	values, ok := x.Data().([]float64)
	if !ok || x.Dims() != 2 || x.Shape()[1] != len(t.columns) {
		return t, errors.Errorf("the %s have shape %v of %v, want %d columns of float64", name, x.Shape(), x.Dtype(), len(t.columns))
	}
	t.values = values
	return t, nil
}

// concat returns the rows of all tables. A column that one of them lacks is 0 there.
func concat(tables []table) (all table) {
	for _, t := range tables {
		if len(t.columns) > len(all.columns) {
			all.columns = t.columns
		}
	}
	for _, t := range tables {
		if slices.Equal(t.columns, all.columns) {
			all.values = append(all.values, t.values...)
			continue
		}
		for i := range t.rows() {
			for _, name := range all.columns {
				x := 0.0
				if k := slices.Index(t.columns, name); k >= 0 {
					x = t.row(i)[k]
				}
				all.values = append(all.values, x)
			}
		}
	}
	return all
}

// statistics are those of a layer, in the order of their columns.
var statistics = []struct {
	name string
	of   func(*callback.LayerMoments) *float64
}{
	{"pre-activation mean", func(l *callback.LayerMoments) *float64 { return &l.PreMean }},
	{"pre-activation variance", func(l *callback.LayerMoments) *float64 { return &l.PreVariance }},
	{"mean", func(l *callback.LayerMoments) *float64 { return &l.Mean }},
	{"variance", func(l *callback.LayerMoments) *float64 { return &l.Variance }},
	{"omega", func(l *callback.LayerMoments) *float64 { return &l.Omega }},
	{"tau", func(l *callback.LayerMoments) *float64 { return &l.Tau }},
	{"omega min", func(l *callback.LayerMoments) *float64 { return &l.OmegaMin }},
	{"omega max", func(l *callback.LayerMoments) *float64 { return &l.OmegaMax }},
	{"tau min", func(l *callback.LayerMoments) *float64 { return &l.TauMin }},
	{"tau max", func(l *callback.LayerMoments) *float64 { return &l.TauMax }},
	{"pre-activation gradient variance", func(l *callback.LayerMoments) *float64 { return &l.PreGradientVariance }},
	{"gradient variance", func(l *callback.LayerMoments) *float64 { return &l.GradientVariance }},
	{"weight gradient variance", func(l *callback.LayerMoments) *float64 { return &l.WeightGradientVariance }},
}

// withoutGradients is the number of statistics, from the first on, of a file whose gradients were not probed.
const withoutGradients = 10

// sameLayers reports whether all moments are of the same layers, so that they have a table.
func sameLayers(all []callback.Moments) bool {
	for i := range all {
		same := func(a, b callback.LayerMoments) bool { return a.Name == b.Name }
		if !slices.EqualFunc(all[i].Layers, all[0].Layers, same) || len(all[i].Layers) == 0 {
			return false
		}
	}
	return true
}

// momentTable returns moments of the same layers as a table: the step, and the statistics of each layer. Those of gradients are there if any
// have been probed.
func momentTable(all []callback.Moments) (t table) {
	if len(all) == 0 {
		return t
	}
	of := statistics[:withoutGradients]
	if slices.ContainsFunc(all, func(m callback.Moments) bool { return m.HasGradients() }) {
		of = statistics
	}
	t.columns = []string{"step"}
	for _, l := range all[0].Layers {
		for _, s := range of {
			t.columns = append(t.columns, l.Name+": "+s.name)
		}
	}
	t.values = make([]float64, 0, len(all)*len(t.columns))
	for _, m := range all {
		t.values = append(t.values, float64(m.Step))
		for i := range m.Layers {
			for _, s := range of {
				t.values = append(t.values, *s.of(&m.Layers[i]))
			}
		}
	}
	return t
}

// statistics returns the number of columns of a layer.
func (t *table) statistics() int {
	last := ": " + statistics[len(statistics)-1].name
	if slices.ContainsFunc(t.columns, func(c string) bool { return strings.HasSuffix(c, last) }) {
		return len(statistics)
	}
	return withoutGradients
}

// moments returns the moments of a table.
func (t *table) moments() ([]callback.Moments, error) {
	if t.rows() == 0 {
		return nil, nil
	}
	n := t.statistics()
	if len(t.columns)%n != 1 {
		return nil, errors.Errorf("the moments have %d columns, want a step and %d for each layer", len(t.columns), n)
	}
	all := make([]callback.Moments, t.rows())
	for i := range all {
		x := t.row(i)
		all[i] = callback.Moments{Step: int(x[0]), Layers: make([]callback.LayerMoments, len(x)/n)}
		for k := range all[i].Layers {
			l := &all[i].Layers[k]
			l.Name, _ = strings.CutSuffix(t.columns[1+k*n], ": "+statistics[0].name)
			for j, s := range statistics[:n] {
				*s.of(l) = x[1+k*n+j]
			}
		}
	}
	return all, nil
}
