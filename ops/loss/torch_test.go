package loss_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/oracle"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// lossCase is one case of losses2.json.gz, or one of the losses in ops.json.gz, whose labels stand in the attributes.
type lossCase struct {
	Op    string `json:"op"`
	Attrs struct {
		Delta, Quantile, Smoothing, Gamma, Alpha float64
		Targets, Mask, Classes                   []float64
	}
	// Inputs have a gradient, Fixed have none.
	Inputs, Fixed, Grads map[string]oracle.Tensor
	Output, Upstream     oracle.Tensor
}

// lossOf adds the loss of a case. in returns an input by its name, nil if the case has none.
func lossOf(c lossCase, in func(name string) *G.Node) (*G.Node, error) {
	options := loss.CrossEntropyOptions{ClassWeights: c.Fixed["class_weights"].Data, Smoothing: c.Attrs.Smoothing}
	weights := in("weights")
	if mask := in("mask"); mask != nil {
		weights = mask
	}
	switch name := c.Op; {
	case strings.Contains(name, "l1"):
		return loss.MAE(in("x"), in("y"), weights)
	case strings.Contains(name, "mse"):
		return loss.MSE(in("x"), in("y"), weights)
	case strings.HasPrefix(name, "huber"):
		return loss.Huber(in("x"), in("y"), weights, c.Attrs.Delta)
	case strings.HasPrefix(name, "pinball"):
		return loss.Pinball(in("x"), in("y"), weights, c.Attrs.Quantile)
	case strings.HasPrefix(name, "multi_margin"):
		return loss.MultiMargin(in("logits"), in("classes"), weights)
	case strings.Contains(name, "cross_entropy") && in("labels") != nil:
		return loss.SoftCrossEntropy(in("logits"), in("labels"), weights, options)
	case strings.Contains(name, "cross_entropy"):
		return loss.CrossEntropy(in("logits"), in("classes"), weights, options)
	case strings.Contains(name, "bce"):
		return loss.BCE(in("logits"), in("targets"), weights, c.Fixed["pos_weight"].Data)
	case strings.HasPrefix(name, "focal"):
		return loss.Focal(in("logits"), in("targets"), weights, c.Attrs.Gamma, c.Attrs.Alpha)
	}
	return nil, fmt.Errorf("an unknown loss")
}

// TestPyTorchLosses compares losses and gradients with PyTorch's.
func TestPyTorchLosses(t *testing.T) {
	for _, name := range []string{"torch/losses2.json.gz", "torch/ops.json.gz"} {
		var file struct{ Cases []lossCase }
		oracle.ReadJSON(t, name, &file)
		tested := 0
		for _, c := range file.Cases {
			if name == "torch/ops.json.gz" && !strings.HasSuffix(c.Op, "_mean") {
				continue // no loss: a test of package ops
			}
			c.fix()
			testLoss(t, c, tensor.Float64, 1e-10)
			testLoss(t, c, tensor.Float32, 1e-5)
			tested++
		}
		if tested == 0 {
			t.Errorf("%s has no case of a loss", name)
		}
	}
}

// fix makes inputs without a gradient of the labels in the attributes.
func (c *lossCase) fix() {
	if c.Fixed == nil {
		c.Fixed = map[string]oracle.Tensor{}
	}
	for name, data := range map[string][]float64{"targets": c.Attrs.Targets, "mask": c.Attrs.Mask} {
		if data != nil {
			c.Fixed[name] = oracle.Tensor{Shape: c.Inputs["logits"].Shape, Data: data}
		}
	}
	if classes := c.Attrs.Classes; classes != nil {
		c.Fixed["classes"] = oracle.Tensor{Shape: []int{len(classes)}, Data: classes}
	}
}

func testLoss(t *testing.T, c lossCase, dtype tensor.Dtype, tolerance float64) {
	t.Helper()
	g := G.NewGraph()
	made := map[string]*G.Node{}
	input := func(name string) *G.Node {
		x, ok := c.Inputs[name]
		if !ok {
			x, ok = c.Fixed[name]
		}
		if made[name] == nil && ok {
			made[name] = G.NewTensor(g, dtype, len(x.Shape), G.WithName(name), G.WithShape(x.Shape...), G.WithValue(x.Dense(dtype)))
		}
		return made[name]
	}
	out, err := lossOf(c, input)
	if err != nil {
		t.Errorf("%s: %v", c.Op, err)
		return
	}
	upstream := G.NewScalar(g, dtype, G.WithName("upstream"), G.WithValue(scalarOf(dtype, c.Upstream.Data[0])))
	var names []string
	var wrt G.Nodes
	for name := range c.Grads {
		names, wrt = append(names, name), append(wrt, input(name))
	}
	grads, err := G.Backpropagate(G.Nodes{out}, G.Nodes{upstream}, wrt)
	if err != nil {
		t.Errorf("%s: %v", c.Op, err)
		return
	}
	m := G.NewTapeMachine(g)
	defer m.Close()
	if err := m.RunAll(); err != nil {
		t.Errorf("%s: %v", c.Op, err)
		return
	}
	compare(t, fmt.Sprintf("%s %v", c.Op, dtype), oracle.Floats(out.Value()), c.Output.Data, tolerance)
	for i, name := range names {
		compare(t, fmt.Sprintf("%s %v: gradient of %s", c.Op, dtype, name), oracle.Floats(grads[i].Value()), c.Grads[name].Data, tolerance)
	}
}
