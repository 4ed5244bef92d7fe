package serve

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Model holds the networks of a file and the task that they were trained for, ready to be served.
type Model struct {
	task
	networks train.Ensemble
	members  []*predict.Predictor
	name     string
	loaded   time.Time
	stamp    stamp

	explainers explainers
}

// task reads the rows of requests and names the answers.
type task interface {
	// kind is the name of the program that saves such models.
	kind() string
	// columns describe the inputs, in order.
	columns() []column
	// read turns rows into features; errors are of type *requestError where the rows are to blame.
	read(ctx context.Context, rows *rows) (*features, error)
	// outputs describe the predictions.
	outputs() []output
	// shares describes all kinds of members if there are others beside a number of networks, the networks first.
	shares(networks int) []members.Share
	// rule names what the shares belong to: the log-odds of the kinds, or their probabilities.
	rule() string
	// byKind returns the predictions of each kind of members: first those of the networks, which are given. It is safe for concurrent use.
	byKind(ctx context.Context, networks []float64, f *features) ([][]float64, error)
	// pool returns the predictions of all members from those of each kind.
	pool(all [][]float64) ([]float64, error)
	// answer returns the predictions for a row by name, as examples/tabular and examples/tox21 name them.
	answer(values []float64) map[string]any
}

// column is an input of a model.
type column struct {
	name string
	// datatype is that of the protocol: FP64 for numbers, BYTES for texts.
	datatype string
}

// output is an output tensor of a model.
type output struct {
	name, datatype string
	width          int // columns; 0 for a vector
	names          []string
	// of returns the values of a row.
	of func(values []float64) []any
}

// features are rows as the networks read them: a matrix, or sparse rows.
type features struct {
	rows   int
	all    datasets.Features
	matrix []float32     // of a part of the rows
	set    *datasets.Set // for networks that read sparse rows
	// substructures are those that members of the ensemble compare, of molecules.
	substructures *molecular.Substructures
	notes         []string // what is odd about the rows, in sentences
}

// stamp tells versions of a file apart.
type stamp struct {
	size int64
	time time.Time
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, errors.WithStack(err)
	}
	return stamp{info.Size(), info.ModTime()}, nil
}

// Load reads a model from a file that examples/tabular or examples/tox21 has saved. Its name is that of the file without its ending, unless
// name is not empty. Errors name the file.
func Load(path, name string) (*Model, error) {
	s, err := stampOf(path)
	if err != nil {
		return nil, err
	}
	program, err := programOf(path)
	if err != nil {
		return nil, err
	}
	m := &Model{name: name, loaded: time.Now(), stamp: s}
	if name == "" {
		m.name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	switch program {
	case tabular.Program:
		m.networks, m.task, err = loadTable(path)
	case molecular.Format.Program:
		m.networks, m.task, err = loadMolecules(path)
	default:
		err = errors.Errorf("%s: its networks are those of %q; this program serves those of tabular and tox21", path, program)
	}
	if err != nil {
		return nil, err
	}
	for _, n := range m.networks {
		p, err := predict.New(n, kernel.Shared(), predict.Snapshot)
		if err != nil {
			return nil, errors.Wrap(err, path)
		}
		m.members = append(m.members, p)
	}
	return m, errors.Wrap(m.try(), path)
}

// programOf returns the name of the program that has saved a file.
func programOf(path string) (string, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return "", errors.Errorf("%s: is not a file", path)
	}
	b, err := graphs.LoadBundle(path)
	if err != nil {
		return "", err
	}
	var e struct{ Program string }
	if encoder := b.Networks[0].Encoder; len(encoder) == 0 || json.Unmarshal(encoder, &e) != nil || e.Program == "" {
		return "", errors.Errorf("%s: the networks lack the encoder of their inputs; this program serves files of tabular and tox21 with -out", path)
	}
	return e.Program, nil
}

// try predicts a molecule or a row of zeros, so that what is wrong with a file shows before it serves.
func (m *Model) try() error {
	if t, ok := m.task.(*molecules); ok {
		_, f, err := t.one(context.Background(), "C")
		if err == nil {
			_, err = m.predict(context.Background(), f)
		}
		return err
	}
	n := m.networks[0]
	if n.Inputs[0].Kind != batch.Dense {
		return nil
	}
	_, err := m.predict(context.Background(), &features{rows: 1, matrix: make([]float32, n.Columns())})
	return err
}

// predict returns the predictions of all members, row-major, with the bits of -predict of examples/tabular and examples/tox21.
func (m *Model) predict(ctx context.Context, f *features) ([]float64, error) {
	values, _, err := m.predictByKind(ctx, f)
	return values, err
}

// predictByKind is predict, and returns the predictions of each kind of members as well, the networks' first.
func (m *Model) predictByKind(ctx context.Context, f *features) (values []float64, all [][]float64, err error) {
	mean, err := m.mean(ctx, f)
	if err != nil {
		return nil, nil, err
	}
	if all, err = m.byKind(ctx, mean, f); err != nil {
		return nil, nil, err
	}
	values, err = m.pool(all)
	return values, all, err
}

// mean returns the mean predictions of the networks, row-major, with the bits of train.Ensemble.Predict.
func (m *Model) mean(ctx context.Context, f *features) ([]float64, error) {
	if f.set != nil {
		all := make([]*train.Predictions, len(m.members))
		for i, p := range m.members {
			var err error
			if all[i], err = p.Predict(ctx, f.set); err != nil {
				return nil, err
			}
		}
		mean, err := metric.MeanPredictions(all...)
		if err != nil {
			return nil, err
		}
		return mean.Values, nil
	}
	all := make([]*train.Predictions, len(m.members))
	for i, p := range m.members {
		values, err := p.Rows(ctx, nil, f.matrix, f.rows)
		if err != nil {
			return nil, err
		}
		all[i] = &train.Predictions{Rows: f.rows, Outputs: len(values) / f.rows, Values: values}
	}
	mean, err := metric.MeanPredictions(all...)
	if err != nil {
		return nil, err
	}
	return mean.Values, nil
}

// info describes the model in answers.
func (m *Model) info() map[string]any {
	info := map[string]any{"name": m.name, "version": m.version(), "program": m.kind(), "networks": len(m.networks), "data": m.networks[0].Metadata["data"]}
	if shares := m.shares(len(m.networks)); len(shares) > 0 {
		info["members"], info["combine"] = shares, m.rule()
	}
	return info
}

// version identifies the file: the time of its last change.
func (m *Model) version() string { return m.stamp.time.UTC().Format("20060102T150405.000000000Z") }

func (m *Model) close() {
	for _, p := range m.members {
		p.Close()
	}
	m.explainers.close()
}

// part returns some of the rows as a matrix.
func (f *features) part(lo, hi int) (*features, error) {
	_, cols := f.all.Dims()
	x, rows := make([]float32, (hi-lo)*cols), make([]int, hi-lo)
	for i := range rows {
		rows[i] = lo + i
	}
	return &features{rows: hi - lo, matrix: x, substructures: f.substructures.Part(lo, hi)}, f.all.Gather(x, cols, rows)
}

var tabular = training.Format{Program: "tabular", Version: 1}
