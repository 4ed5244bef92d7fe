package train_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// stepper is a StepCallback made of a function.
type stepper func(s *train.State) error

func (c stepper) AfterStep(_ context.Context, s *train.State) error { return c(s) }
func (c stepper) AfterEpoch(context.Context, *train.State) error    { return nil }

// bits are the bits of the elements of a tensor.
func bits(x *tensor.Dense) (out []uint64) {
	switch v := x.Data().(type) {
	case []float32:
		for _, f := range v {
			out = append(out, uint64(math.Float32bits(f)))
		}
	case []float64:
		for _, f := range v {
			out = append(out, math.Float64bits(f))
		}
	}
	return out
}

// sameWeights reports the first difference between two sets of parameters.
func sameWeights(t testing.TB, what string, got, want *nn.Params) {
	t.Helper()
	if err := want.Match(got); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, p := range want.All() {
		if !slices.Equal(bits(got.Get(p.Name).Value), bits(p.Value)) {
			t.Fatalf("%s: %s is not bit-equal to that of the uninterrupted run", what, p.Name)
		}
	}
}

// sameHistory reports differences but those of the time.
func sameHistory(t testing.TB, what string, got, want *train.History) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(train.Epoch{}, "Seconds"), cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%s: history (-uninterrupted +resumed):\n%s", what, diff)
	}
}

// A run that is cancelled after any step, and one that is cancelled after every step, end as the uninterrupted run.
func TestResumeEqualsUninterrupted(t *testing.T) {
	h := graphs.Hidden{Layers: 2, Units: 6, Outputs: 3, Dropout: 0.1, InputDropout: 0.1}
	data, validation := spirals(29, 1), spirals(20, 2) // 5 batches: 6, 6, 6, 6, 5
	tests := []struct {
		name   string
		model  nn.Layer
		dtype  tensor.Dtype
		config func() train.Config
	}{
		{"Adam, cosine, alpha dropout", graphs.SNN(h), tensor.Float32, func() train.Config {
			return train.Config{Optimizer: &train.Adam{Rate: 0.01, L2: 0.01}, Schedule: train.Cosine}
		}},
		{"momentum, batch normalization, float64", graphs.BatchNorm(h), tensor.Float64, func() train.Config {
			return train.Config{Optimizer: &train.SGD{Rate: 0.05, Momentum: 0.9, Nesterov: true}}
		}},
		{"plain descent, early stopping, 2 threads", graphs.ResNet{Hidden: h}, tensor.Float32, func() train.Config {
			return train.Config{
				Optimizer: &train.SGD{Rate: 0.5}, Validation: validation, Metric: train.Accuracy, Threads: 2,
				Callbacks: []train.Callback{&train.EarlyStopping{Window: 1, Patience: 2}},
			}
		}},
		{"clipped centered RMSProp, warm-up, rate reduced on plateaus", graphs.SNN(h), tensor.Float32, func() train.Config {
			return train.Config{
				Optimizer: &train.ClipNorm{Optimizer: &train.RMSProp{Momentum: 0.5, Centered: true}, Max: 0.5},
				Schedule:  train.WarmUp(7, 0.1, train.OneCycle{}.Factor), Validation: validation, Metric: train.Accuracy,
				Callbacks: []train.Callback{&train.ReduceOnPlateau{Factor: 0.5, Patience: 1, Cooldown: 1}},
			}
		}},
		{"clipped AdamW, plateau, probes", graphs.SNN(h), tensor.Float64, func() train.Config {
			return train.Config{
				Optimizer: &train.ClipNorm{Optimizer: &train.AdamW{Rate: 0.01, Decay: 0.1}, Max: 0.3}, Validation: validation,
				Callbacks: []train.Callback{&train.ReduceOnPlateau{Patience: -1, Factor: 0.5}, &train.Probes{Every: 2}},
			}
		}},
		{"Adam, own layer, rate factor", ownNet{}, tensor.Float32, func() train.Config {
			return train.Config{
				Optimizer: &train.Adam{Rate: 0.01}, Validation: validation, Metrics: []train.Metric{train.Accuracy, undefined}, Threads: 2,
				Callbacks: []train.Callback{callback(func(s *train.State) error { s.RateFactor *= 0.7; return nil })},
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			// fit trains until after step stop, or to the end if that is 0.
			fit := func(dir string, stop int) (*nn.Params, *train.History, error) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				params, err := nn.NewParams(test.dtype, 3)
				if err != nil {
					t.Fatal(err)
				}
				c := test.config()
				c.Loss, c.Epochs, c.Batch, c.Seed, c.Warn = graphs.CrossEntropy, 5, 6, 7, func(string) {}
				if dir != "" {
					c.Resume = dir
					c.Callbacks = append(c.Callbacks, &train.Checkpoint{Dir: dir, EveryEpochs: 2, Keep: 1})
				}
				c.Callbacks = append(c.Callbacks, stepper(func(s *train.State) error {
					if s.Step == stop {
						cancel()
					}
					return nil
				}))
				history, err := train.Fit(ctx, test.model, params, data, c)
				return params, history, err
			}
			wantParams, want, err := fit("", 0)
			if err != nil {
				t.Fatal(err)
			}
			last := want.Epochs[len(want.Epochs)-1].Step
			every := t.TempDir()
			for k := 1; k <= last; k++ {
				dir := t.TempDir()
				if _, _, err := fit(dir, k); !errors.Is(err, context.Canceled) && !(k == last && err == nil) {
					t.Fatalf("cancelled after step %d: error %v", k, err)
				}
				params, history, err := fit(dir, 0)
				if err != nil {
					t.Fatalf("resumed at step %d: %v", k, err)
				}
				sameWeights(t, fmt.Sprintf("resumed at step %d", k), params, wantParams)
				sameHistory(t, fmt.Sprintf("resumed at step %d", k), history, want)
				fit(every, k)
			}
			for range 2 { // the second time there is nothing left to do
				params, history, err := fit(every, 0)
				if err != nil {
					t.Fatalf("resumed at every step: %v", err)
				}
				sameWeights(t, "resumed at every step", params, wantParams)
				sameHistory(t, "resumed at every step", history, want)
			}
		})
	}
}

