package train_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	G "gorgonia.org/gorgonia"
)

// mustSay reports an error that lacks one of the texts.
func mustSay(t testing.TB, what string, err error, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: error %v, want one that says %q", what, err, text)
		}
	}
}

// A run with a different configuration or different data is not continued: the error lists the differences, and the network stays
// unchanged.
func TestResumeErrors(t *testing.T) {
	dir := traintest.Interrupted(t)
	changed := spirals(64, 1)
	for i := range changed.X.Float32s() {
		changed.X.Float32s()[i]++
	}
	own := graphs.CrossEntropy
	own.Name = "own"
	for name, test := range map[string]struct {
		layer  nn.Layer
		loss   graphs.Loss
		data   train.Data
		change func(c *train.Config)
		want   []string
	}{
		"batch, seed and rate": {change: func(c *train.Config) { c.Batch, c.Seed, c.Optimizer = 8, 6, optim.Adam{Rate: 0.02} },
			want: []string{"batch: it has 16, this run 8", "seed: it has 5, this run 6", "rate 0.01", "rate 0.02"}},
		"optimizer":                      {change: func(c *train.Config) { c.Optimizer = optim.SGD{Rate: 0.01} }, want: []string{"adam: ", "sgd: "}},
		"schedule":                       {change: func(c *train.Config) { c.Schedule = optim.Cosine{} }, want: []string{"schedule: it has none, this run given"}},
		"dropout":                        {layer: graphs.SNN{Layers: 4, Units: 48, Outputs: 3, Dropout: 0.06}, want: []string{`"dropout":0.05`, `"dropout":0.06`}},
		"network of the same parameters": {layer: graphs.MSRAinit(hidden), want: []string{"msrainit", "ops of the graph"}},
		"units":                          {layer: graphs.SNN{Layers: 4, Units: 40, Outputs: 3, Dropout: 0.05}, want: []string{`"units":48`}},
		"rows":                           {data: spirals(65, 1), want: []string{"data: it has 64 rows of 2, this run 65 rows of 2"}},
		"features":                       {data: changed, want: []string{"checksum of sampled data"}},
		"metric":                         {change: func(c *train.Config) { c.Metric = metric.Accuracy }, want: []string{"metrics: it has loss, this run accuracy"}},
		"validation data":                {change: func(c *train.Config) { c.Validation = spirals(11, 3) }, want: []string{"validation data: it has 10 rows of 2, this run 11"}},
		"early stopping":                 {change: func(c *train.Config) { c.Callbacks = []train.Callback{&callback.EarlyStopping{}} }, want: []string{"*callback.EarlyStopping"}},
		"loss":                           {loss: own, want: []string{"loss: it has cross-entropy, this run own"}},
		"too few epochs":                 {change: func(c *train.Config) { c.Epochs = 1 }, want: []string{"step 8", "Config.Epochs"}},
		"accumulation":                   {change: func(c *train.Config) { c.Accumulate = 2 }, want: []string{"batches per step: it has none, this run 2"}},
		"average":                        {change: func(c *train.Config) { c.Average = 0.5 }, want: []string{"decay of the average: it has none, this run 0.5"}},
		"class weights":                  {change: func(c *train.Config) { c.ClassWeights = []float64{1, 2, 3} }, want: []string{"class weights: it has none, this run [1 2 3]"}},
		"frozen": {change: func(c *train.Config) { c.Groups = []optim.Group{{Match: []string{"hidden1.*"}, Frozen: true}} },
			want: []string{"groups: it has none", "hidden1.*"}},
		"no such file": {change: func(c *train.Config) { c.Checkpoint.From = filepath.Join(dir, "step-7.safetensors") }, want: []string{"step-7.safetensors"}},
	} {
		c := baseConfig()
		c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
		if test.layer == nil {
			test.layer = network
		}
		if test.data == nil {
			test.data = spirals(64, 1)
		}
		if test.loss.Name == "" {
			test.loss = graphs.CrossEntropy
		}
		if test.change != nil {
			test.change(&c)
		}
		net := newNetwork(t, test.layer, 2, test.loss, 1)
		before := net.Clone()
		_, err := train.Fit(context.Background(), net, test.data, c)
		mustSay(t, name, err, append(test.want, "resume")...)
		sameBits(t, name, net.Params, before.Params)
	}
	weights := filepath.Join(t.TempDir(), "w.safetensors")
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	if err := net.Save(weights); err != nil {
		t.Fatal(err)
	}
	c := baseConfig()
	c.Checkpoint = &train.Checkpoint{From: weights}
	_, err := train.Fit(context.Background(), net, spirals(64, 1), c)
	mustSay(t, "resuming from mere weights", err, "not the state of a training")
}

