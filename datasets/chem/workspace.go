package chem

import (
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/matching"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/rings"
)

// workspace holds the scratch memory of New, so that reading many molecules allocates little more than the molecules.
type workspace struct {
	next    []int32 // of link
	seen    []int32 // of checkRepeats
	needs   []int32 // of kekulize, per atom
	usable  []bool  // of kekulize, per bond
	rings   rings.Workspace
	pairing matching.Matching
	arom    aromatizer
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// release gives the workspace back without the molecule.
func (w *workspace) release() {
	w.rings.Release()
	w.pairing.Release()
	w.arom.m = nil
	clear(w.arom.rings[:cap(w.arom.rings)])
	workspaces.Put(w)
}
