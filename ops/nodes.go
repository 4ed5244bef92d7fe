package ops

import (
	"runtime"
	"sync"
	"weak"

	G "gorgonia.org/gorgonia"
)

// nodeIndex finds the nodes of a graph by their hash, so that adding an op does not look at all others.
type nodeIndex struct {
	sync.Mutex
	seen   int     // number of nodes in the index
	last   *G.Node // the last of them
	byHash map[uint32][]*G.Node
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

// nodesByHash returns the index of the nodes that the graph has now. Graphs only grow, but for a node that a user removes: then all is
// looked at again.
func nodesByHash(g *G.ExprGraph) map[uint32][]*G.Node {
	x := indexOf(g)
	x.Lock()
	defer x.Unlock()
	all := g.AllNodes()
	if x.byHash == nil || x.seen > len(all) || x.seen > 0 && all[x.seen-1] != x.last {
		x.seen, x.last, x.byHash = 0, nil, map[uint32][]*G.Node{}
	}
	for ; x.seen < len(all); x.seen++ {
		x.last = all[x.seen]
		x.byHash[x.last.Hashcode()] = append(x.byHash[x.last.Hashcode()], x.last)
	}
	return x.byHash
}
