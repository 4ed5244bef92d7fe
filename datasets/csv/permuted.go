package csv

import (
	"math/rand/v2"
	"slices"

	"github.com/pkg/errors"
)

// Permuted returns the table of some rows in which the values of a column are dealt anew among the rows, at random by the seed: what a model then loses is
// the importance of the column (Breiman 2001). An empty name deals none. It returns an error for a row or a column that is not there.
func (t *Table) Permuted(rows []int, name string, seed uint64) (*Table, error) {
	if t == nil {
		return nil, errors.New("csv: permuted: the table is nil")
	}
	at := -1
	if name != "" {
		var err error
		if at, err = t.find(name); err != nil {
			return nil, errors.Wrap(err, "csv: permuted")
		}
	}
	for _, r := range rows {
		if r < 0 || r >= t.Len() {
			return nil, errors.Errorf("csv: permuted: row %d is outside 0..%d", r, t.Len()-1)
		}
	}
	other := slices.Clone(rows)
	rand.New(rand.NewPCG(seed, uint64(len(rows)))).Shuffle(len(other), func(i, k int) { other[i], other[k] = other[k], other[i] })
	to := *t
	to.columns, to.lines = make([]column, len(t.columns)), lines{}
	for _, r := range rows {
		to.lines.add(t.lines.of(r))
	}
	for i := range t.columns {
		from := rows
		if i == at {
			from = other
		}
		to.columns[i] = t.columns[i].rows(from)
	}
	return &to, nil
}

// rows returns a column of some rows.
func (c *column) rows(rows []int) column {
	to := *c
	to.number, to.codes, to.texts, to.missing = series{}, blocks[int32]{}, written{}, 0
	if c.kind == Ignored {
		return to
	}
	for _, r := range rows {
		switch {
		case c.kind == Categorical:
			to.codes.add(*c.codes.at(r))
		default:
			to.number.add(c.number.at(r))
		}
		if c.isMissing(r) {
			to.missing++
		}
	}
	return to
}
