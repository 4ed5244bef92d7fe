package main

import "github.com/selfnorm/selfnorm/train/search"

// stage is a stage of successive halving (Jamieson and Talwalkar 2016): so many points are tried with so many epochs, on so many of the folds, and on at most
// so many rows of a fold; 0 means all.
type stage struct{ points, epochs, folds, rows int }

// A stage leaves a third of the points to the next one, and the first stage has a quarter of the epochs, and not all rows of a large table. Tests change rows.
const stageShare, firstShare = 3, 4

var firstRows = 50_000

// stages are those of a search for n points, where networks learn from so many rows. The last one trains as the program does after the search, on all folds.
func stages(n, epochs, folds, rows int) []stage {
	first := stage{n, max(1, epochs/firstShare), 1, 0}
	if rows > firstRows {
		first.rows = firstRows
	}
	all := []stage{first, {(n + stageShare - 1) / stageShare, epochs, 1, 0}}
	if folds > 1 {
		all = append(all, stage{(n + stageShare*stageShare - 1) / (stageShare * stageShare), epochs, folds, 0})
	}
	return all
}

// The names of a stage in a point.
const epochsName, foldsName, rowsName = "epochs", "folds", "rows"

// in returns points as trials of a stage.
func (s stage) in(points []search.Point) (all []search.Point) {
	for _, p := range points {
		if p = p.With(epochsName, s.epochs).With(foldsName, s.folds); s.rows > 0 {
			p = p.With(rowsName, s.rows)
		}
		all = append(all, p)
	}
	return all
}

// survivors returns n of the points of a stage, in their order: the first one, the settings of the flags, and the best of the others. Trials without a result
// are left out.
func survivors(points []search.Point, trials []search.TrialResult, n int) []search.Point {
	left, first := points[:1:1], points[0].String()
	ranked, err := search.Rule{}.Rank(trials)
	if err != nil {
		return left
	}
	good := map[string]bool{}
	for _, t := range ranked {
		if text := plain(t.Point).String(); t.Best > 0 && text != first && len(good) < n-1 {
			good[text] = true
		}
	}
	for _, p := range points[1:] {
		if good[p.String()] {
			left = append(left, p)
		}
	}
	return left
}

// plain returns a point without its stage.
func plain(p search.Point) (q search.Point) {
	for _, x := range p {
		if x.Name != epochsName && x.Name != foldsName && x.Name != rowsName {
			q = append(q, x)
		}
	}
	return q
}