// A state that is not one of early stopping gives an error.
func TestEarlyStoppingRestoreErrors(t *testing.T) {
	ints := tensor.New(tensor.WithShape(1), tensor.WithBacking([]int{1}))
	for text, want := range map[string]string{
		`7`: "early stopping", `{"kept":[{"name":"b"}]}`: `no tensor "b"`, `{"kept":[{"name":"a"}]}`: "dtype", `{}`: "1 tensors, want 0",
	} {
		err := new(train.EarlyStopping).Restore(train.Snapshot{Values: []byte(text), Tensors: map[string]*tensor.Dense{"a": ints}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that says %q", text, err, want)
		}
	}
}

// ownNet is a network that has no description.
type ownNet struct{ Rate float64 }

func (n ownNet) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	if n.Rate == 0 {
		n.Rate = 0.2
	}
	return b.Apply("own", nn.Sequential{nn.Dense{Units: 5, Activation: ops.SELU}, nn.BatchNorm{}, nn.AlphaDropout{Rate: n.Rate}, nn.Dense{Units: 3}}, x)
}

// undefined is a metric without a value, which JSON does not know.
var undefined = train.Metric{Name: "undefined", Of: func(*train.Result) (float64, error) { return math.NaN(), nil }}

// interruptedRun makes a folder with the checkpoints of a run of 8 of 12 steps.
func interruptedRun(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := baseConfig()
	c.Callbacks = []train.Callback{&train.Checkpoint{Dir: dir, EverySteps: 3}, stepper(func(s *train.State) error {
		if s.Step == 8 {
			cancel()
		}
		return nil
	})}
	if _, err := train.Fit(ctx, network, newParams(t, 1), spirals(64, 1), c); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return dir
}

func baseConfig() train.Config {
	return train.Config{
		Loss: graphs.CrossEntropy, Epochs: 3, Batch: 16, Seed: 5, Optimizer: &train.Adam{Rate: 0.01}, Validation: spirals(10, 3),
		Warn: func(string) {},
	}
}

