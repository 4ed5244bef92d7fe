package train_test

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

var ringNet = graphs.SNN{Layers: 2, Units: 8, Outputs: 2}

// members is a configuration of short trainings, with seeds from 1.
func members(k int) (train.Config, error) {
	return train.Config{Epochs: 2, Batch: 32, Seed: uint64(k) + 1, Warn: func(string) {}}, nil
}

// ringNets are their networks.
func ringNets(k int) (*graphs.Network, error) {
	return graphs.New(ringNet, graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(uint64(k)+1))
}

func ringFolds(t testing.TB, rows, k int) []train.Fold {
	t.Helper()
	all := make([]int, rows)
	for i := range all {
		all[i] = i
	}
	folds, err := datasets.KFold(all, k, 1)
	if err != nil {
		t.Fatal(err)
	}
	return folds
}

// An ensemble predicts the mean of its members, with and without labels, and also after a round trip through a file.
func TestEnsembleMean(t *testing.T) {
	ctx, test := context.Background(), rings(50, 2)
	f, err := train.FitEnsemble(ctx, rings(200, 1), train.EnsembleConfig{Members: 3, Network: ringNets, Config: members})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Ensemble) != 3 || len(f.Histories) != 3 || f.OutOfFold != nil {
		t.Fatalf("%d networks, %d histories, out of fold %v", len(f.Ensemble), len(f.Histories), f.OutOfFold)
	}
	want := make([]float64, 50*2)
	for _, m := range f.Ensemble {
		p, err := train.Predict(ctx, m, test)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range p.Values {
			want[i] += v / 3
		}
	}
	path := filepath.Join(t.TempDir(), "ensemble.safetensors")
	if err := graphs.SaveAll(path, f.Ensemble); err != nil {
		t.Fatal(err)
	}
	loaded, err := graphs.LoadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, e := range map[string]train.Ensemble{"trained": f.Ensemble, "loaded": loaded} {
		p, err := e.Predict(ctx, test, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Evaluate(ctx, test, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range want {
			if math.Abs(p.Values[i]-v) > 1e-12 || p.Values[i] != r.Values[i] {
				t.Errorf("%s: prediction %d is %v and %v, want %v", name, i, p.Values[i], r.Values[i], v)
			}
		}
		logLoss, err := metric.LogLoss.Compute(r)
		if err != nil || logLoss > r.Loss {
			t.Errorf("%s: the loss of the mean, %v, is above the mean of the losses, %v (%v)", name, logLoss, r.Loss, err)
		}
	}
}

// Members with different seeds differ; the same seed gives the network of a plain Fit.
func TestEnsembleSeeds(t *testing.T) {
	ctx, data := context.Background(), rings(100, 1)
	f, err := train.FitEnsemble(ctx, data, train.EnsembleConfig{Members: 2, Network: ringNets, Config: members})
	if err != nil {
		t.Fatal(err)
	}
	config, _ := members(1)
	net := newNetwork(t, ringNet, 2, graphs.CrossEntropy, 2)
	fit(t, net, data, config)
	for _, p := range net.Params.All() {
		same := func(m *graphs.Network) bool {
			return slices.Equal(m.Params.Get(p.Name).Value.Float32s(), p.Value.Float32s())
		}
		if !same(f.Ensemble[1]) {
			t.Errorf("%s is not that of the plain run", p.Name)
		}
		if strings.HasSuffix(p.Name, "weight") && same(f.Ensemble[0]) {
			t.Errorf("%s is the same for two seeds", p.Name)
		}
	}
}

// Out of fold, each row is predicted once, by the network that was not trained on it, which also validates on it.
func TestEnsembleFolds(t *testing.T) {
	ctx, data := context.Background(), rings(101, 1)
	folds := ringFolds(t, 101, 4)
	losses := map[int]float64{}
	f, err := train.FitEnsemble(ctx, data, train.EnsembleConfig{
		Folds: folds, Network: ringNets, Config: members,
		Done: func(k int, m *graphs.Network, h *train.History, held *train.Result) error {
			losses[k] = held.Loss
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen, sum := map[int]bool{}, 0.0
	for i, row := range f.HeldRows {
		if seen[row] {
			t.Errorf("row %d is held out twice", row)
		}
		seen[row] = true
		for k, fold := range folds {
			if !slices.Contains(fold.Held, row) {
				continue
			}
			one, err := train.Subset(data, []int{row})
			if err != nil {
				t.Fatal(err)
			}
			p, err := train.Predict(ctx, f.Ensemble[k], one)
			if err != nil || math.Abs(p.Values[0]-f.OutOfFold.Row(i)[0]) > 1e-6 {
				t.Fatalf("row %d: %v out of fold, member %d says %v (%v)", row, f.OutOfFold.Row(i), k, p, err)
			}
			sum += losses[k]
		}
	}
	if len(seen) != 101 || f.OutOfFold.Rows != 101 {
		t.Errorf("%d rows were held out", len(seen))
	}
	if want := sum / 101; math.Abs(f.OutOfFold.Loss-want) > 1e-9 {
		t.Errorf("loss %v, want %v", f.OutOfFold.Loss, want)
	}
	for k, h := range f.Histories {
		if last := h.Epochs[len(h.Epochs)-1].ValidationLoss; last != losses[k] {
			t.Errorf("member %d: validation loss %v, held out %v", k, last, losses[k])
		}
	}
	if accuracy, err := metric.Accuracy.Compute(f.OutOfFold); err != nil || accuracy < 0.5 {
		t.Errorf("accuracy %v, %v", accuracy, err)
	}
}

func TestEnsembleErrors(t *testing.T) {
	stop := errors.New("enough")
	fold := []train.Fold{{Fit: []int{0, 1}, Held: []int{2}}}
	for name, test := range map[string]struct {
		config train.EnsembleConfig
		want   string
	}{
		"no members":         {train.EnsembleConfig{Network: ringNets, Config: members}, "0 members"},
		"absurd":             {train.EnsembleConfig{Members: math.MaxInt, Network: ringNets, Config: members}, "members"},
		"no configuration":   {train.EnsembleConfig{Members: 1, Network: ringNets}, "Config"},
		"network is nil":     {train.EnsembleConfig{Members: 1, Config: members}, "Network"},
		"folds and members":  {train.EnsembleConfig{Members: 2, Network: ringNets, Config: members, Folds: fold}, "1 folds for 2"},
		"nothing held out":   {train.EnsembleConfig{Network: ringNets, Config: members, Folds: []train.Fold{{Fit: []int{0}}}}, "member 1 of 1: a fold of 1"},
		"a row out of range": {train.EnsembleConfig{Network: ringNets, Config: members, Folds: []train.Fold{{Fit: []int{0, 10}, Held: []int{1}}}}, "row 10 of 10"},
		"a bad member": {train.EnsembleConfig{Members: 2, Network: ringNets, Config: func(k int) (train.Config, error) {
			c, err := members(k)
			c.Epochs = 1 - 2*k
			return c, err
		}}, "member 2 of 2: train: Config.Epochs is -1"},
		"a nil network": {train.EnsembleConfig{Members: 1, Network: func(int) (*graphs.Network, error) { return nil, nil }, Config: members}, "network is nil"},
		"a panic":       {train.EnsembleConfig{Members: 1, Network: func(int) (*graphs.Network, error) { panic("broken") }, Config: members}, "broken"},
		"stopped": {train.EnsembleConfig{Members: 2, Network: ringNets, Config: members, Done: func(int, *graphs.Network, *train.History, *train.Result) error {
			return stop
		}}, "member 1 of 2: enough"},
	} {
		if _, err := train.FitEnsemble(context.Background(), rings(10, 1), test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, test.want)
		}
	}
	if _, err := (train.Ensemble{}).Predict(context.Background(), rings(10, 1), nil); err == nil {
		t.Error("an ensemble without members predicts")
	}
}
