package chem

import "sync"

// workspace holds the scratch memory of sanitize, so that reading many molecules allocates little more than the molecules.
type workspace struct {
	atomA, atomB, atomC, atomD, atomE, atomF []int32 // one entry per atom
	bondA                                    []int32 // one entry per bond
	queue                                    []int32
	system                                   []int32 // atoms of the ring system at hand, rising
	found                                    []int32 // atoms of the rings found, ring by ring
	foundEnd                                 []int32 // end of each ring in found
	search                                   ringSearch
	arom                                     aromatizer
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}

// release gives the workspace back without the molecule.
func (w *workspace) release() {
	w.search.m, w.arom.m = nil, nil
	clear(w.arom.rings[:cap(w.arom.rings)])
	workspaces.Put(w)
}

// filled returns *s with length n, all entries v, reusing its memory.
func filled(s *[]int32, n int, v int32) []int32 {
	if cap(*s) < n {
		*s = make([]int32, n, n+n/2)
	}
	t := (*s)[:n]
	*s = t
	for i := range t {
		t[i] = v
	}
	return t
}
