package graphs

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// keep is an op that computes nothing. It reads operand and the result of reader, so the machine runs it after reader and keeps operand
// alive until then.
type keep struct{ operand, reader *G.Node }

var _ G.Op = keep{}

func (keep) Arity() int { return 2 }

// Type is the function type of the op. Gorgonia changes it, so each call returns a new one.
func (k keep) Type() hm.Type {
	return hm.NewFnType(k.operand.Type(), k.reader.Type(), tensor.Float64)
}

func (keep) InferShape(...G.DimSizer) (tensor.Shape, error) { return tensor.ScalarShape(), nil }
func (keep) ReturnsPtr() bool                               { return false }
func (keep) CallsExtern() bool                              { return false }
func (keep) OverwritesInput() int                           { return -1 }
func (keep) String() string                                 { return "Keep" }

// ReadsOnly reports that the op leaves its operands alone; see ops.RowsOf.
func (keep) ReadsOnly() bool { return true }

var nothing = G.NewF64(0)

func (keep) Do(...G.Value) (G.Value, error) { return nothing, nil }

// WriteHash makes two keeps of different nodes different.
func (k keep) WriteHash(h hash.Hash) {
	fmt.Fprintf(h, "selfnorm keep %d %d", k.operand.ID(), k.reader.ID())
}

func (k keep) Hashcode() uint32 {
	h := fnv.New32a()
	k.WriteHash(h)
	return h.Sum32()
}