// A run of another configuration or other data is not continued, and the error says what differs.
func TestResumeErrors(t *testing.T) {
	dir := interruptedRun(t)
	changed := spirals(64, 1)
	for i := range changed.X.Float32s() {
		changed.X.Float32s()[i]++
	}
	tests := []struct {
		name   string
		model  nn.Layer
		data   train.Data
		change func(c *train.Config)
		want   []string
	}{
		{"batch, seed and rate", network, spirals(64, 1), func(c *train.Config) { c.Batch, c.Seed, c.Optimizer = 8, 6, &train.Adam{Rate: 0.02} },
			[]string{"batch: it has 16, this run 8", "seed: it has 5, this run 6", "Rate 0.01", "Rate 0.02"}},
		{"optimizer", network, spirals(64, 1), func(c *train.Config) { c.Optimizer = &train.SGD{Rate: 0.01} }, []string{"*train.Adam", "*train.SGD"}},
		{"schedule", network, spirals(64, 1), func(c *train.Config) { c.Schedule = train.Cosine }, []string{"schedule: it has none, this run given"}},
		{"dropout", graphs.SNN{Layers: 4, Units: 48, Outputs: 3, Dropout: 0.06}, spirals(64, 1), nil, []string{`"dropout":0.05`, `"dropout":0.06`}},
		{"network of the same parameters", graphs.MSRAinit(hidden), spirals(64, 1), nil, []string{`"msrainit"`, "ops of the graph"}},
		{"units", graphs.SNN{Layers: 4, Units: 40, Outputs: 3, Dropout: 0.05}, spirals(64, 1), nil, []string{`"units":48`}},
		{"rows", network, spirals(65, 1), nil, []string{"data: it has 64 rows of 2, this run 65 rows of 2"}},
		{"features", network, changed, nil, []string{"checksum of sampled data"}},
		{"metric", network, spirals(64, 1), func(c *train.Config) { c.Metric = train.Accuracy }, []string{"metrics: it has loss, this run accuracy"}},
		{"validation data", network, spirals(64, 1), func(c *train.Config) { c.Validation = spirals(11, 3) }, []string{"validation data: it has 10 rows of 2, this run 11"}},
		{"early stopping", network, spirals(64, 1), func(c *train.Config) { c.Callbacks = []train.Callback{&train.EarlyStopping{}} }, []string{"*train.EarlyStopping"}},
		{"loss", network, spirals(64, 1), func(c *train.Config) { c.Loss.Name = "own" }, []string{"loss: it has cross-entropy, this run own"}},
		{"too few epochs", network, spirals(64, 1), func(c *train.Config) { c.Epochs = 1 }, []string{"step 8", "Config.Epochs"}},
		{"foreign optimizer", network, spirals(64, 1), func(c *train.Config) { c.Optimizer = G.NewVanillaSolver() }, []string{"*gorgonia.VanillaSolver cannot be saved"}},
		{"no such file", network, spirals(64, 1), func(c *train.Config) { c.Resume = filepath.Join(dir, "step-7.safetensors") }, []string{"step-7.safetensors"}},
	}
	for _, test := range tests {
		c := baseConfig()
		c.Resume = dir
		if test.change != nil {
			test.change(&c)
		}
		_, err := train.Fit(context.Background(), test.model, newParams(t, 1), test.data, c)
		for _, want := range append(test.want, "resume") {
			if want == "resume" && test.name == "foreign optimizer" {
				continue
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v, want one that says %q", test.name, err, want)
			}
		}
	}
	weights := filepath.Join(t.TempDir(), "w.safetensors")
	if err := train.SaveWeights(weights, newParamsOf(t, network), nil); err != nil {
		t.Fatal(err)
	}
	c := baseConfig()
	c.Resume = weights
	if _, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c); err == nil || !strings.Contains(err.Error(), "not the state of a training") {
		t.Errorf("resuming from mere weights gives %v", err)
	}
}

