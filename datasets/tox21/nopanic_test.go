package tox21

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Nil, zero values, absurd sizes and wrong lengths give an error or a right result, never a panic.
func TestNoPanics(t *testing.T) {
	nowhere(t)
	const huge = math.MaxInt / 8
	var (
		noData *Data
		noRaw  *Raw
		noFeat *Featurizer
		zero   Featurizer
		none   context.Context
		ctx    = t.Context()
		dir    = t.TempDir()
		file   = filepath.Join(dir, "x")
		rates  [NumTasks]float64
		_, raw = stand(t, 40, huge) // no more goroutines than molecules
		d      = readSmall(t)
		one, _ = datasets.NewDense(1, 1, []float32{0})
		odd, _ = datasets.NewDense(len(d.Compounds), 1, append(make([]float32, len(d.Compounds)-1), float32(math.NaN())))
	)
	done, cancel := context.WithCancel(ctx)
	cancel()
	if d, err := Synthetic(none, math.MaxUint64, huge); err != nil || !d.Synthetic {
		t.Errorf("synthetic: %v", err)
	}
	fitted := fit(t, raw, upTo(40))
	if all, err := noFeat.Baseline(); all != nil || err != nil {
		t.Errorf("baseline: %v, %v", all, err)
	}
	if (*Attribution)(nil).Sum() != 0 || noData.Checksum() == "" {
		t.Error("a nil attribution, or nil data")
	}
	for name, err := range map[string]error{
		"Load absent":            second(Load(none, Options{Options: datasets.Options{Dir: file}})),
		"Embedded, done":         second(Embedded(done, -huge)),
		"Synthetic, done":        second(Synthetic(done, 0, -huge)),
		"Load source":            second(Load(ctx, Options{Source: "magic"})),
		"stand-in of a source":   second(Load(ctx, Options{Options: datasets.Options{StandIn: true}, Source: "magic"})),
		"Attribute, nothing":     second(noFeat.Attribute(nil, nil)),
		"Attribute, not fitted":  second(zero.Attribute(d.Compounds[0].Mol, []float64{1})),
		"Attribute, no atoms":    second(fitted.Attribute(nil, make([]float64, fitted.Cols()+1))),
		"Attribute, columns":     second(fitted.Attribute(nil, make([]float64, 1))),
		"ReadDeepTox":            second(ReadDeepTox(none, file, huge)),
		"ReadSMILES":             second(ReadSMILES(none, file, -huge)),
		"ReadDeepChem":           second(ReadDeepChem(none, "", 0)),
		"ReadFile":               second(ReadFile(none, file, huge)),
		"ReadFile of a folder":   second(ReadFile(ctx, dir, 0)),
		"RandomSplit NaN":        third(d.RandomSplit(math.NaN(), 0)),
		"ScaffoldSplit 2":        third(d.ScaffoldSplit(none, 2, huge)),
		"ScaffoldSplit, done":    third(d.ScaffoldSplit(done, .5, 0)),
		"ReadMatrices":           second(ReadMatrices(dir, PaperShare)),
		"ReadMatrices NaN":       second(ReadMatrices(dir, math.NaN())),
		"ReadSubstructures":      second(ReadSubstructures(dir, -huge)),
		"Compute sparse values":  second(Compute(none, nil, []Family{{Kind: Descriptors, Sparse: true}}, 0)),
		"Compute twice":          second(Compute(none, nil, append(SparseFamilies(), SparseFamilies()...), 0)),
		"Compute unknown":        second(Compute(none, nil, []Family{{}}, huge)),
		"Compute no families":    second(Compute(none, nil, []Family{}, huge)),
		"nil Data.Set":           second(noData.Set(one, nil)),
		"Set of nil":             second(d.Set(nil, nil)),
		"Set of one row":         second(d.Set(one, nil)),
		"Set of NaN":             second(d.Set(odd, nil)),
		"Set of few names":       second(d.Set(odd, []string{})),
		"nil ValidationSplit":    third(noData.ValidationSplit(0)),
		"ValidationSplit huge":   third(d.ValidationSplit(huge)),
		"nil Folds":              second(noData.Folds()),
		"zero Folds":             second((&Data{}).Folds()),
		"nil BaseRates":          second(noData.BaseRates([]int{0})),
		"BaseRates huge":         second(d.BaseRates([]int{huge})),
		"nil FillUnreadable":     second(noData.FillUnreadable(make([]float32, NumTasks), []int{0}, rates)),
		"FillUnreadable huge":    second(d.FillUnreadable(make([]float32, NumTasks), []int{huge}, rates)),
		"FillUnreadable nothing": second(d.FillUnreadable(nil, []int{0}, rates)),
		"nil Raw.Fit":            second(noRaw.Fit([]int{0})),
		"zero Raw.Fit":           second((&Raw{}).Fit([]int{0})),
		"Raw.Fit huge":           second(raw.Fit([]int{huge})),
		"nil Features":           second(noFeat.Features(raw)),
		"zero Features":          second(zero.Features(raw)),
		"Features of nil":        second(fitted.Features(nil)),
		"Features of zero":       second(fitted.Features(&Raw{})),
		"nil Transform":          second(noFeat.Transform(none, nil, 0)),
		"zero Transform":         second(zero.Transform(ctx, nil, 0)),
		"nil Save":               noFeat.Save(file),
		"zero Save":              zero.Save(file),
		"LoadFeaturizer":         second(LoadFeaturizer(dir)),
		"nil MarshalJSON":        second(noFeat.MarshalJSON()),
		"nil UnmarshalJSON":      noFeat.UnmarshalJSON([]byte("{}")),
		"UnmarshalJSON null":     zero.UnmarshalJSON([]byte("null")),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, d := range []*Data{noData, {}} {
		for name, split := range map[string]func() ([]int, []int, error){
			"random":   func() ([]int, []int, error) { return d.RandomSplit(.5, 0) },
			"scaffold": func() ([]int, []int, error) { return d.ScaffoldSplit(none, .5, -huge) },
		} {
			if fit, test, err := split(); err != nil || len(fit)+len(test) != 0 {
				t.Errorf("%s split of nothing: %d and %d rows (%v)", name, len(fit), len(test), err)
			}
		}
		if len(d.Mols())+len(d.TrainRows())+len(d.TestRows())+len(d.Skipped())+len(d.Groups()) != 0 {
			t.Error("something in empty data")
		}
	}
	for _, f := range []*Featurizer{noFeat, &zero} {
		if steps, err := f.Steps(); err != nil || len(steps) != 0 || f.Cols() != 0 || f.Names() != nil || f.Sparse() {
			t.Errorf("something in an empty featurizer: %v", err)
		}
	}
	if noRaw.Len() != 0 || len(Tasks()) != NumTasks || len(DefaultFamilies()) == 0 {
		t.Error("lengths")
	}
	// Molecules without atoms and nil ones have no substructures.
	x, err := fitted.Transform(none, []*chem.Mol{nil, {}}, huge)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range values(x) {
		if v-v != 0 {
			t.Errorf("feature %d of nothing is %v", i, v)
		}
	}
}

// A panic becomes an error that names the item, and cancels the rest.
func TestParallelPanic(t *testing.T) {
	err := parallel(t.Context(), 100, 3, func(i int) {
		if i == 7 {
			panic("seven")
		}
	})
	if err == nil || !strings.Contains(err.Error(), "item 7: panic: seven") || !strings.Contains(err.Error(), "nopanic_test.go") {
		t.Errorf("error %v", err)
	}
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }
