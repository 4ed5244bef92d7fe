package stats_test

import (
	"bytes"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/train/stats"
)

// A data set with a single score counts for the average rank and not for the rank difference.
func TestAverageRanksSingleScores(t *testing.T) {
	nan := math.NaN()
	s := stats.Scores{Methods: []string{"a", "b"}, DataSets: []string{"A", "B", "C"}, Values: [][]float64{{1, 2}, {5, nan}, {nan, nan}}}
	ranks, err := s.AverageRanks()
	if err != nil || !slices.Equal(ranks, []float64{1.5, 1}) {
		t.Errorf("average ranks %v (%v), want [1.5 1]", ranks, err)
	}
	differences, err := s.RankDifferences()
	if err != nil || !slices.Equal(differences, []float64{0.5, -0.5}) {
		t.Errorf("rank differences %v (%v), want [0.5 -0.5]", differences, err)
	}
}

// A table of one method is a table.
func TestOneMethod(t *testing.T) {
	s := stats.Scores{Methods: []string{"a"}, DataSets: []string{"A", "B"}, Values: [][]float64{{1}, {2}}}
	got, err := s.Compare("a", stats.Wilcoxon{})
	if err != nil || len(got) != 1 || got[0].AverageRank != 1 || got[0].RankDifference != 0 || !math.IsNaN(got[0].P) {
		t.Errorf("%+v (%v)", got, err)
	}
	if _, err := s.Compare("b", stats.Wilcoxon{}); err == nil {
		t.Error("an unknown method gives no error")
	}
	s.Values = [][]float64{{math.NaN()}, {math.NaN()}}
	if got, err := s.AverageRanks(); err == nil {
		t.Errorf("a method without a score has the ranks %v", got)
	}
}

// Arguments that make no sense give an error and no number.
func TestArguments(t *testing.T) {
	nan, inf, huge := math.NaN(), math.Inf(1), math.MaxFloat64
	describe := func(x ...float64) error { _, err := stats.Describe(x); return err }
	paired := func(x, y []float64) error { _, err := stats.PairedT(x, y, stats.TwoSided); return err }
	signed := func(w stats.Wilcoxon, d ...float64) error { _, err := w.Test(d); return err }
	table := func(table *stats.Table, w io.Writer) []error {
		return []error{table.Markdown(w), table.Text(w), table.CSV(w)}
	}
	var scores *stats.Scores
	_, ranks := scores.AverageRanks()
	_, differences := scores.RankDifferences()
	_, comparison := scores.Compare("a", stats.Wilcoxon{})
	_, _, pairs := scores.Pairs("a", "b")
	_, wins := stats.CountWins([]float64{1}, nil, false)
	_, lengths := stats.Wilcoxon{}.Paired([]float64{1}, nil)
	_, nothing := stats.Wilcoxon{}.Paired(nil, nil)
	named := stats.Table{Columns: []stats.Column{{Name: "a"}}, Rows: [][]any{{1}}}
	ragged := stats.Table{Columns: named.Columns, Rows: [][]any{{1, 2}}}
	for name, errs := range map[string][]error{
		"nil scores":       {ranks, differences, comparison, pairs},
		"describe":         {describe(), describe(nan), describe(1, inf), describe(-inf), describe(huge, huge), describe(huge, -huge)},
		"t-test":           {paired(nil, nil), paired([]float64{1}, nil), paired([]float64{1, nan}, []float64{1, 2}), paired([]float64{1}, []float64{2}), paired([]float64{huge, 1}, []float64{-huge, 2})},
		"lengths":          {wins, lengths},
		"no differences":   {nothing, signed(stats.Wilcoxon{}), signed(stats.Wilcoxon{}, 0, 0)},
		"differences":      {signed(stats.Wilcoxon{}, nan, 1), signed(stats.Wilcoxon{}, 1, inf), signed(stats.Wilcoxon{Resolution: 1e-300}, huge, 1)},
		"options":          {signed(stats.Wilcoxon{Resolution: nan}, 1), signed(stats.Wilcoxon{Resolution: -1}, 1), signed(stats.Wilcoxon{Method: 9}, 1), signed(stats.Wilcoxon{Zeros: -1}, 1), signed(stats.Wilcoxon{Alternative: 3}, 1)},
		"nil table":        table(nil, &bytes.Buffer{}),
		"empty table":      table(&stats.Table{}, &bytes.Buffer{}),
		"nil writer":       table(&named, nil),
		"row of two cells": table(&ragged, &bytes.Buffer{}),
	} {
		for i, err := range errs {
			if err == nil {
				t.Errorf("%s: case %d gives no error", name, i)
			}
		}
	}
	var none *stats.Table
	none.Add(1)
	if none != nil {
		t.Error("a row in no table")
	}
	for _, comparison := range [][]stats.Comparison{nil, make([]stats.Comparison, 1), {{Method: "a|b\n", AverageRank: nan, RankDifference: inf, P: nan}}} {
		if got := stats.ComparisonTable(comparison); len(got.Rows) != len(comparison) || got.Markdown(io.Discard) != nil {
			t.Errorf("table of %+v: %+v", comparison, got)
		}
	}
	for _, s := range []stats.Summary{{}, {N: -1, Mean: nan, SD: nan}, {N: math.MaxInt / 8, Mean: huge, SD: inf}} {
		if s.String() == "" {
			t.Errorf("%+v has no text", s)
		}
	}
	if got := stats.Ranks(nil, true); len(got) != 0 {
		t.Errorf("no values have the ranks %v", got)
	}
	if got, err := stats.CountWins(nil, nil, true); err != nil || got != (stats.Record{}) {
		t.Errorf("no pairs give %v (%v)", got, err)
	}
}

// The normality and the density of any sample are finite numbers or an error.
func TestNoPanicsOfNormality(t *testing.T) {
	odd := []float64{0, -1, 1e200, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.NaN()}
	for _, a := range odd {
		for _, b := range odd {
			for _, x := range [][]float64{nil, {a}, {a, b}, {a, b, a, 1}} {
				if n, err := stats.DescribeNormality(x); err == nil && math.IsNaN(n.Mean+n.SD+n.Kolmogorov+n.Standard) {
					t.Errorf("%v: %+v", x, n)
				}
				for _, points := range []int{-1, 2, 5, math.MaxInt} {
					if d, err := stats.Density(x, a, b, points); err == nil && len(d) != points {
						t.Errorf("%v, %d points: %d", x, points, len(d))
					}
				}
			}
		}
	}
}
