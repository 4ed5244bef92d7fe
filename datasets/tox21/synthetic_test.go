package tox21

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

func synthetic(t testing.TB, seed uint64) *Data {
	t.Helper()
	d, err := Synthetic(t.Context(), seed, 2)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSynthetic(t *testing.T) {
	d := synthetic(t, 1)
	if !d.Synthetic || len(d.Notes) == 0 {
		t.Error("the stand-in does not say that it is one")
	}
	for _, s := range d.Skipped() {
		t.Errorf("unreadable: %s: %s", d.Compounds[s.Row].SMILES, s.Reason)
	}
	train, test := d.TrainRows(), d.TestRows()
	if len(train) != standInTrain || len(test) != standInTest {
		t.Errorf("%d training and %d test compounds", len(train), len(test))
	}
	smiles := make(map[string]bool)
	for i := range d.Compounds {
		smiles[d.Compounds[i].SMILES] = true
	}
	if len(smiles) < 2500 {
		t.Errorf("only %d different molecules", len(smiles))
	}
	for _, rows := range [][]int{train, test} {
		rates, err := d.BaseRates(rows)
		if err != nil {
			t.Fatal(err)
		}
		for task, rate := range rates {
			if rate < 0.02 || rate > 0.2 {
				t.Errorf("%s: %.3f of the compounds are active", tasks[task], rate)
			}
		}
	}
	missing := 0
	for i := range d.Compounds {
		for _, v := range d.Compounds[i].Labels {
			if v != v {
				missing++
			}
		}
	}
	if share := float64(missing) / float64(len(d.Compounds)*NumTasks); math.Abs(share-standInMissing) > 0.01 {
		t.Errorf("%.3f of the labels are missing, want %v", share, standInMissing)
	}
	folds, err := d.Folds()
	if err != nil {
		t.Fatal(err)
	}
	held := map[int]bool{}
	for _, f := range folds {
		for _, r := range f.Held {
			held[r] = true
		}
		if kept, err := datasets.WithoutGroups(f.Fit, f.Held, d.Groups()); err != nil || len(kept) != len(f.Fit) || len(f.Fit) < 1500 {
			t.Errorf("%d of %d fitting rows have no parent in common with those held out (%v)", len(kept), len(f.Fit), err)
		}
	}
	for _, r := range d.TrainRows() {
		if c := &d.Compounds[r]; held[r] != (c.Part == datasets.Train) {
			t.Errorf("row %d of part %v: held out %v", r, c.Part, held[r])
		}
	}
	for fold := range 5 {
		if fit, val, err := d.ValidationSplit(fold); err != nil || len(fit) < 1500 || len(val) < 450 {
			t.Errorf("fold %d: %d and %d rows, %v", fold, len(fit), len(val), err)
		}
	}
}

func TestSyntheticIsReproducible(t *testing.T) {
	key := func(d *Data) []string {
		var s []string
		for i := range d.Compounds {
			s = append(s, d.Compounds[i].SMILES)
		}
		return s
	}
	a, b, c := synthetic(t, 1), synthetic(t, 1), synthetic(t, 2)
	if !slices.Equal(key(a), key(b)) || slices.Equal(key(a), key(c)) {
		t.Error("the molecules must depend on the seed, and on nothing else")
	}
	for i := range a.Compounds {
		if task, same := a.Compounds[i].Labels.same(&b.Compounds[i].Labels); !same {
			t.Fatalf("compound %d: label of %s differs", i, tasks[task])
		}
	}
	if !reflect.DeepEqual(a.Groups(), b.Groups()) {
		t.Error("parents differ")
	}
}

// A linear model must find most, but not all, of what makes a compound active: noise and pairs of groups remain.
func TestSyntheticCanBeLearned(t *testing.T) {
	d := synthetic(t, 1)
	raw, err := Compute(t.Context(), d.Mols(), []Family{{Kind: ECFP6, MinMolecules: 40}, {Kind: FCFP4, MinMolecules: 40}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	f, err := raw.Fit(d.TrainRows())
	if err != nil {
		t.Fatal(err)
	}
	features, err := f.Features(raw)
	if err != nil {
		t.Fatal(err)
	}
	set, err := d.Set(features, f.Names())
	if err != nil {
		t.Fatal(err)
	}
	if auc := logisticAUC(set, d.TrainRows(), d.TestRows()); auc < 0.72 || auc > 0.93 {
		t.Errorf("mean AUC of a linear model is %.3f", auc)
	} else {
		t.Logf("mean AUC of a linear model is %.3f, %d columns", auc, f.Cols())
	}
}

// logisticAUC trains twelve logistic regressions by plain gradient descent and returns their mean AUC on the test rows.
func logisticAUC(set *datasets.Set, train, test []int) float64 {
	cols := set.Width()
	weights := make([]float64, (cols+1)*NumTasks)
	row := make([]float32, cols)
	score := func(r int) (z [NumTasks]float64) {
		set.Features.Gather(row, cols, []int{r})
		for t := range z {
			w := weights[t*(cols+1):]
			z[t] = w[cols]
			for c, v := range row {
				z[t] += w[c] * float64(v)
			}
		}
		return z
	}
	for epoch := range 6 {
		rate := 0.01 / float64(1+epoch)
		for _, r := range train {
			for t, z := range score(r) {
				y := float64(set.Labels[r*NumTasks+t])
				if y != y {
					continue
				}
				w := weights[t*(cols+1) : (t+1)*(cols+1)]
				step := rate * (y - 1/(1+math.Exp(-z)))
				w[cols] += step
				for c, v := range row {
					w[c] += step*float64(v) - rate*0.002*w[c]
				}
			}
		}
	}
	var scores [NumTasks][]float64
	for _, r := range test {
		for t, z := range score(r) {
			scores[t] = append(scores[t], z)
		}
	}
	mean := 0.0
	for t := range scores {
		mean += auc(set, test, t, scores[t]) / NumTasks
	}
	return mean
}

// auc is the share of pairs of an active and an inactive compound that the scores put in order.
func auc(set *datasets.Set, rows []int, task int, score []float64) float64 {
	var won, pairs float64
	for i, a := range rows {
		for k, b := range rows {
			if set.Labels[a*NumTasks+task] != 1 || set.Labels[b*NumTasks+task] != 0 {
				continue
			}
			pairs++
			switch {
			case score[i] > score[k]:
				won++
			case score[i] == score[k]:
				won += 0.5
			}
		}
	}
	return won / pairs
}

func BenchmarkSynthetic(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		synthetic(b, 1)
	}
}
