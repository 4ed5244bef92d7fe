package ops

import (
	"testing"

	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// times multiplies by a factor.
func times(factor int) Def {
	return Def{Name: "Times", Attrs: []any{uint64(factor) * 0x9e3779b97f4a7c15}, Shape: SameShape, Float64: func(c *Call[float64]) error {
		kernel.ScaledDifference(c.Out, c.In[0], make([]float64, len(c.Out)), float64(factor))
		return nil
	}}
}

// Two ops on one input whose nodes would have the same hash of 32 bits are two nodes with two values.
func TestCollision(t *testing.T) {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float64, G.WithName("x"), G.WithShape(1, 1),
		G.WithValue(tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float64{1}))))
	seen := map[uint32]int{}
	for i := range 1 << 20 {
		o, err := newOp(builtin, times(i), tensor.Float64, []tensor.Shape{{1, 1}})
		if err != nil {
			t.Fatal(err)
		}
		hash := o.nodeHash([]*G.Node{x})
		other, ok := seen[hash]
		if seen[hash] = i; !ok {
			continue
		}
		factors := []int{other, i, other, i}
		var nodes []*G.Node
		for _, k := range factors {
			n, err := applyBuiltin(times(k), x)
			if err != nil {
				t.Fatal(err)
			}
			nodes = append(nodes, n)
		}
		if nodes[0].Hashcode() != hash || nodes[1].Hashcode() == hash || nodes[0] != nodes[2] || nodes[1] != nodes[3] {
			t.Errorf("nodes %v, want one for each op", nodes)
		}
		m := G.NewTapeMachine(g)
		defer m.Close()
		if err := m.RunAll(); err != nil {
			t.Fatal(err)
		}
		for k, n := range nodes {
			if got := n.Value().Data().([]float64)[0]; got != float64(factors[k]) {
				t.Errorf("times %d is %v", factors[k], got)
			}
		}
		return
	}
	t.Fatal("no two ops of one hash")
}
