package train_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/data"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/internal/vm"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

var houses = traintest.Houses

// Both outputs learn, and the history holds the losses of each, whose weighted sum is the loss of the network.
func TestSeveralLearn(t *testing.T) {
	net := traintest.NewBranches(t)
	c := train.Config{
		Epochs: 30, Batch: 32, Optimizer: optim.Adam{Rate: 0.01}, Validation: houses(80, 2), TrainingMetrics: true,
		Metrics: []metric.Metric{metric.Accuracy, metric.RMSE.For("price"), metric.Loss.For("price")},
	}
	h := fit(t, net, houses(300, 1), c)
	if !slices.Equal(h.Outputs, []string{"kind", "price"}) || !slices.Equal(h.Metrics, []string{"accuracy", "price RMSE", "price loss"}) {
		t.Errorf("outputs %q, metrics %q", h.Outputs, h.Metrics)
	}
	first, last := h.Epochs[0], h.Epochs[29]
	for i := range 2 {
		before, validatedBefore := first.OutputLoss(i)
		after, validatedAfter := last.OutputLoss(i)
		if !(after < 0.8*before) || !(validatedAfter < 0.9*validatedBefore) {
			t.Errorf("%s: training loss %v after %v, validation loss %v after %v", h.Outputs[i], after, before, validatedAfter, validatedBefore)
		}
	}
	for _, e := range h.Epochs {
		for what, pair := range map[string][2]float64{
			"training": {e.Outputs.Training[0] + 2*e.Outputs.Training[1], e.Loss}, "validation": {e.Outputs.Validation[0] + 2*e.Outputs.Validation[1], e.ValidationLoss},
			"training rows": {e.Training.Losses[0] + 2*e.Training.Losses[1], e.Training.Loss}, "metric": {e.ValidationMetrics[2], e.Outputs.Validation[1]},
			"monitored": {e.ValidationMetric, e.ValidationLoss},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-6*math.Abs(pair[1]) {
				t.Errorf("epoch %d, %s: loss %v, want %v", e.Number, what, pair[0], pair[1])
			}
		}
	}
}

// The loss of an evaluation is that of one graph of all rows, whatever is missing and however many blocks there are.
func TestSeveralLoss(t *testing.T) {
	for _, rows := range []int{3, 50, 1024, 1500} {
		net, d := traintest.NewBranches(t, graphs.Dtype(tensor.Float64)), houses(rows, 3)
		g, err := net.Build(net.Config(graphs.Evaluate, rows))
		if err != nil {
			t.Fatal(err)
		}
		m, err := vm.New(g)
		if err != nil {
			t.Fatal(err)
		}
		all := make([]int, rows)
		for i := range all {
			all[i] = i
		}
		if err := data.Gather(d, all, m.Slot(0)); err != nil {
			t.Fatal(err)
		}
		if err := m.Run(); err != nil {
			t.Fatal(err)
		}
		r := evaluate(t, net, d)
		if err := r.Check(); err != nil {
			t.Error(err)
		}
		for i, part := range r.Parts {
			if math.Abs(part.Loss-m.OutputLoss(i)) > 1e-12 {
				t.Errorf("%d rows, %s: loss %v, the graph says %v", rows, part.Name, part.Loss, m.OutputLoss(i))
			}
		}
		if math.Abs(r.Loss-m.Loss()) > 1e-12 || r.Output("price").Weights[0] != 0 {
			t.Errorf("%d rows: loss %v, the graph says %v", rows, r.Loss, m.Loss())
		}
		m.Close()
	}
}

