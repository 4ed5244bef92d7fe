package members

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// Members are the members of an ensemble for classes beside its networks, and the weights of all kinds. Nil means that there are none.
type Members struct {
	Kinds []Kind
	// Weights are those of Pool: of the networks, and of each kind.
	Weights []float64

	models  [][]baseline.Classifier // by kind, one for each fold
	columns int
	classes int
}

// Fit trains members on the same folds as some networks, whose predictions for the held-out rows, fold after fold, are outOfFold, and chooses the
// weights of all kinds by them. It changes outOfFold to the predictions of all members together. losses are the log losses of each kind alone on these
// rows, the networks first. threads is the number of threads; the result does not depend on it.
func Fit(ctx context.Context, kinds []Kind, set *datasets.Set, folds []train.Fold, outOfFold *train.Result, seed uint64, threads int) (m *Members, losses []float64, err error) {
	if len(kinds) == 0 || set == nil || len(folds) == 0 || outOfFold == nil {
		return nil, nil, errors.New("members: there are no kinds, no data or no folds")
	}
	table, err := baseline.NewTable(ctx, set.Features, threads)
	if err != nil {
		return nil, nil, err
	}
	m = &Members{Kinds: kinds, models: make([][]baseline.Classifier, len(kinds)), columns: set.Width(), classes: len(set.Classes)}
	held := make([][]float64, 1, 1+len(kinds))
	held[0] = outOfFold.Values
	for k, kind := range kinds {
		var scores []float64
		for i, fold := range folds {
			labels := make([]int, len(fold.Fit))
			for j, r := range fold.Fit {
				labels[j] = set.Class(r)
			}
			trees := max(1, kind.Trees/len(folds))
			model, err := kind.fit(ctx, table, fold.Fit, labels, m.classes, trees, seed+uint64(i), max(1, threads))
			if err != nil {
				return nil, nil, errors.Wrap(err, kind.Name)
			}
			x, err := baseline.NewMatrix(set.Features, fold.Held)
			if err != nil {
				return nil, nil, err
			}
			one, err := model.Scores(x)
			if err != nil {
				return nil, nil, errors.Wrap(err, kind.Name)
			}
			m.models[k], scores = append(m.models[k], model), append(scores, one...)
		}
		held = append(held, scores)
	}
	if m.Weights, err = Weigh(held, outOfFold.Labels, outOfFold.Weights, m.classes); err != nil {
		return nil, nil, err
	}
	for _, p := range held {
		losses = append(losses, logLoss(p, outOfFold.Labels, outOfFold.Weights, m.classes))
	}
	outOfFold.Values, err = Pool(held, m.Weights, m.classes)
	outOfFold.Loss = logLoss(outOfFold.Values, outOfFold.Labels, outOfFold.Weights, m.classes)
	return m, losses, err
}

// scoredAtOnce is the number of rows that are in memory as numbers.
const scoredAtOnce = 1024

// Combine changes the predictions of the networks for all rows of some features to those of all members. It is safe for concurrent use. Without members
// it changes nothing.
func (m *Members) Combine(ctx context.Context, p *train.Predictions, f datasets.Features) error {
	if m == nil {
		return nil
	}
	rows, columns := f.Dims()
	if rows != p.Rows || columns != m.columns || p.Outputs != m.classes {
		return errors.Errorf("members: %d rows of %d columns for %d predictions, want %d columns", rows, columns, p.Rows, m.columns)
	}
	for lo := 0; lo < rows; lo += scoredAtOnce {
		if err := ctx.Err(); err != nil {
			return err
		}
		some := make([]int, min(scoredAtOnce, rows-lo))
		for i := range some {
			some[i] = lo + i
		}
		x, err := baseline.NewMatrix(f, some)
		if err != nil {
			return err
		}
		if err := m.combine(p.Values[lo*m.classes:][:len(some)*m.classes], x); err != nil {
			return err
		}
	}
	return nil
}

// CombineRows is Combine for predictions and features that are row-major.
func (m *Members) CombineRows(values []float64, features []float32) error {
	all, err := m.Scores(values, features)
	if err != nil || m == nil {
		return err
	}
	pooled, err := m.Pool(all)
	copy(values, pooled)
	return err
}

// Scores returns the predictions of each kind, the networks' first, which are given, all row-major. Without members there are those of the networks alone.
func (m *Members) Scores(networks []float64, features []float32) ([][]float64, error) {
	if m == nil {
		return [][]float64{networks}, nil
	}
	if m.columns == 0 || len(features)/m.columns != len(networks)/m.classes || len(features)%m.columns != 0 || len(networks)%m.classes != 0 {
		return nil, errors.Errorf("members: %d features and %d predictions, want %d and %d for each row", len(features), len(networks), m.columns, m.classes)
	}
	x := baseline.Matrix{Rows: len(features) / m.columns, Columns: m.columns, Values: make([]float64, len(features))}
	for i, v := range features {
		x.Values[i] = float64(v)
	}
	return m.scores(networks, x)
}

// Pool returns the predictions of all members from those of each kind, which Scores has returned.
func (m *Members) Pool(all [][]float64) ([]float64, error) {
	if m == nil {
		return all[0], nil
	}
	return Pool(all, m.Weights, m.classes)
}

// combine changes the predictions of networks to those of all members.
func (m *Members) combine(values []float64, x baseline.Matrix) error {
	all, err := m.scores(values, x)
	if err != nil {
		return err
	}
	pooled, err := m.Pool(all)
	copy(values, pooled)
	return err
}

// scores returns the predictions of each kind.
func (m *Members) scores(networks []float64, x baseline.Matrix) ([][]float64, error) {
	all := [][]float64{networks}
	for k, models := range m.models {
		mean := make([]float64, len(networks))
		for _, model := range models {
			scores, err := model.Scores(x)
			if err != nil {
				return nil, errors.Wrap(err, m.Kinds[k].Name)
			}
			for i, v := range scores {
				mean[i] += v / float64(len(models))
			}
		}
		all = append(all, mean)
	}
	return all, nil
}

// Evaluate changes the result of the networks for labelled rows to that of all members.
func (m *Members) Evaluate(ctx context.Context, r *train.Result, f datasets.Features) error {
	if m == nil {
		return nil
	}
	if err := m.Combine(ctx, &r.Predictions, f); err != nil {
		return err
	}
	r.Loss = logLoss(r.Values, r.Labels, r.Weights, m.classes)
	return nil
}
