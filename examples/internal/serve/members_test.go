package serve

import (
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// The service predicts with forests beside the networks what the ensemble predicts, in a batch of rows as row by row.
func TestMembersAreServed(t *testing.T) {
	path, e := tableModel(t, "kind", 1)
	b, err := graphs.LoadBundle(path)
	if err != nil {
		t.Fatal(err)
	}
	table, err := csv.ReadFrom("t.csv", strings.NewReader(smallTable(80)), csv.Options{Target: "kind", ID: "name", Ignore: []string{"price", "hot"}})
	if err != nil {
		t.Fatal(err)
	}
	set, err := e.Set(table)
	if err != nil {
		t.Fatal(err)
	}
	folds, err := datasets.KFold(table.Rows(), 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	held, err := set.Subset(append(slices.Clone(folds[0].Held), folds[1].Held...))
	if err != nil {
		t.Fatal(err)
	}
	out, err := train.Ensemble(b.Networks).Evaluate(t.Context(), held, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := members.Parse("forest:10")
	if err != nil {
		t.Fatal(err)
	}
	beside, _, err := members.Fit(t.Context(), kinds, set, folds, out, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	text, arrays, err := beside.Pack()
	if err != nil {
		t.Fatal(err)
	}
	b.Networks[0].Metadata[members.Key], b.Arrays = text, arrays
	if err := b.Save(path); err != nil {
		t.Fatal(err)
	}

	want, err := train.Ensemble(b.Networks).Predict(t.Context(), set, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	networks := slices.Clone(want.Values)
	if err := beside.Combine(t.Context(), want, set.Features); err != nil {
		t.Fatal(err)
	}
	m, err := Load(path, "")
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	all := &features{rows: set.Len(), all: set.Features}
	for _, size := range []int{1, 7, set.Len()} {
		var got []float64
		for lo := 0; lo < set.Len(); lo += size {
			part, err := all.part(lo, min(lo+size, set.Len()))
			if err != nil {
				t.Fatal(err)
			}
			values, err := m.predict(t.Context(), part)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, values...)
		}
		if !slices.Equal(got, want.Values) || slices.Equal(got, networks) {
			t.Errorf("parts of %d rows have other predictions than the ensemble, or those of the networks alone", size)
		}
	}
}
