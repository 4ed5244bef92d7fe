package tox21

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// quick are families of every sort that are cheap to compute.
var quick = []Family{
	{Kind: ECFP6, MinMolecules: 20}, {Kind: FCFP4, MinMolecules: 50}, {Kind: MACCS, MinMolecules: 20}, {Kind: Autocorrelation},
}

// stand is a small part of the stand-in, described once.
func stand(t testing.TB, n, threads int) (*Data, *Raw) {
	t.Helper()
	d := synthetic(t, 3)
	d.Compounds = d.Compounds[:n]
	raw, err := Compute(t.Context(), d.Mols(), quick, threads)
	if err != nil {
		t.Fatal(err)
	}
	return d, raw
}

func fit(t testing.TB, raw *Raw, rows []int) *Featurizer {
	t.Helper()
	f, err := raw.Fit(rows)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// values gathers all rows.
func values(f datasets.Features) []float32 {
	n, cols := f.Dims()
	out := make([]float32, n*cols)
	f.Gather(out, cols, upTo(n))
	return out
}

func features(t testing.TB, f *Featurizer, raw *Raw) []float32 {
	t.Helper()
	x, err := f.Features(raw)
	if err != nil {
		t.Fatal(err)
	}
	if n, cols := x.Dims(); n != raw.Len() || cols != f.Cols() || cols != len(f.Names()) {
		t.Fatalf("%d x %d features of %d molecules, %d columns, %d names", n, cols, raw.Len(), f.Cols(), len(f.Names()))
	}
	return values(x)
}

// Columns are chosen by the fitting rows only: in enough of them, and whatever the other rows are.
func TestFeaturizerSeesFittingRowsOnly(t *testing.T) {
	d, raw := stand(t, 300, 0)
	rows := upTo(200)
	f := fit(t, raw, rows)
	shorter, err := Compute(t.Context(), d.Mols()[:200], quick, 0)
	if err != nil {
		t.Fatal(err)
	}
	g := fit(t, shorter, rows)
	a, b := encode(t, f), encode(t, g)
	if a != b {
		t.Error("molecules outside the fitting rows changed the featurizer")
	}
	for _, family := range f.families {
		for _, id := range family.IDs {
			n := 0
			for _, r := range rows {
				if raw.prints[family.Kind][raw.entry[r]].N(id) > 0 {
					n++
				}
			}
			if n < family.MinMolecules || family.Kind == MACCS && len(rows)-n < family.MinMolecules {
				t.Errorf("%s:%d is in %d of %d molecules", family.Kind, id, n, len(rows))
			}
		}
	}
}

// Rarer substructures must not get a column, and no common one may be forgotten.
func TestVocabulary(t *testing.T) {
	var mols []*chem.Mol
	for _, s := range []string{"CCO", "CCO.Cl", "CCN", "CCN", "CCCCCC", "c1ccccc1"} {
		m, err := smiles.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		mols = append(mols, m)
	}
	raw, err := Compute(t.Context(), mols, []Family{{Kind: ECFP6, MinMolecules: 2}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw.prints[ECFP6]) != 4 {
		t.Errorf("%d entries for 4 parents", len(raw.prints[ECFP6]))
	}
	f := fit(t, raw, upTo(6))
	count := make(map[uint32]int)
	for _, m := range mols {
		for _, c := range fingerprint.ECFP(standardize.Parent(m), 3) {
			count[c.ID]++
		}
	}
	for id, n := range count {
		if _, has := slices.BinarySearch(f.families[0].IDs, id); has != (n >= 2) {
			t.Errorf("%d is in %d molecules; has a column: %v", id, n, has)
		}
	}
	x := features(t, f, raw)
	cols := f.Cols()
	if !slices.Equal(x[:cols], x[cols:2*cols]) {
		t.Error("a salt has other features than its parent")
	}
}

func TestFeaturizerIsReproducible(t *testing.T) {
	d, one := stand(t, 300, 1)
	_, many := stand(t, 300, 5)
	rows := d.TrainRows()
	f, g := fit(t, one, rows), fit(t, many, rows)
	if encode(t, f) != encode(t, g) || !slices.Equal(features(t, f, one), features(t, g, many)) {
		t.Error("the result depends on the number of threads")
	}
}

func TestFeaturizerSaveAndLoad(t *testing.T) {
	d, raw := stand(t, 300, 0)
	f := fit(t, raw, upTo(250))
	path := filepath.Join(t.TempDir(), "features.json")
	for range 2 { // the second time over an existing file
		if err := f.Save(path); err != nil {
			t.Fatal(err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files", len(left))
	}
	g, err := LoadFeaturizer(path)
	if err != nil {
		t.Fatal(err)
	}
	want := features(t, f, raw)
	if !slices.Equal(features(t, g, raw), want) || !slices.Equal(g.Names(), f.Names()) {
		t.Error("the featurizer changed on the way")
	}
	// One molecule at a time, as for prediction.
	for _, r := range []int{0, 299} {
		x, err := g.Transform(t.Context(), d.Mols()[r:r+1], 1)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(values(x), want[r*f.Cols():(r+1)*f.Cols()]) {
			t.Errorf("molecule %d has other features by itself", r)
		}
	}
	if err := f.Save(filepath.Join(path, "below", "a", "file")); err == nil {
		t.Error("saved below a file")
	}
}

// thisVersion is the version as a featurizer writes it.
var thisVersion = fmt.Sprintf(`"version":%d,`, featurizerVersion)

func TestFeaturizerRefusesFiles(t *testing.T) {
	_, raw := stand(t, 200, 0)
	good := encode(t, fit(t, raw, upTo(200)))
	for _, c := range []struct{ name, text, say string }{
		{"no JSON", "{", "JSON"},
		{"older", strings.Replace(good, thisVersion, `"version":1,`, 1), "version 1, this program computes features of version"},
		{"newer", strings.Replace(good, thisVersion, `"version":99,`, 1), "use the program that wrote it"},
		{"no version", strings.Replace(good, thisVersion, "", 1), "train again"},
		{"kind", strings.Replace(good, `"kind":"ecfp6"`, `"kind":"magic"`, 1), "magic"},
		{"twice", strings.Replace(good, `"kind":"fcfp4"`, `"kind":"ecfp6"`, 1), "twice"},
		{"columns", strings.Replace(good, `"ids":[`, `"ids":[1,`, 1), "family 0"},
		{"unknown value", strings.Replace(good, `"names":["`, `"names":["x`, 1), "does not compute"},
		{"none", `{` + thisVersion + `"families":[]}`, "no families"},
		{"null", `{` + thisVersion + `"families":[null]}`, "family 0"},
	} {
		path := filepath.Join(t.TempDir(), "f.json")
		if err := os.WriteFile(path, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := LoadFeaturizer(path)
		t.Run(c.name, func(t *testing.T) { wantError(t, err, path, c.say) })
	}
	_, err := LoadFeaturizer(filepath.Join(t.TempDir(), "absent.json"))
	wantError(t, err, "absent.json")
}

func TestFeaturizerRefuses(t *testing.T) {
	_, raw := stand(t, 50, 0)
	for name, rows := range map[string][]int{"none": nil, "too large": {50}, "negative": {-1}} {
		if _, err := raw.Fit(rows); err == nil {
			t.Errorf("rows %s: no error", name)
		}
	}
	for name, families := range map[string][]Family{
		"empty": {}, "unknown": {{Kind: "magic"}}, "twice": {{Kind: ECFP6}, {Kind: ECFP6}}, "negative": {{Kind: ECFP6, MinMolecules: -1}},
	} {
		if _, err := Compute(t.Context(), nil, families, 0); err == nil {
			t.Errorf("families %s: no error", name)
		}
	}
	only, err := Compute(t.Context(), make([]*chem.Mol, 3), []Family{{Kind: ECFP6, MinMolecules: 1}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = only.Fit(upTo(3))
	wantError(t, err, "common enough")
	_, err = fit(t, raw, upTo(50)).Features(only)
	wantError(t, err, "were not computed")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Compute(ctx, make([]*chem.Mol, 3), nil, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
}

// An unreadable compound must not disturb the others, and gets finite features.
func TestBlankMolecule(t *testing.T) {
	d, raw := stand(t, 200, 0)
	mols := d.Mols()
	want := features(t, fit(t, raw, upTo(199)), raw)
	mols[199] = nil
	blank, err := Compute(t.Context(), mols, quick, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := fit(t, blank, upTo(199))
	got := features(t, f, blank)
	n := 199 * f.Cols()
	if !slices.Equal(got[:n], want[:n]) {
		t.Error("other rows changed")
	}
	for c, v := range got[n:] {
		if v-v != 0 {
			t.Errorf("column %d is %v", c, v)
		}
	}
}

func encode(t testing.TB, f *Featurizer) string {
	t.Helper()
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func BenchmarkCompute(b *testing.B) {
	d := synthetic(b, 1)
	mols := d.Mols()[:500]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compute(b.Context(), mols, nil, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// Whatever a file says, it is refused or it works.
func FuzzFeaturizerJSON(f *testing.F) {
	fuzztest.Brief(f)
	mol, err := smiles.Parse("CCO")
	if err != nil {
		f.Fatal(err)
	}
	raw, err := Compute(f.Context(), []*chem.Mol{mol, nil}, []Family{{Kind: ECFP6, MinMolecules: 1}, {Kind: Descriptors}}, 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(encode(f, fit(f, raw, []int{0, 1}))))
	f.Add([]byte(`{"version":1,"families":[{"kind":"descriptors","names":["x"],"scaler":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = bytes.Replace(data, []byte(`"version":1,"families"`), []byte(thisVersion+`"families"`), 1) // the corpus outlives a version
		var g Featurizer
		if g.UnmarshalJSON(data) != nil {
			return
		}
		x, err := g.Transform(t.Context(), []*chem.Mol{mol}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(values(x)); n != g.Cols() {
			t.Errorf("%d features, %d columns", n, g.Cols())
		}
	})
}
