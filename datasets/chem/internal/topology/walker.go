// Package topology measures distances in bonds and classifies rings.
package topology

import (
	"math"
	"slices"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Walker finds the distances from one atom to others, in bonds along the shortest path. The zero Walker is for no molecule; see Reset.
type Walker struct {
	first []int32 // the neighbours of atom i are near[first[i]:first[i+1]]
	near  []int32
	seen  []int32 // the last walk that reached each atom
	walks int32
	queue []Reached
}

// Reached is an atom with its distance.
type Reached struct{ Atom, Distance int32 }

// NewWalker returns a Walker for m.
func NewWalker(m *chem.Mol) *Walker {
	w := new(Walker)
	w.Reset(m)
	return w
}

// Reset prepares another molecule in the memory of the one before.
func (w *Walker) Reset(m *chem.Mol) {
	n := len(m.Atoms())
	w.first, w.near = append(w.first[:0], 0), w.near[:0]
	for i := range n {
		for _, nb := range m.Neighbors(i) {
			w.near = append(w.near, nb.Atom)
		}
		w.first = append(w.first, int32(len(w.near)))
	}
	if n > len(w.seen) {
		w.seen = append(w.seen, make([]int32, n-len(w.seen))...)
	}
	w.queue = slices.Grow(w.queue[:0], n)
}

// Neighbors returns the atoms bonded to atom i.
func (w *Walker) Neighbors(i int) []int32 { return w.near[w.first[i]:w.first[i+1]] }

// From returns the atoms within 1 to limit bonds of atom i, nearest first. The slice is used again by the next call.
func (w *Walker) From(i, limit int) []Reached {
	near, _ := w.walk(i, limit, len(w.seen))
	return near
}

// Nearest returns the atoms around atom i, nearest first, as long as there are at most that many up to a distance, and
// the largest distance at which it has all atoms. The slice is used again by the next call.
func (w *Walker) Nearest(i, most int) ([]Reached, int) { return w.walk(i, len(w.seen), most) }

func (w *Walker) walk(i, limit, most int) ([]Reached, int) {
	if w.walks == math.MaxInt32 {
		clear(w.seen)
		w.walks = 0
	}
	w.walks++
	mark, seen := w.walks, w.seen
	seen[i] = mark
	queue := append(w.queue[:0], Reached{Atom: int32(i)})
	level := 1 // where the atoms begin that are as far as the last one
	for k := 0; k < len(queue); k++ {
		from := queue[k]
		if int(from.Distance) == limit {
			break
		}
		for _, a := range w.near[w.first[from.Atom]:w.first[from.Atom+1]] {
			if seen[a] == mark {
				continue
			}
			seen[a] = mark
			if queue[len(queue)-1].Distance == from.Distance {
				level = len(queue)
			}
			if queue = append(queue, Reached{a, from.Distance + 1}); len(queue)-1 > most {
				return queue[1:level], int(from.Distance)
			}
		}
	}
	return queue[1:], int(queue[len(queue)-1].Distance)
}