// Predictions by name are those of the parts of an evaluation; the first output is also the prediction itself. Ensembles average each output.
func TestSeveralPredictions(t *testing.T) {
	d := houses(40, 3)
	var ensemble train.Ensemble
	var values [2][]float64
	for k := range 2 {
		net := traintest.NewBranches(t, graphs.Seed(uint64(k+5)))
		ensemble = append(ensemble, net)
		p, err := train.Predict(t.Context(), net, d)
		if err != nil {
			t.Fatal(err)
		}
		r := evaluate(t, net, d)
		for _, name := range []string{"kind", "price"} {
			if !cmp.Equal(p.Output(name).Values, r.Output(name).Values) {
				t.Errorf("%s: predictions and evaluation differ", name)
			}
		}
		if !cmp.Equal(p.Values, p.Output("kind").Values) || p.Output("price").Outputs != 1 || p.Output("y") != nil {
			t.Errorf("predictions %+v", p)
		}
		values[k] = p.Output("price").Values
	}
	p, err := ensemble.Predict(t.Context(), d, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	r, err := ensemble.Evaluate(t.Context(), d, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range p.Output("price").Values {
		if want := (values[0][i] + values[1][i]) / 2; v != want || r.Output("price").Values[i] != want {
			t.Errorf("row %d: mean %v, want %v", i, v, want)
		}
	}
	fitted, err := train.FitEnsemble(t.Context(), d, train.EnsembleConfig{
		Folds:   []train.Fold{{Fit: []int{0, 1, 2, 3, 4, 5, 6, 7}, Held: []int{8, 9, 11}}, {Fit: []int{8, 9, 10, 11, 12, 13}, Held: []int{0, 1, 2}}},
		Network: func(int) (*graphs.Network, error) { return traintest.NewBranches(t), nil },
		Config:  func(int) (train.Config, error) { return train.Config{Warn: func(string) {}}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if price := fitted.OutOfFold.Output("price"); price.Rows != 6 || fitted.OutOfFold.Check() != nil {
		t.Errorf("out of fold %+v", price)
	}
}

// houseSet is a data set of the rows of houses.
func houseSet(t *testing.T, d train.Named) *datasets.Set {
	t.Helper()
	n := d.Len()
	numbers, err := datasets.NewDense(n, 3, d.Features[0].X.Float32s())
	if err != nil {
		t.Fatal(err)
	}
	var town []float32
	for _, c := range d.Features[1].Categories {
		town = append(town, float32(c))
	}
	towns, err := datasets.NewDense(n, 1, town)
	if err != nil {
		t.Fatal(err)
	}
	return &datasets.Set{
		Name: "houses", InputName: "numbers", OutputName: "kind", Features: numbers, FeatureNames: d.Features[0].Columns,
		Tasks: []string{"kind"}, Classes: []string{"hut", "house", "tower"}, Labels: d.Targets[0].Y.Float32s(),
		MoreInputs:  []datasets.Input{{Name: "town", Kind: batch.Category, Categories: traintest.Towns, Features: towns}},
		MoreOutputs: []datasets.Output{{Name: "price", Tasks: []string{"price"}, Labels: d.Targets[1].Y.Float32s(), Weights: d.Targets[1].Weights.Float32s()}},
	}
}

// A data set and data in memory with the same rows train the same bits, on one thread or two, with every optimizer step on its own path.
func TestSeveralSources(t *testing.T) {
	d := houses(90, 1)
	config := train.Config{Epochs: 3, Batch: 16, Seed: 3, Optimizer: optim.Adam{Rate: 0.01}, Threads: 1}
	want := traintest.NewBranches(t)
	fit(t, want, d, config)
	set := houseSet(t, d)
	for name, run := range map[string]func(net *graphs.Network){
		"set":         func(net *graphs.Network) { fit(t, net, set, config) },
		"two threads": func(net *graphs.Network) { c := config; c.Threads = 2; fit(t, net, d, c) },
		"callbacks": func(net *graphs.Network) {
			c := config
			c.Callbacks = []train.Callback{beforeUpdate(func(*train.State) error { return nil })}
			fit(t, net, d, c)
		},
	} {
		net := traintest.NewBranches(t)
		run(net)
		sameBits(t, name, net.Params, want.Params)
	}
}

// A run that is cancelled within an epoch and resumed ends with the bits and the history of one that is not.
func TestSeveralResume(t *testing.T) {
	config := func() train.Config {
		return train.Config{
			Epochs: 6, Batch: 16, Seed: 3, Optimizer: optim.Adam{Rate: 0.01}, Validation: houses(30, 2), TrainingMetrics: true, Balanced: true, Warn: func(string) {},
			Metric: metric.RMSE.For("price"), Metrics: []metric.Metric{metric.Accuracy}, Callbacks: []train.Callback{&callback.Probes{Every: 3}, &callback.EarlyStopping{Patience: 4}},
		}
	}
	d := houses(100, 1)
	want := traintest.NewBranches(t)
	h := fit(t, want, d, config())
	for _, step := range []int{1, 9, 20} {
		c := config()
		c.Checkpoint = &train.Checkpoint{Dir: t.TempDir(), EverySteps: 1}
		traintest.CancelAfter(t, step, traintest.NewBranches(t), d, c)
		again := config()
		again.Checkpoint = &train.Checkpoint{Dir: c.Checkpoint.Dir, EverySteps: 1, Resume: true}
		net := traintest.NewBranches(t)
		got := fit(t, net, d, again)
		sameBits(t, "resumed", net.Params, want.Params)
		sameHistory(t, "resumed", got, h)
		final, err := filepath.Glob(filepath.Join(c.Checkpoint.Dir, "*.safetensors"))
		if err != nil || len(final) == 0 {
			t.Fatal(final, err)
		}
		if _, err := graphs.Load(final[len(final)-1]); err != nil {
			t.Error(err)
		}
		other := config()
		other.Balanced = false
		other.Checkpoint = again.Checkpoint
		_, err = train.Fit(t.Context(), traintest.NewBranches(t, graphs.OutputWeight(0.5)), d, other)
		mustSay(t, "another weight", err, "loss: it has kind: cross-entropy, price: 2 x mean squared error", "class weights")
	}
}

// Logs name the metrics of outputs and the losses of each.
func TestSeveralLogs(t *testing.T) {
	dir := t.TempDir()
	fit(t, traintest.NewBranches(t), houses(60, 1), train.Config{
		Epochs: 2, Batch: 16, Validation: houses(20, 2), TrainingMetrics: true, Metric: metric.RMSE.For("price"),
		Callbacks: []train.Callback{&logs.CSVLog{Path: filepath.Join(dir, "log.csv")}, &logs.JSONLog{Path: filepath.Join(dir, "log.jsonl")}},
	})
	for _, name := range []string{"log.csv", "log.jsonl"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"validation_price_RMSE", "kind_loss", "price_loss", "validation_kind_loss", "validation_price_loss", "training_price_loss"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
	}
}

// Differences between data and network are named before the first step, or with their row.
func TestSeveralRefused(t *testing.T) {
	good := houses(30, 1)
	wrong := func(spoil func(d *train.Named)) train.Named {
		d := houses(30, 1)
		spoil(&d)
		return d
	}
	for _, c := range []struct {
		want string
		data train.Data
		c    train.Config
	}{
		{`reads the input "town", which the data do not have: they have ["numbers" "city"]`, wrong(func(d *train.Named) { d.Features[1].Name = "city" }), train.Config{}},
		{`the data have 8`, wrong(func(d *train.Named) { d.Features[1].Width = 8 }), train.Config{}},
		{`the input "town" of the network is category, that of the data dense`, wrong(func(d *train.Named) {
			d.Features[1] = train.Feature{Name: "town", X: matrix(30, 7, func(int, int) float64 { return 0 })}
		}), train.Config{}},
		{`there are no labels of the output "price"`, wrong(func(d *train.Named) { d.Targets = d.Targets[:1] }), train.Config{}},
		{`there are no labels of the output "price"`, good, train.Config{Validation: wrong(func(d *train.Named) { d.Targets = d.Targets[:1] })}},
		{`output "kind": row`, wrong(func(d *train.Named) { d.Targets[0].Y.Float32s()[7] = 3 }), train.Config{}},
		{`column 0`, wrong(func(d *train.Named) { d.Features[0].X.Float32s()[0] = float32(math.NaN()) }), train.Config{}},
		{`row 3 has the category 9, want one from 0 to 6`, wrong(func(d *train.Named) { d.Features[1].Categories[3] = 9 }), train.Config{}},
		{`row 2: the input "town" has the category 0.5, want an integer from 0 to 6`, halves{good}, train.Config{}},
		{`there is no output "prize" among ["kind" "price"]`, good, train.Config{Validation: good, Metric: metric.RMSE.For("prize")}},
		{`price accuracy is for`, good, train.Config{Validation: good, Metric: metric.Accuracy.For("price")}},
		{`4 class weights for 3 outputs`, good, train.Config{ClassWeights: []float64{1, 2, 3, 4}}},
	} {
		c.c.Warn = func(string) {}
		_, err := train.Fit(context.Background(), traintest.NewBranches(t), c.data, c.c)
		mustSay(t, c.want, err, c.want)
	}
	_, err := train.Predict(t.Context(), traintest.NewBranches(t), halves{good})
	mustSay(t, "prediction", err, `row 2: the input "town" has the category 0.5`)
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1, graphs.OutputName("kind"))
	_, err = train.Fit(t.Context(), net, spirals(20, 1), train.Config{Warn: func(string) {}})
	mustSay(t, "a matrix for an output of another name", err, `the data have no labels of the output "kind"`)
}

// halves has a category that is none.
type halves struct{ train.Named }

func (d halves) Gather(rows []int, b *batch.Batch) error {
	err := d.Named.Gather(rows, b)
	if at := slices.Index(rows, 2); at >= 0 && b.Input("town") != nil {
		b.Input("town").Float32s()[at] = 0.5
	}
	return err
}

// Balanced weighs the classes of every output that has some.
func TestSeveralBalanced(t *testing.T) {
	net, d := traintest.NewBranches(t), houses(70, 1)
	fit(t, net, d, train.Config{Balanced: true})
	if w := net.Outputs[0].Loss.ClassWeights; len(w) != 3 || net.Outputs[1].Loss.ClassWeights != nil {
		t.Errorf("class weights %v, %v", w, net.Outputs[1].Loss.ClassWeights)
	}
	refused := traintest.NewBranches(t)
	_, err := train.Fit(t.Context(), refused, d, train.Config{Balanced: true, Validation: d, Metric: metric.Accuracy.For("price"), Warn: func(string) {}})
	if err == nil || refused.Outputs[0].Loss.ClassWeights != nil {
		t.Errorf("a run that does not begin leaves class weights %v (%v)", refused.Outputs[0].Loss.ClassWeights, err)
	}
}
