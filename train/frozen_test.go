package train_test

import (
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// changed returns the names of the parameters whose bits differ.
func changed(a, b *nn.Params) (names []string) {
	for _, p := range a.All() {
		if !slices.Equal(traintest.Bits(p.Value), traintest.Bits(b.Get(p.Name).Value)) {
			names = append(names, p.Name)
		}
	}
	return names
}

// Frozen layers keep their bits, running statistics too if all of a layer is frozen, whatever else the run does.
func TestFrozen(t *testing.T) {
	for name, layer := range map[string]nn.Layer{
		"SNN": graphs.SNN{Layers: 3, Units: 8, Outputs: 3, Dropout: 0.1}, "BatchNorm": graphs.BatchNorm{Layers: 3, Units: 8, Outputs: 3, Dropout: 0.1},
		"WeightNorm": graphs.WeightNorm{Layers: 3, Units: 8, Outputs: 3}, "ResNet": graphs.ResNet{Hidden: graphs.Hidden{Layers: 3, Units: 8, Outputs: 3}},
	} {
		for _, more := range []train.Config{{}, {Average: 0.9}, {Accumulate: 3}, {Optimizer: optim.ClipNorm{Rule: optim.SGD{Rate: 0.1, Momentum: 0.9}, Max: 1}}} {
			net := newNetwork(t, layer, 2, graphs.CrossEntropy, 1)
			before := net.Clone()
			c := more
			c.Epochs, c.Batch, c.Validation = 3, 10, spirals(20, 2)
			c.Groups = []optim.Group{{Match: []string{"hidden1.*", "hidden2.*"}, Frozen: true}}
			c.Callbacks = []train.Callback{&callback.EarlyStopping{}}
			fit(t, net, spirals(60, 1), c)
			all := changed(net.Params, before.Params)
			if slices.ContainsFunc(all, func(n string) bool { return n[:7] != "hidden3" && n[:6] != "output" }) || !slices.Contains(all, "output.weight") {
				t.Errorf("%s: %v have changed", name, all)
			}
			for _, p := range before.Params.All() {
				if p.Name[:7] == "hidden3" && !slices.Contains(all, p.Name) && name != "ResNet" {
					t.Errorf("%s: %s has not changed", name, p.Name)
				}
			}
		}
	}
}

// If a part of a layer learns, its running statistics change too.
func TestFrozenPart(t *testing.T) {
	net := newNetwork(t, graphs.BatchNorm{Layers: 2, Units: 8, Outputs: 3}, 2, graphs.CrossEntropy, 1)
	before := net.Clone()
	fit(t, net, spirals(60, 1), train.Config{Groups: []optim.Group{{Match: []string{"*.gamma"}, Frozen: true}}})
	all := changed(net.Params, before.Params)
	if slices.Contains(all, "hidden1.batchnorm1.gamma") || !slices.Contains(all, "hidden1.batchnorm1.mean") || !slices.Contains(all, "hidden1.batchnorm1.beta") {
		t.Errorf("%v have changed", all)
	}
}

// Fine-tuning: the body of a trained network under a new head, first frozen, then with a rate of its own.
func TestFineTuning(t *testing.T) {
	body := newNetwork(t, graphs.SNN{Layers: 2, Units: 32, Outputs: 3}, 2, graphs.CrossEntropy, 1)
	fit(t, body, spirals(400, 1), train.Config{Epochs: 20, Batch: 50, Optimizer: optim.Adam{Rate: 0.01}})

	two := spirals(300, 5) // another task: is it class 0?
	two.Y = vector(300, func(i int) float64 { return float64(min(1, int(two.Y.Float32s()[i]))) })
	net := newNetwork(t, graphs.SNN{Layers: 2, Units: 32, Outputs: 2}, 2, graphs.CrossEntropy, 2)
	names, err := net.Params.CopyMatching(body.Params, "hidden*")
	if err != nil || len(names) != 4 {
		t.Fatalf("copied %v (%v)", names, err)
	}
	h := fit(t, net, two, train.Config{Epochs: 10, Batch: 50, Optimizer: optim.Adam{Rate: 0.02}, Groups: []optim.Group{{Match: []string{"hidden*"}, Frozen: true}}})
	for _, p := range body.Params.All() {
		if p.Name[:6] == "hidden" && !slices.Equal(traintest.Bits(p.Value), traintest.Bits(net.Params.Get(p.Name).Value)) {
			t.Errorf("%s has changed", p.Name)
		}
	}
	if last := h.Epochs[9].Loss; last > 0.8*h.Epochs[0].Loss {
		t.Errorf("the head does not learn: loss %v after %v", last, h.Epochs[0].Loss)
	}
	h = fit(t, net, two, train.Config{Epochs: 5, Batch: 50, Optimizer: optim.Adam{Rate: 0.01}, Groups: []optim.Group{{Match: []string{"hidden*"}, RateFactor: 0.1}}})
	if len(changed(net.Params, body.Params)) == 0 || h.Epochs[4].Loss > h.Epochs[0].Loss {
		t.Errorf("losses %v and %v", h.Epochs[0].Loss, h.Epochs[4].Loss)
	}
}

// A configuration is a value: used twice it gives the same bits, whatever the optimizer.
func TestConfigTwice(t *testing.T) {
	for _, name := range optim.Names() {
		rule, err := optim.ByName(name, 0.01, 0.1)
		if err != nil {
			t.Fatal(err)
		}
		c := train.Config{Epochs: 2, Batch: 16, Seed: 3, Optimizer: rule, Schedule: optim.OneCycle{}, Average: 0.5, Accumulate: 2}
		one, two := newNetwork(t, network, 2, graphs.CrossEntropy, 1), newNetwork(t, network, 2, graphs.CrossEntropy, 1)
		fit(t, one, spirals(50, 1), c)
		fit(t, two, spirals(50, 1), c)
		sameBits(t, name, two.Params, one.Params)
	}
}
