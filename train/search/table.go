package search

import (
	"maps"
	"slices"

	"github.com/selfnorm/selfnorm/train/stats"
)

// Table returns the trials as a table, best first: the point, the score and its epoch, the values, and the failure. Trials whose metrics
// cannot be compared, which Run rejects, keep their order.
func (r *Results) Table() *stats.Table {
	if r == nil {
		return &stats.Table{}
	}
	ranked, err := r.Rule.Rank(r.Trials)
	if err != nil {
		ranked = r.Trials
	}
	return tableOf(ranked)
}

func tableOf(trials []TrialResult) *stats.Table {
	var params, values []string
	var scores []float64
	failed := false
	for _, t := range trials {
		scores = append(scores, t.Score)
		for _, p := range t.Point {
			params = addNew(params, p.Name)
		}
		for _, name := range slices.Sorted(maps.Keys(t.Values)) {
			values = addNew(values, name)
		}
		failed = failed || t.Failure != ""
	}
	table := &stats.Table{}
	for _, name := range params {
		table.Columns = append(table.Columns, stats.Column{Name: name})
	}
	table.Columns = append(table.Columns, stats.Column{Name: "score", Format: formatOf(scores...)}, stats.Column{Name: "epoch"})
	for _, name := range values {
		table.Columns = append(table.Columns, stats.Column{Name: name})
	}
	if failed {
		table.Columns = append(table.Columns, stats.Column{Name: "failure"})
	}
	for _, t := range trials {
		row := append(t.Point.cells(params), t.scoreCells()...)
		row = append(row, t.Values.cells(values)...)
		if failed {
			row = append(row, t.Failure)
		}
		table.Add(row...)
	}
	return table
}

func addNew(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}

// cells returns the values of the given parameters, nil for those that the point lacks.
func (p Point) cells(names []string) []any {
	row := make([]any, len(names))
	for i, name := range names {
		if at := p.index(name); at >= 0 {
			row[i] = p[at].Value
		}
	}
	return row
}

func (v Values) cells(names []string) []any {
	row := make([]any, len(names))
	for i, name := range names {
		if x, ok := v[name]; ok {
			row[i] = x
		}
	}
	return row
}

func (t TrialResult) scoreCells() []any {
	if t.Best == 0 {
		return []any{nil, nil}
	}
	return []any{t.Score, t.Best}
}
