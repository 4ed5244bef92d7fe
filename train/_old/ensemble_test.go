package train_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
)

var ringNet = graphs.SNN{Layers: 2, Units: 8, Outputs: 2}

// members is a configuration of short trainings, with seeds from 1.
func members(k int) (train.Config, error) {
	return train.Config{Loss: graphs.CrossEntropy, Epochs: 2, Batch: 32, Seed: uint64(k) + 1}, nil
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
	var out []train.Fold
	for _, f := range folds {
		out = append(out, train.Fold{Fit: f.Fit, Held: f.Held})
	}
	return out
}

// An ensemble predicts the mean of its members, with and without labels, and also after a round trip through a file.
func TestEnsembleMean(t *testing.T) {
	ctx, test := context.Background(), rings(50, 2)
	f, err := train.FitEnsemble(ctx, ringNet, rings(200, 1), train.EnsembleConfig{Members: 3, Member: members})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Ensemble) != 3 || len(f.Histories) != 3 || f.OutOfFold != nil {
		t.Fatalf("%d networks, %d histories, out of fold %v", len(f.Ensemble), len(f.Histories), f.OutOfFold)
	}
	want := make([]float64, 50*2)
	for _, m := range f.Ensemble {
		p, err := train.Predict(ctx, m.Layer, m.Params, test, m.Loss)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range p.Values {
			want[i] += v / 3
		}
	}
	path := filepath.Join(t.TempDir(), "ensemble.safetensors")
	if err := graphs.SaveAll(path, f.Ensemble, nil); err != nil {
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
		logLoss, err := train.LogLoss.Of(r)
		if err != nil || logLoss > r.Loss {
			t.Errorf("%s: the loss of the mean, %v, is above the mean of the losses, %v (%v)", name, logLoss, r.Loss, err)
		}
	}
}

// Members with different seeds differ; the same seed gives the network of a plain Fit.
func TestEnsembleSeeds(t *testing.T) {
	ctx, data := context.Background(), rings(100, 1)
	f, err := train.FitEnsemble(ctx, ringNet, data, train.EnsembleConfig{Members: 2, Member: members})
	if err != nil {
		t.Fatal(err)
	}
	config, _ := members(1)
	params, err := nn.NewParams(f.Ensemble[0].Params.Dtype(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := train.Fit(ctx, ringNet, params, data, config); err != nil {
		t.Fatal(err)
	}
	for _, p := range params.All() {
		same := func(m *graphs.Model) bool {
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
	f, err := train.FitEnsemble(ctx, ringNet, data, train.EnsembleConfig{
		Folds: folds, Member: members,
		Done: func(k int, m *graphs.Model, h *train.History, held *train.Result) error {
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
			m := f.Ensemble[k]
			p, err := train.Predict(ctx, m.Layer, m.Params, one, m.Loss)
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
	if accuracy, err := train.Accuracy.Of(f.OutOfFold); err != nil || accuracy < 0.5 {
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
		"no members":         {train.EnsembleConfig{Member: members}, "0 members"},
		"no configuration":   {train.EnsembleConfig{Members: 1}, "Member"},
		"folds and members":  {train.EnsembleConfig{Members: 2, Member: members, Folds: fold}, "1 folds for 2"},
		"nothing held out":   {train.EnsembleConfig{Member: members, Folds: []train.Fold{{Fit: []int{0}}}}, "member 1 of 1: a fold of 1"},
		"a row out of range": {train.EnsembleConfig{Member: members, Folds: []train.Fold{{Fit: []int{0, 10}, Held: []int{1}}}}, "row 10 of 10"},
		"a bad member": {train.EnsembleConfig{Members: 2, Member: func(k int) (train.Config, error) {
			c, err := members(k)
			c.Epochs = 1 - 2*k
			return c, err
		}}, "member 2 of 2: train: -1 epochs"},
		"stopped": {train.EnsembleConfig{Members: 2, Member: members, Done: func(int, *graphs.Model, *train.History, *train.Result) error {
			return stop
		}}, "member 1 of 2: enough"},
	} {
		if _, err := train.FitEnsemble(context.Background(), ringNet, rings(10, 1), test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that says %q", name, err, test.want)
		}
	}
	if _, err := (train.Ensemble{}).Predict(context.Background(), rings(10, 1), nil); err == nil {
		t.Error("an ensemble without members predicts")
	}
}

// Only results for the same labels have a mean; the values under missing labels do not matter.
func TestMeanResult(t *testing.T) {
	result := func(p, label, weight float64) *train.Result {
		return &train.Result{Predictions: train.Predictions{Rows: 1, Outputs: 1, Values: []float64{p}}, Labels: []float64{label}, Weights: []float64{weight}, Loss: p}
	}
	mean, err := train.MeanResult(result(0.2, 1, 1), result(0.6, 1, 1))
	if err != nil || mean.Values[0] != 0.4 || mean.Loss != 0.4 || mean.Labels[0] != 1 {
		t.Errorf("%+v, %v", mean, err)
	}
	if _, err := train.MeanResult(result(0.2, 1, 0), result(0.6, math.NaN(), 0)); err != nil {
		t.Error(err)
	}
	for name, other := range map[string]*train.Result{
		"another label": result(0.2, 0, 1), "another weight": result(0.2, 1, 0), "damaged": {Predictions: train.Predictions{Rows: 2, Outputs: 1}},
		"classes": {Predictions: train.Predictions{Rows: 1, Outputs: 1, Values: []float64{1}}, Labels: []float64{1}, Classes: true},
	} {
		if _, err := train.MeanResult(result(0.2, 1, 1), other); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := train.MeanResult(); err == nil {
		t.Error("no results have a mean")
	}
}

func ExampleFitEnsemble() {
	data, rows := rings(300, 1), make([]int, 300)
	for i := range rows {
		rows[i] = i
	}
	folds, err := datasets.KFold(rows, 3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	config := train.EnsembleConfig{Member: func(k int) (train.Config, error) {
		return train.Config{Loss: graphs.CrossEntropy, Epochs: 20, Batch: 32, Seed: uint64(k)}, nil
	}}
	for _, f := range folds {
		config.Folds = append(config.Folds, train.Fold{Fit: f.Fit, Held: f.Held})
	}
	ensemble, err := train.FitEnsemble(context.Background(), graphs.SNN{Layers: 3, Units: 32, Outputs: 2}, data, config)
	if err != nil {
		fmt.Println(err)
		return
	}
	accuracy, err := train.Accuracy.Of(ensemble.OutOfFold)
	fmt.Printf("%d networks; out of fold more than 95 %% of %d rows are right: %v\n", len(ensemble.Ensemble), ensemble.OutOfFold.Rows, accuracy > 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := ensemble.Evaluate(context.Background(), rings(200, 2), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	accuracy, err = train.Accuracy.Of(result)
	fmt.Printf("and more than 95 %% of new rows: %v %v\n", accuracy > 0.95, err)
	// Output:
	// 3 networks; out of fold more than 95 % of 300 rows are right: true
	// and more than 95 % of new rows: true <nil>
}
