package baseline_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/train/baseline"
)

// The signs of the decisions are the votes.
func TestDecisions(t *testing.T) {
	for n, c := range readCases(t) {
		x := c.matrix(c.Train)
		fitted, err := baseline.SVM{}.Fit(context.Background(), x, c.Labels, c.Classes)
		if err != nil {
			t.Fatal(err)
		}
		decider, ok := fitted.(baseline.Decider)
		if !ok {
			t.Fatalf("a %T does not decide", fitted)
		}
		values, err := decider.Decisions(x)
		if err != nil {
			t.Fatal(err)
		}
		scores, err := fitted.Scores(x)
		if err != nil {
			t.Fatal(err)
		}
		if votes := votesOf(values, x.Rows, c.Classes); !slices.Equal(votes, scores) {
			t.Errorf("case %d: the decisions are %v, the votes %v", n, votes, scores)
		}
		wide := baseline.Matrix{Rows: 1, Columns: x.Columns + 1, Values: make([]float64, x.Columns+1)}
		infinite := baseline.Matrix{Rows: 1, Columns: x.Columns, Values: slices.Repeat([]float64{math.Inf(1)}, x.Columns)}
		for _, bad := range []baseline.Matrix{wide, infinite} {
			if _, err := decider.Decisions(bad); err == nil {
				t.Errorf("case %d: no error for %d columns of %v", n, bad.Columns, bad.Values[0])
			}
		}
	}
}

// votesOf counts the signs of the decisions about all pairs of classes.
func votesOf(values []float64, rows, classes int) []float64 {
	votes := make([]float64, rows*classes)
	for i := range rows {
		for a := range classes {
			for b := a + 1; b < classes; b++ {
				winner := b
				if values[0] > 0 {
					winner = a
				}
				votes[i*classes+winner]++
				values = values[1:]
			}
		}
	}
	return votes
}
