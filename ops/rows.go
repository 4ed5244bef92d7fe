package ops

import (
	"fmt"

	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// RowsOf returns the rows that the last run of a row-sparse op has written, each once: those of the node's value that may differ from zero.
// Optimizers update no others. Do not change the slice, which is valid until the next run.
//
// ok is false if the op of n is not row-sparse, has not run, or may share its output with an op from another package that writes to it:
// then the value is still right, but any row of it may differ from zero.
func RowsOf(n *G.Node) (rows []int, ok bool) {
	if n == nil {
		return nil, false
	}
	if o, is := n.Op().(interface{ touchedRows() ([]int, bool) }); is {
		return o.touchedRows()
	}
	return nil, false
}

// Touch marks row r of Out as written by the run, where a row is all that has the first index r. It returns the position of r in Touched, and
// whether this is the first call for r in this run. It panics, which is an error of the op, if there is no row r or the op has not set
// Def.RowSparse. It is not safe for concurrent use.
func (c *Call[T]) Touch(r int) (at int, first bool) {
	if c.rows == nil {
		panic("Touch needs Def.RowSparse")
	}
	if uint(r) >= uint(len(c.rows.at)) {
		panic(fmt.Sprintf("Touch: row %d of %d", r, len(c.rows.at)))
	}
	return c.rows.touch(r)
}

// Touched returns the rows that this run has touched so far, in the order of their first calls of Touch.
func (c *Call[T]) Touched() []int {
	if c.rows == nil {
		return nil
	}
	return c.rows.list
}

// touched are the rows of a row-sparse output. The rest of the output is zero. The time and the memory that a run takes depend on the
// number of rows touched, not on those of the output: pages of at that no row has touched have no memory.
type touched struct {
	list   []int   // in this run
	before []int   // in the run before, until finish
	at     []int32 // by row: its position in list, from 1; 0 if it is not there
	all    bool    // any row may differ from zero
	ran    bool

	// The readers of the node that an op of another package may be among, and the size of the graph when they were looked up.
	foreign bool
	nodes   int
}

func newTouched(rows int) *touched { return &touched{at: make([]int32, rows)} }

func (t *touched) touch(r int) (at int, first bool) {
	if at := t.at[r]; at > 0 {
		return int(at) - 1, false
	}
	t.list = append(t.list, r)
	t.at[r] = int32(len(t.list))
	return len(t.list) - 1, true
}

// beginRows begins a run.
func (o *op[T]) beginRows() {
	t := o.call.rows
	o.finishRows() // of a run that has failed
	dirty := t.all
	if t.all = o.overwritable(); t.all || dirty {
		clear(o.call.Out)
	}
	for _, r := range t.list {
		t.at[r] = 0
	}
	t.list, t.before, t.ran = t.before[:0], t.list, false
}

// finishRows sets the rows to zero that only the run before has touched.
func (o *op[T]) finishRows() {
	t := o.call.rows
	width := len(o.call.Out) / len(t.at)
	for _, r := range t.before {
		if t.at[r] == 0 {
			clear(o.call.Out[r*width : (r+1)*width])
		}
	}
	t.before, t.ran = t.before[:0], true
}

func (o *op[T]) touchedRows() ([]int, bool) {
	t := o.call.rows
	if t == nil || !t.ran || t.all {
		return nil, false
	}
	if t.list == nil {
		return []int{}, true
	}
	return t.list, true
}

// overwritable reports whether an op of another package reads the output. The machine may let such an op write its result to the memory of
// its operand: then rows that no run has touched are not zero afterwards. It happens to the gradient of a table that is used twice, which
// Gorgonia adds up.
func (o *op[T]) overwritable() bool {
	t := o.call.rows
	if o.node == nil { // of a backward pass outside a graph, which reads it only
		return false
	}
	g := o.node.Graph()
	if n := len(g.AllNodes()); n != t.nodes {
		t.nodes, t.foreign = n, false
		for it := g.To(o.node.ID()); it.Next(); {
			if reader, ok := it.Node().(*G.Node); !ok || !readsOnly(reader.Op()) {
				t.foreign = true
			}
		}
	}
	return t.foreign
}

// readsOnly reports whether an op never writes to the memory of an operand, nor returns it.
func readsOnly(op G.Op) bool {
	switch op := op.(type) {
	case interface{ definition() Def }:
		return true
	case interface{ ReadsOnly() bool }:
		return op.ReadsOnly()
	}
	return fmt.Sprintf("%T", op) == "gorgonia.readOp"
}

// addRows adds the rows of v, those of a row-sparse value, to dst.
func addRows[T kernel.Float](dst, v []T, rows []int, count int) {
	width := len(v) / count
	for _, r := range rows {
		for j, x := range v[r*width : (r+1)*width] {
			dst[r*width+j] += x
		}
	}
}