// A Gorgonia solver trains, but its state cannot be saved and its rate follows no schedule.
func TestSolver(t *testing.T) {
	for name, test := range map[string]struct {
		change func(c *train.Config)
		want   string
	}{
		"checkpoint": {func(c *train.Config) { c.Checkpoint = &train.Checkpoint{Dir: t.TempDir()} }, "cannot be saved"},
		"schedule":   {func(c *train.Config) { c.Schedule = optim.Cosine{} }, "follows no schedule"},
		"groups":     {func(c *train.Config) { c.Groups = []optim.Group{{Match: []string{"*"}}} }, "no groups"},
		"optimizer":  {func(c *train.Config) { c.Optimizer = optim.Adam{} }, "a Solver and an Optimizer"},
	} {
		c := baseConfig()
		c.Optimizer, c.Solver = nil, G.NewAdamSolver()
		test.change(&c)
		_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		mustSay(t, name, err, test.want)
	}
	for _, accumulate := range []int{1, 3} {
		net := newNetwork(t, graphs.SNN{Layers: 2, Units: 16, Outputs: 3}, 2, graphs.CrossEntropy, 1)
		h := fit(t, net, spirals(200, 1), train.Config{Epochs: 15, Batch: 20, Accumulate: accumulate, Solver: G.NewAdamSolver(G.WithLearnRate(0.01))})
		if first, last := h.Epochs[0].Loss, h.Epochs[14].Loss; !(last < 0.7*first) {
			t.Errorf("accumulate %d: the loss goes from %v to %v", accumulate, first, last)
		}
	}
	_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), train.Config{Solver: brokenSolver{}, Warn: func(string) {}})
	mustSay(t, "a solver that panics", err, "brokenSolver", "out of order")
}

type brokenSolver struct{}

func (brokenSolver) Step([]G.ValueGrad) error { panic("out of order") }

// Your own layers are compared by the ops that they add; a run with the same ops continues.
func TestResumeOwnLayer(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		layer nn.Layer
		want  string
	}{{ownNet{Rate: 0.1}, ""}, {ownNet{Rate: 0.1}, ""}, {ownNet{Rate: 0.3}, "ops of the graph"}} {
		c := baseConfig()
		c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
		_, err := train.Fit(context.Background(), newNetwork(t, test.layer, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.layer, err, test.want)
		}
	}
}

// A damaged newest checkpoint is passed over with a warning; without any that can be read there is an error.
func TestResumeDamaged(t *testing.T) {
	dir := traintest.Interrupted(t)
	want := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	fit(t, want, spirals(64, 1), baseConfig())
	paths, err := filepath.Glob(filepath.Join(dir, "step-*.safetensors"))
	if err != nil || len(paths) != 3 {
		t.Fatalf("checkpoints %v (%v), want 3", paths, err)
	}
	slices.Sort(paths)
	resume := func(s train.Checkpoint) (*graphs.Network, []string, error) {
		var warnings []string
		c := baseConfig()
		c.Checkpoint, c.Warn = &s, func(w string) { warnings = append(warnings, w) }
		net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
		_, err := train.Fit(context.Background(), net, spirals(64, 1), c)
		return net, warnings, err
	}
	damage(t, paths[2])
	net, warnings, err := resume(train.Checkpoint{From: dir})
	if err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], paths[2]) || !strings.Contains(warnings[0], paths[1]) {
		t.Errorf("warnings %q, error %v; want one that names both files", warnings, err)
	}
	sameBits(t, "after a damaged checkpoint", net.Params, want.Params)
	if _, _, err := resume(train.Checkpoint{From: paths[2]}); !errors.Is(err, graphs.ErrDamaged) || !strings.Contains(err.Error(), paths[2]) {
		t.Errorf("a damaged file asked for by name gives %v", err)
	}
	damage(t, paths[0])
	damage(t, paths[1])
	if _, _, err := resume(train.Checkpoint{Dir: dir, Resume: true}); !errors.Is(err, graphs.ErrDamaged) || !strings.Contains(err.Error(), paths[0]) {
		t.Errorf("a folder of damaged files gives %v", err)
	}
}

