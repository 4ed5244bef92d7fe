package main

import (
	"context"
	"maps"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/train/baseline"
	"golang.org/x/sync/errgroup"
)

// treesModel has a forest for each task, and nil for a task without labels.
type treesModel [tox21.NumTasks]baseline.Classifier

// forestTree are the settings of the trees, chosen on the validation folds. Leaves of five rows make the file smaller, too.
var forestTree = baseline.Tree{MinLeaf: 5}

// onTable is a method that trains on some rows of a table.
type onTable interface {
	FitTable(ctx context.Context, x *baseline.Table, rows, labels []int, classes int) (baseline.Classifier, error)
}

func fitForest(ctx context.Context, e *experiment, trees, fold int, rows []int) (model, error) {
	return fitTrees(ctx, e, rows, baseline.Forest{Trees: trees, Tree: forestTree, Seed: e.Seed + uint64(fold), Threads: e.threads()})
}

func fitExtraTrees(ctx context.Context, e *experiment, trees, fold int, rows []int) (model, error) {
	return fitTrees(ctx, e, rows, baseline.ExtraTrees{Trees: trees, Tree: forestTree, Seed: e.Seed + uint64(fold), Threads: e.threads()})
}

// fitTrees trains a forest for each task on those of the rows that have a label.
func fitTrees(ctx context.Context, e *experiment, rows []int, method onTable) (model, error) {
	if e.table == nil {
		var err error
		if e.table, err = baseline.NewTable(ctx, e.set.Features, e.threads()); err != nil {
			return nil, err
		}
	}
	m := treesModel{}
	for task, name := range tox21.Tasks() {
		var of, labels []int
		for _, r := range rows {
			if y := e.data.Compounds[r].Labels[task]; y == y {
				of, labels = append(of, r), append(labels, int(y))
			}
		}
		if len(of) == 0 {
			continue
		}
		var err error
		if m[task], err = method.FitTable(ctx, e.table, of, labels, 2); err != nil {
			return nil, errors.WithMessage(err, name)
		}
	}
	return m, nil
}

// scoredAtOnce is the number of rows that are in memory as numbers.
const scoredAtOnce = 256

func (m treesModel) scores(ctx context.Context, x inputs, threads int) ([]float64, error) {
	scores := make([]float64, len(x.rows)*tox21.NumTasks)
	for lo := 0; lo < len(x.rows); lo += scoredAtOnce {
		rows := x.rows[lo:min(lo+scoredAtOnce, len(x.rows))]
		matrix, err := baseline.NewMatrix(x.features, rows)
		if err != nil {
			return nil, err
		}
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(max(1, threads))
		for task, c := range m {
			group.Go(func() (err error) { // its own err
				if err := ctx.Err(); err != nil {
					return err
				}
				of := make([]float64, 2*len(rows))
				if c == nil {
					for i := range of {
						of[i] = 0.5
					}
				} else if of, err = c.Scores(matrix); err != nil {
					return err
				}
				for i := range rows {
					scores[(lo+i)*tox21.NumTasks+task] = of[2*i+1]
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
	}
	return scores, nil
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
		addArrays(arrays, prefix+name+"/", a)
	}
	return nil
}

func loadTrees(f *arrayFile, prefix string, columns int) (model, error) {
	m := treesModel{}
	zero := baseline.Matrix{Rows: 1, Columns: columns, Values: make([]float64, columns)}
	for task, name := range tox21.Tasks() {
		a := f.take(prefix + name + "/")
		if len(a) == 0 {
			continue
		}
		c, err := baseline.Unpack(a)
		if err != nil {
			return nil, errors.WithMessagef(err, "%s%s", prefix, name)
		}
		scores, err := c.Scores(zero)
		if err == nil && len(scores) != 2 {
			err = errors.Errorf("it has %d classes, want 2", len(scores))
		}
		if err != nil {
			return nil, errors.WithMessagef(err, "%s%s", prefix, name)
		}
		m[task] = c
	}
	if m == (treesModel{}) {
		return nil, errors.Errorf("%s has no arrays", prefix)
	}
	return m, nil
}

func addArrays(to map[string]any, prefix string, a baseline.Arrays) {
	for name, array := range maps.All(a) {
		to[prefix+name] = array
	}
}
