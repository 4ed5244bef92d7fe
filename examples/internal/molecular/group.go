package molecular

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// Group is a kind of members with its models, whose predictions are averaged.
type Group struct {
	Kind
	// Settings describes the members, such as "200 trees".
	Settings string
	// By pools the tasks; nil leaves them as they are.
	By *graphs.Calibration

	models []model
}

// Models returns the number of models: one, or one for each fold.
func (g *Group) Models() int { return len(g.models) }

// Fit trains the models of a group, one on each of some lists of rows, which share the number of trees.
func (d *Data) Fit(ctx context.Context, m Member, rows [][]int, by *graphs.Calibration) (*Group, error) {
	if len(rows) == 0 || m.fit == nil {
		return nil, errors.Errorf("%d lists of rows for members of the kind %q", len(rows), m.Name)
	}
	g := &Group{Kind: m.Kind, Settings: m.Settings(), By: by}
	number := m.Number
	if m.Unit == "trees" {
		number = (number + len(rows) - 1) / len(rows)
	}
	for k, of := range rows {
		one, err := m.fit(ctx, d, number, k, of)
		if err != nil {
			return nil, err
		}
		g.models = append(g.models, one)
	}
	return g, nil
}

// inputs returns some rows as a group reads them.
func (d *Data) inputs(ctx context.Context, g *Group, rows []int) (Inputs, error) {
	of, err := count(ctx, d.mols(rows), g.compares)
	return Inputs{d.Features, rows, of}, err
}

// Scores returns the probabilities that a group gives some rows.
func (d *Data) Scores(ctx context.Context, g *Group, rows []int) ([]float64, error) {
	x, err := d.inputs(ctx, g, rows)
	if err != nil {
		return nil, err
	}
	return g.scores(ctx, x, d.Threads)
}

// HeldScores returns the probabilities that each model gives the rows of a list, one after the other: held has a list for each model.
func (d *Data) HeldScores(ctx context.Context, g *Group, held [][]int) (values []float64, err error) {
	if len(held) != len(g.models) {
		return nil, errors.Errorf("%d lists of rows for %d models", len(held), len(g.models))
	}
	for k, m := range g.models {
		x, err := d.inputs(ctx, g, held[k])
		if err != nil {
			return nil, err
		}
		some, err := m.scores(ctx, x, d.Threads)
		if err != nil {
			return nil, err
		}
		values = append(values, some...)
	}
	return values, Pool(values, g.By)
}

// scores returns the mean of the probabilities of the models, with pooled tasks.
func (g *Group) scores(ctx context.Context, x Inputs, threads int) ([]float64, error) {
	var sum []float64
	for _, m := range g.models {
		values, err := m.scores(ctx, x, threads)
		if err != nil {
			return nil, errors.WithMessage(err, g.Name)
		}
		if sum == nil {
			sum = make([]float64, len(values))
		}
		for i, v := range values {
			sum[i] += v
		}
	}
	for i := range sum {
		sum[i] /= float64(len(g.models))
	}
	return sum, Pool(sum, g.By)
}
