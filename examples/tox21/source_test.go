package main

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// The source of networks is that of the compounds and labels, however they are divided, and has a short name.
func TestSource(t *testing.T) {
	made := func() *problem {
		return &problem{data: &tox21.Data{Notes: "some compounds (from somewhere): many", Compounds: []tox21.Compound{{ID: "a", SMILES: "C"}, {ID: "b", SMILES: "CC"}}}}
	}
	one := made().source()
	if one.Data != "some compounds" || len(one.SHA256) != 64 || strings.Join(one.Targets, " ") != strings.Join(tox21.Tasks(), " ") {
		t.Errorf("source %+v", one)
	}
	for name, c := range map[string]struct {
		change func(p *problem)
		same   bool
	}{
		"split":    {func(p *problem) { p.split, p.fit = random, []int{1} }, true},
		"fold":     {func(p *problem) { p.validation = 3 }, true},
		"label":    {func(p *problem) { p.data.Compounds[1].Labels[4] = 1 }, false},
		"molecule": {func(p *problem) { p.data.Compounds[0].SMILES = "N" }, false},
		"rows":     {func(p *problem) { p.data.Compounds = p.data.Compounds[:1] }, false},
	} {
		p := made()
		if c.change(p); (p.source().SHA256 == one.SHA256) != c.same {
			t.Errorf("%s: the same source: %v, want %v", name, !c.same, c.same)
		}
	}
}