// damage flips a bit of a file.
func damage(t *testing.T, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-5] ^= 4
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := graphs.Load(path); !errors.Is(err, graphs.ErrDamaged) {
		t.Fatalf("a changed checkpoint gives %v", err)
	}
}

// From continues from the checkpoint it names, whatever Resume says, and must exist; Resume may find nothing.
func TestFromAndResume(t *testing.T) {
	dir := traintest.Interrupted(t)
	var resumedAt []int
	run := func(s train.Checkpoint) (*train.History, error) {
		c := baseConfig()
		c.Checkpoint = &s
		var resumed bool
		c.Callbacks = []train.Callback{atStart(func(s *train.State) error { resumed = s.Resumed; return nil })}
		h, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		if err == nil {
			resumedAt = append(resumedAt, h.ResumedAt)
			if resumed != (h.ResumedAt > 0) {
				t.Errorf("%+v: State.Resumed is %v", s, resumed)
			}
		}
		return h, err
	}
	for _, s := range []train.Checkpoint{
		{From: filepath.Join(dir, "step-000000000003.safetensors")},
		{From: dir},
		{From: filepath.Join(dir, "step-000000000006.safetensors"), Dir: t.TempDir(), Resume: true},
		{Dir: t.TempDir(), Resume: true},
		{Dir: filepath.Join(t.TempDir(), "new", "folder"), Resume: true},
		{Dir: dir, Resume: true},
		{Dir: dir, Resume: true},
	} {
		if _, err := run(s); err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
	}
	if want := []int{3, 8, 6, 0, 0, 8, 12}; !slices.Equal(resumedAt, want) {
		t.Errorf("resumed at %v, want %v", resumedAt, want)
	}
	_, err := run(train.Checkpoint{From: t.TempDir()})
	mustSay(t, "an empty folder", err, "holds no checkpoint")
	_, err = run(train.Checkpoint{From: filepath.Join(dir, "none")})
	mustSay(t, "no folder", err, "none")
}

type atStart func(*train.State) error

func (f atStart) AtStart(_ context.Context, s *train.State) error { return f(s) }

// Two runs cannot save in one folder at a time; afterwards it is free again.
func TestOneRunPerFolder(t *testing.T) {
	dir := t.TempDir()
	c := baseConfig()
	c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
	first := c
	first.Callbacks = []train.Callback{atStep(func(s *train.State) error {
		if s.Step == 5 {
			_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
			mustSay(t, "a second run", err, "another run", dir)
		}
		return nil
	})}
	fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), first)
	fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
}

// A checkpoint of another run or network is refused before its tensors are read: here their last byte is wrong, which nobody sees. One that
// is damaged in its head is skipped, as one that is damaged elsewhere.
func TestResumeReadsHeadFirst(t *testing.T) {
	dir := traintest.Interrupted(t)
	path := filepath.Join(dir, "step-000000000008.safetensors")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	change := func(at int) {
		raw := slices.Clone(good)
		raw[at] ^= 1
		if err := os.WriteFile(path, raw, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	resume := func(net *graphs.Network, batch int) (*train.History, error) {
		c := baseConfig()
		c.Batch, c.Checkpoint = batch, &train.Checkpoint{From: dir}
		return train.Fit(t.Context(), net, spirals(64, 1), c)
	}
	change(len(good) - 1)
	_, err = resume(traintest.New(t), 32)
	mustSay(t, "another batch", err, "batch: it has 16, this run 32")
	_, err = resume(newNetwork(t, graphs.SNN{Layers: 1, Units: 5, Outputs: 3}, 2, graphs.CrossEntropy, 1), 16)
	mustSay(t, "another network", err, "network: it has")
	if errors.Is(err, graphs.ErrDamaged) {
		t.Errorf("the data have been read: %v", err)
	}
	change(bytes.Index(good, []byte(`\"batch\"`)) + 3)
	h, err := resume(traintest.New(t), 16)
	if err != nil || h.ResumedAt == 8 || len(h.Warnings) == 0 {
		t.Errorf("resumed from a damaged checkpoint: %+v (%v)", h, err)
	}
}
