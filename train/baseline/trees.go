package baseline

import (
	"math"

	"github.com/pkg/errors"
)

// trees is a trained tree or forest. A score is the mean over the trees.
type trees struct {
	name             string
	columns, classes int
	nodes            []step    // tree after tree, each in preorder: the left side of a split follows it
	roots            []int32   // indices of nodes
	shares           []float64 // of the classes: the different leaves, one after the other
}

// step is a split, or a leaf if column is negative.
type step struct {
	threshold float64
	column    int32
	next      int32 // the node of the right side; of a leaf, its index in shares in units of classes
}

// collect puts trees that have grown together.
func collect(name string, columns, classes int, all []*grown) (*trees, error) {
	t := &trees{name: name, columns: columns, classes: classes}
	total := 0
	for _, one := range all {
		total += len(one.nodes)
	}
	if total > math.MaxInt32 {
		return nil, errors.Errorf("baseline: %s: the trees have %d nodes, which is too many; set MinLeaf or MaxDepth", name, total)
	}
	t.nodes = make([]step, 0, total)
	known := map[string]int32{}
	for i, one := range all {
		root := len(t.nodes)
		t.roots = append(t.roots, int32(root))
		for _, n := range one.nodes {
			if n.left > 0 {
				t.nodes = append(t.nodes, step{n.threshold, int32(n.column), int32(root + n.right)})
			} else {
				t.nodes = append(t.nodes, step{column: -1, next: t.leaf(n.counts, known)})
			}
		}
		all[i] = nil
	}
	return t, nil
}

// leaf returns the index of the shares of a leaf.
func (t *trees) leaf(weights []float64, known map[string]int32) int32 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	shares := make([]float64, len(weights))
	key := make([]byte, 0, 8*len(weights))
	for k, w := range weights {
		shares[k] = w / total
		key = appendBits(key, shares[k])
	}
	if at, ok := known[string(key)]; ok {
		return at
	}
	at := int32(len(t.shares) / t.classes)
	t.shares = append(t.shares, shares...)
	known[string(key)] = at
	return at
}

func appendBits(to []byte, v float64) []byte {
	b := math.Float64bits(v)
	return append(to, byte(b), byte(b>>8), byte(b>>16), byte(b>>24), byte(b>>32), byte(b>>40), byte(b>>48), byte(b>>56))
}

// scoredRows is the number of rows that go through a tree while it is in the cache.
const scoredRows = 64

// Scores implements Classifier.
func (t *trees) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(t.name, x, t.columns); err != nil {
		return nil, err
	}
	scores := make([]float64, x.Rows*t.classes)
	for lo := 0; lo < x.Rows; lo += scoredRows {
		hi := min(lo+scoredRows, x.Rows)
		for _, root := range t.roots {
			for i := lo; i < hi; i++ {
				out := scores[i*t.classes : (i+1)*t.classes]
				for k, share := range t.of(x.row(i), root) {
					out[k] += share
				}
			}
		}
	}
	for i := range scores {
		scores[i] /= float64(len(t.roots))
	}
	return scores, nil
}

// of returns the shares of the leaf of a row in a tree.
func (t *trees) of(row []float64, root int32) []float64 {
	at := root
	n := &t.nodes[at]
	for n.column >= 0 {
		if row[n.column] <= n.threshold {
			at++
		} else {
			at = n.next
		}
		n = &t.nodes[at]
	}
	return t.shares[int(n.next)*t.classes : (int(n.next)+1)*t.classes]
}

// Leaves returns the number of leaves of all trees.
func (t *trees) Leaves() int {
	leaves := 0
	for _, n := range t.nodes {
		if n.column < 0 {
			leaves++
		}
	}
	return leaves
}

// grown is a tree before it becomes a part of a classifier. Its nodes are in preorder.
type grown struct{ nodes []node }