// A user's own layers are compared by the ops that they add, and those that are the same by name go on.
func TestResumeOwnLayer(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		model nn.Layer
		want  string
	}{{ownNet{Rate: 0.1}, ""}, {ownNet{Rate: 0.1}, ""}, {ownNet{Rate: 0.3}, "ops of the graph"}} {
		c := baseConfig()
		c.Resume, c.Callbacks = dir, []train.Callback{&train.Checkpoint{Dir: dir}}
		_, err := train.Fit(context.Background(), test.model, newParams(t, 1), spirals(64, 1), c)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.model, err, test.want)
		}
	}
}

// The number of epochs may change if the rates of the past do not depend on it.
func TestResumeMoreEpochs(t *testing.T) {
	halves := func(step, _ int) float64 { return math.Pow(0.5, float64(step/5)) }
	for _, test := range []struct {
		name     string
		schedule train.Schedule
		want     string
	}{{"none", nil, ""}, {"halves", halves, ""}, {"cosine", train.Cosine, "the schedule has the factor"}} {
		dir := t.TempDir()
		fit := func(epochs int, dir string) (*nn.Params, error) {
			c := baseConfig()
			c.Epochs, c.Schedule = epochs, test.schedule
			if dir != "" {
				c.Resume, c.Callbacks = dir, []train.Callback{&train.Checkpoint{Dir: dir}}
			}
			params := newParams(t, 1)
			_, err := train.Fit(context.Background(), network, params, spirals(64, 1), c)
			return params, err
		}
		if _, err := fit(2, dir); err != nil {
			t.Fatal(err)
		}
		params, err := fit(4, dir)
		if test.want != "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: error %v, want one that says %q", test.name, err, test.want)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		want, err := fit(4, "")
		if err != nil {
			t.Fatal(err)
		}
		sameWeights(t, test.name, params, want)
	}
}

// A damaged newest checkpoint is passed over with a warning; without any that can be read there is an error.
func TestResumeDamaged(t *testing.T) {
	dir := interruptedRun(t)
	want := newParams(t, 1)
	if _, err := train.Fit(context.Background(), network, want, spirals(64, 1), baseConfig()); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(dir, "step-*.safetensors"))
	if err != nil || len(paths) != 3 {
		t.Fatalf("checkpoints %v (%v), want 3", paths, err)
	}
	slices.Sort(paths)
	damage := func(path string, kind error) {
		t.Helper()
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		raw[len(raw)-5] ^= 4
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := graphs.Load(path); !errors.Is(err, kind) {
			t.Fatalf("a changed checkpoint gives %v", err)
		}
	}
	resume := func(path string) (*nn.Params, []string, error) {
		var warnings []string
		c := baseConfig()
		c.Resume, c.Warn = path, func(w string) { warnings = append(warnings, w) }
		params := newParams(t, 1)
		_, err := train.Fit(context.Background(), network, params, spirals(64, 1), c)
		return params, warnings, err
	}
	damage(paths[2], graphs.ErrDamaged)
	params, warnings, err := resume(dir)
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], paths[2]) || !strings.Contains(warnings[0], paths[1]) {
		t.Errorf("warnings %q, error %v; want one that names both files", warnings, err)
	}
	sameWeights(t, "after a damaged checkpoint", params, want)
	if _, _, err := resume(paths[2]); !errors.Is(err, graphs.ErrDamaged) || !strings.Contains(err.Error(), paths[2]) {
		t.Errorf("a damaged file asked for by name gives %v", err)
	}
	damage(paths[0], graphs.ErrDamaged)
	damage(paths[1], graphs.ErrDamaged)
	if _, _, err := resume(dir); !errors.Is(err, graphs.ErrDamaged) || !strings.Contains(err.Error(), paths[0]) {
		t.Errorf("a folder of damaged files gives %v", err)
	}
}

func newParamsOf(t testing.TB, model nn.Layer) *nn.Params {
	t.Helper()
	params := newParams(t, 1)
	if _, err := graphs.Build(model, params, graphs.Config{Mode: graphs.Evaluate, Batch: 2, Inputs: 2}); err != nil {
		t.Fatal(err)
	}
	return params
}
