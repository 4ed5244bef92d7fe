// Package topology measures distances in bonds and classifies rings.
package topology

import "github.com/selfnorm/selfnorm/datasets/chem"

// Walker finds the distances from one atom to others, in bonds along the shortest path.
type Walker struct {
	m     *chem.Mol
	seen  []int32 // seen[j] is 1 + the last starting atom that reached j
	queue []int32
}

// NewWalker returns a Walker for m.
func NewWalker(m *chem.Mol) *Walker {
	return &Walker{m: m, seen: make([]int32, len(m.Atoms())), queue: make([]int32, 0, len(m.Atoms()))}
}

// From calls visit for each atom within 1 to limit bonds of atom i, nearest first. From and Nearest must be called at most
// once for each i, both together.
func (w *Walker) From(i, limit int, visit func(j int32, distance int)) {
	w.walk(i, limit, len(w.seen), visit)
}

// Nearest calls visit for the atoms around atom i, nearest first, as long as there are at most that many up to a distance.
// It returns the largest distance at which it visited all atoms.
func (w *Walker) Nearest(i, most int, visit func(j int32, distance int)) int {
	return w.walk(i, len(w.seen), most, visit)
}

func (w *Walker) walk(i, limit, most int, visit func(j int32, distance int)) int {
	mark := int32(i + 1)
	w.seen[i] = mark
	w.queue = append(w.queue[:0], int32(i))
	start, distance := 0, 0
	for distance < limit && start < len(w.queue) {
		end := len(w.queue)
		for _, a := range w.queue[start:end] {
			for _, nb := range w.m.Neighbors(int(a)) {
				if w.seen[nb.Atom] != mark {
					w.seen[nb.Atom] = mark
					w.queue = append(w.queue, nb.Atom)
					if len(w.queue)-1 > most {
						return distance
					}
				}
			}
		}
		distance++
		for _, j := range w.queue[end:] {
			visit(j, distance)
		}
		start = end
	}
	return distance
}
