package molecular

import (
	"context"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/train/baseline"
	"golang.org/x/sync/errgroup"
)

// treesModel has a forest for each task, and nil for a task without labels.
type treesModel [numTasks]baseline.Classifier

// forestTree are the settings of the trees, chosen on the validation folds. Leaves of five rows make the file smaller, too.
var forestTree = baseline.Tree{MinLeaf: 5}

// onTable is a method that trains on some rows of a table.
type onTable interface {
	FitTable(ctx context.Context, x *baseline.Table, rows, labels []int, classes int) (baseline.Classifier, error)
}

func fitForest(ctx context.Context, d *Data, trees, model int, rows []int) (model, error) {
	return fitTrees(ctx, d, rows, baseline.Forest{Trees: trees, Tree: forestTree, Seed: d.Seed + uint64(model), Threads: max(1, d.Threads)})
}

func fitExtraTrees(ctx context.Context, d *Data, trees, model int, rows []int) (model, error) {
	return fitTrees(ctx, d, rows, baseline.ExtraTrees{Trees: trees, Tree: forestTree, Seed: d.Seed + uint64(model), Threads: max(1, d.Threads)})
}

// fitTrees trains a forest for each task on those of the rows that have a label.
func fitTrees(ctx context.Context, d *Data, rows []int, method onTable) (model, error) {
	all, err := d.labels(rows)
	if err != nil {
		return nil, err
	}
	if d.table == nil {
		if d.table, err = baseline.NewTable(ctx, d.Features, d.Threads); err != nil {
			return nil, err
		}
	}
	m := treesModel{}
	for task, name := range tox21.Tasks() {
		var of, labels []int
		for i, r := range rows {
			if y := all[i*numTasks+task]; y == y {
				of, labels = append(of, r), append(labels, int(y))
			}
		}
		if len(of) == 0 {
			continue
		}
		if m[task], err = method.FitTable(ctx, d.table, of, labels, 2); err != nil {
			return nil, errors.WithMessage(err, name)
		}
	}
	return m, nil
}

// scoredAtOnce is the number of rows that are in memory as numbers.
const scoredAtOnce = 256

func (m treesModel) scores(ctx context.Context, x Inputs, threads int) ([]float64, error) {
	scores := make([]float64, len(x.Rows)*numTasks)
	for lo := 0; lo < len(x.Rows); lo += scoredAtOnce {
		rows := x.Rows[lo:min(lo+scoredAtOnce, len(x.Rows))]
		matrix, err := baseline.NewMatrix(x.Features, rows)
		if err != nil {
			return nil, err
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(max(1, threads))
		for task := range m {
			group.Go(func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				return m.score(scores[lo*numTasks:], task, matrix)
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
	}
	return scores, nil
}

// score sets the scores of a task, one half without labels.
func (m treesModel) score(scores []float64, task int, x baseline.Matrix) (err error) {
	of := make([]float64, 2*x.Rows)
	if m[task] == nil {
		for i := range of {
			of[i] = 0.5
		}
	} else if of, err = m[task].Scores(x); err != nil {
		return err
	}
	for i := range x.Rows {
		scores[i*numTasks+task] = of[2*i+1]
	}
	return nil
}

func (m treesModel) pack(arrays map[string]any, prefix string) error {
	for task, name := range tox21.Tasks() {
		if m[task] == nil {
			continue
		}
		a, err := baseline.Pack(m[task])
		if err != nil {
			return err
		}
		members.Add(arrays, prefix+name+"/", a)
	}
	return nil
}

func loadTrees(a *members.Arrays, prefix string, columns int) (_ model, err error) {
	m := treesModel{}
	for task, name := range tox21.Tasks() {
		if m[task], err = a.Classifier(prefix+name+"/", columns, 2); err != nil {
			return nil, err
		}
	}
	if m == (treesModel{}) {
		return nil, errors.Errorf("%s has no arrays", prefix)
	}
	return m, nil
}
