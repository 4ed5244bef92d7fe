package serve

import (
	"cmp"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// Predictions for test compounds are worse, the farther the training compounds are. SELFNORM_MODEL names a file of examples/tox21 that was trained on the official split.
func TestFarther(t *testing.T) {
	path := os.Getenv("SELFNORM_MODEL")
	if path == "" {
		t.Skip("SELFNORM_MODEL names no model")
	}
	m, err := Load(path, "")
	if err != nil {
		t.Fatal(err)
	}
	d, err := tox21.Embedded(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	<-beginReference()
	known, _ := referenceOf(t.Context(), m.networks[0])
	if known == nil {
		t.Fatal("no training compounds")
	}
	type compound struct{ similarity, loss, labels float64 }
	var all []compound
	for _, c := range d.Compounds {
		parent, err := smiles.Parse(c.Parent)
		if err != nil || c.Mol == nil || c.Part != datasets.Test {
			continue
		}
		_, f, err := m.task.(*molecules).one(t.Context(), c.SMILES)
		if err != nil {
			t.Fatal(err)
		}
		p, err := m.predict(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		var one compound
		one.similarity, _ = known.nearest(printOf(parent))
		for k, y := range c.Labels {
			if y == y {
				q := min(max(p[k], 1e-6), 1-1e-6)
				one.loss -= float64(y)*math.Log(q) + float64(1-y)*math.Log1p(-q)
				one.labels++
			}
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b compound) int { return cmp.Compare(a.similarity, b.similarity) })
	last := math.Inf(1)
	for third := range 3 {
		part := all[third*len(all)/3 : (third+1)*len(all)/3]
		loss, labels := 0.0, 0.0
		for _, c := range part {
			loss += c.loss
			labels += c.labels
		}
		t.Logf("similarity %.2f to %.2f: log loss %.3f", part[0].similarity, part[len(part)-1].similarity, loss/labels)
		if loss/labels > last {
			t.Error("it is not worse farther away")
		}
		last = loss / labels
	}
}
