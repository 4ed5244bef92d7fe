package ops

import (
	"runtime"
	"sync"
	"weak"

	G "gorgonia.org/gorgonia"
)

// nodeIndex finds the nodes of a graph by their hash, so that adding an op does not look at all others. It holds no pointers to nodes, which
// would keep the graph alive.
type nodeIndex struct {
	sync.Mutex
	seen   int   // number of nodes in the index
	last   int64 // ID of the last of them
	byHash map[uint32][]int
}

// indexes holds the index of each graph that ops are added to, as long as the graph is in use.
var indexes sync.Map // of *nodeIndex by weak.Pointer[G.ExprGraph]

func indexOf(g *G.ExprGraph) *nodeIndex {
	key := weak.Make(g)
	if x, ok := indexes.Load(key); ok {
		return x.(*nodeIndex)
	}
	x, found := indexes.LoadOrStore(key, &nodeIndex{})
	if !found {
		runtime.AddCleanup(g, func(key weak.Pointer[G.ExprGraph]) { indexes.Delete(key) }, key)
	}
	return x.(*nodeIndex)
}

// withHash returns the nodes of the graph with that hash. Graphs only grow, but for a node that a user removes: then all are looked at again.
func withHash(g *G.ExprGraph, hash uint32) (nodes []*G.Node) {
	x := indexOf(g)
	x.Lock()
	defer x.Unlock()
	all := g.AllNodes()
	if x.byHash == nil || x.seen > len(all) || x.seen > 0 && all[x.seen-1].ID() != x.last {
		x.seen, x.byHash = 0, map[uint32][]int{}
	}
	for ; x.seen < len(all); x.seen++ {
		h := all[x.seen].Hashcode()
		x.byHash[h] = append(x.byHash[h], x.seen)
		x.last = all[x.seen].ID()
	}
	for _, i := range x.byHash[hash] {
		nodes = append(nodes, all[i])
	}
	return nodes
}
