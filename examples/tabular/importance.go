package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

// importance is how much worse predictions become when a column is shuffled among the rows.
type importance struct {
	Column   string  `json:"column"`
	Increase float64 `json:"increase"`
}

// Limits of the importance: rows and columns, values that are encoded, and rows that are predicted by all networks.
const (
	importantRows, importantColumns   = 500, 300
	importantCells, importantAnswers  = 20_000_000, 100_000
	importantRepeats, importantListed = 3, 5
)

// importances returns the importance of the columns on some rows, the greatest first, and its scale in words. It is nil if there are too many columns.
func (e *experiment) importances(ctx context.Context, networks train.Ensemble, beside *members.Members, judged []int) (all []importance, scale string, err error) {
	columns := e.encoder.Columns()
	m := metric.LogLoss
	if e.encoder.Problem() == csv.Regression {
		m = metric.RMSE
	}
	scale = "increase of " + m.Name + " when a column is shuffled among the rows"
	p := len(columns)
	if p > importantColumns {
		return nil, "", nil
	}
	n := min(len(judged), importantRows, max(50, importantCells/(p*p)))
	rows := make([]int, n)
	for i := range rows {
		rows[i] = judged[i*len(judged)/n]
	}
	loss := func(column string, seed uint64) (float64, error) {
		table, err := e.problem.table.Permuted(rows, column, seed)
		if err != nil {
			return 0, err
		}
		set, err := e.encoder.Set(table)
		if err != nil {
			return 0, err
		}
		set.Part = nil
		result, err := evaluateAll(ctx, networks, beside, set)
		if err != nil {
			return 0, err
		}
		return valueOf(m, e.inUnits(result))
	}
	before, err := loss("", 0)
	if err != nil || before != before {
		return nil, "", err
	}
	repeats := max(1, min(importantRepeats, importantAnswers/(n*p*len(networks))))
	for _, c := range columns {
		i := importance{Column: c.Name}
		for k := range repeats {
			after, err := loss(c.Name, uint64(k))
			if err != nil {
				return nil, "", err
			}
			i.Increase += (after - before) / float64(repeats)
		}
		all = append(all, i)
	}
	slices.SortStableFunc(all, func(a, b importance) int { return cmp.Compare(b.Increase, a.Increase) })
	return all, scale, nil
}

// importanceText lists the most important columns.
func importanceText(all []importance) string {
	var texts []string
	for _, i := range all[:min(len(all), importantListed)] {
		texts = append(texts, fmt.Sprintf("%s %.3g", i.Column, i.Increase))
	}
	text := strings.Join(texts, ", ")
	if n := len(all) - importantListed; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
