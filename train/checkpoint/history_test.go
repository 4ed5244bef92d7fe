package checkpoint_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// epoch returns an epoch with all that a run with two metrics records, and numbers that are hard to keep.
func epoch(n int) callback.Epoch {
	return callback.Epoch{
		Number: n, Step: 7 * n, Seconds: float64(n) / 3, Loss: 1 / float64(n), Rate: 0.1, Validated: true, ValidationLoss: math.NaN(),
		ValidationMetric: math.Inf(-1), ValidationMetrics: []float64{math.Copysign(0, -1), float64(n)},
	}
}

// moments returns the moments of two layers.
func moments(step int) callback.Moments {
	x := float64(step)
	return callback.Moments{Step: step, Layers: []callback.LayerMoments{
		{Name: "a: mean", PreMean: x, PreVariance: 2, Mean: 3, Variance: 4, Omega: 5, Tau: 6, OmegaMin: 7, OmegaMax: 8, TauMin: 9, TauMax: x},
		{Name: "b", Variance: math.Inf(1)},
	}}
}

func withGradients(m callback.Moments) callback.Moments {
	m.Layers[0].GradientVariance, m.Layers[1].PreGradientVariance, m.Layers[1].WeightGradientVariance = 1e-30, 2, 3
	return m
}

// state is that of a run, to save without a training.
func state(t testing.TB, h *callback.History) checkpoint.State {
	optimizer, err := optim.New(optim.SGD{})
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint.State{Params: traintest.New(t).Params, History: h, Optimizer: optimizer, Position: checkpoint.Position{Epochs: len(h.Epochs)}}
}

// restored reads the history in a checkpoint.
func restored(t testing.TB, path string) (*callback.History, error) {
	_, f, _, err := (&checkpoint.Settings{From: path}).Find()
	if err != nil {
		return nil, err
	}
	p, err := checkpoint.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	return checkpoint.Restore(f, p, state(t, &callback.History{}))
}

func sameHistory(t testing.TB, what string, got, want *callback.History) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("%s: history (-want +got):\n%.2000s", what, diff)
	}
}

// Whatever is in a history, a checkpoint returns it.
func TestHistory(t *testing.T) {
	odd := epoch(3)
	odd.ValidationMetrics = []float64{1}
	training := epoch(2)
	training.Training = &callback.Judgement{Loss: 1, Metric: math.NaN(), Metrics: []float64{2, 3}}
	bare := callback.Epoch{Number: 1, Step: 7, Training: &callback.Judgement{Loss: 1}}
	metrics := []string{"m", "n"}
	parts := epoch(4)
	parts.Outputs = &callback.OutputLosses{Training: []float64{1, math.NaN()}, Validation: []float64{3, 4}}
	both := epoch(5)
	both.Outputs = &callback.OutputLosses{Training: []float64{5, 6}}
	both.Training = &callback.Judgement{Loss: 1, Metric: 2, Metrics: []float64{2, 3}, Losses: []float64{7, 8}}
	lone := epoch(6)
	lone.Outputs = &callback.OutputLosses{Training: []float64{1}}
	for what, h := range map[string]*callback.History{
		"empty":             {},
		"no metrics":        {Epochs: []callback.Epoch{bare}},
		"all":               {Metric: "m", Metrics: metrics, Epochs: []callback.Epoch{bare, epoch(1), training, epoch(3)}, Best: 2, ResumedAt: 9, Warnings: []string{"w"}, Moments: []callback.Moments{moments(1), moments(51)}},
		"outputs":           {Metrics: metrics, Outputs: []string{"a", "b"}, Epochs: []callback.Epoch{parts, epoch(4), both, bare}},
		"outputs alone":     {Outputs: []string{"a", "b"}, Epochs: []callback.Epoch{{Number: 1, Outputs: &callback.OutputLosses{Training: []float64{1, 2}}}}},
		"another output":    {Metrics: metrics, Outputs: []string{"a", "b"}, Epochs: []callback.Epoch{lone}},
		"another number":    {Metrics: metrics, Epochs: []callback.Epoch{odd, epoch(2)}},
		"gradients":         {Moments: []callback.Moments{moments(1), withGradients(moments(51)), moments(60)}},
		"other layers":      {Moments: []callback.Moments{moments(1), {Step: 51, Layers: moments(1).Layers[:1]}}},
		"moments of none":   {Moments: []callback.Moments{{Step: 1}}},
		"numbers too large": {Epochs: []callback.Epoch{{Number: math.MaxInt}}},
	} {
		for _, sealed := range []*checkpoint.Sealed{nil, {}, {Epochs: checkpoint.Chain{Rows: -1}, Moments: checkpoint.Chain{Rows: 99}}} {
			path := filepath.Join(t.TempDir(), "c.safetensors")
			s := state(t, h)
			s.Sealed = sealed
			if err := checkpoint.Write(path, s); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			got, err := restored(t, path)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			sameHistory(t, what, got, h)
		}
	}
}

// size returns the bytes of a file.
func size(t testing.TB, path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// A checkpoint of a long run is hardly larger than one of a short run, and an epoch takes at most 128 bytes of the folder. All checkpoints
// can be read, the first ones too.
func TestLongHistory(t *testing.T) {
	dir := t.TempDir()
	h := &callback.History{Metric: "m", Metrics: []string{"m", "n"}}
	s := state(t, h)
	s.Sealed = &checkpoint.Sealed{}
	path := func(n int) string { return filepath.Join(dir, fmt.Sprintf("step-%012d.safetensors", n)) }
	var saved []int
	for n := 1; n <= 6000; n++ {
		h.Epochs = append(h.Epochs, epoch(n))
		if n%50 == 0 { // Probes keeps at most 1,000, and then every second one
			if h.Moments = append(h.Moments, moments(n)); len(h.Moments) > 100 {
				for i := range 50 {
					h.Moments[i] = h.Moments[2*i]
				}
				h.Moments = h.Moments[:50]
			}
		}
		if n == 60 || n%2000 == 999 || n == 6000 {
			saved = append(saved, n)
			s.Position.Epochs = n
			if err := checkpoint.Write(path(n), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if more := size(t, path(6000)) - size(t, path(60)); more > 80<<10 {
		t.Errorf("the checkpoint after 6,000 epochs has %d bytes more than that after 60", more)
	}
	total := int64(0)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".history" && e.Name()[0] == 'e' {
			total += size(t, filepath.Join(dir, e.Name()))
		}
	}
	if total == 0 || total > 6000*128 {
		t.Errorf("%d bytes for 6,000 epochs", total)
	}
	for _, n := range saved {
		got, err := restored(t, path(n))
		if err != nil {
			t.Fatal(err)
		}
		sameHistory(t, path(n), &callback.History{Metric: got.Metric, Metrics: got.Metrics, Epochs: got.Epochs},
			&callback.History{Metric: h.Metric, Metrics: h.Metrics, Epochs: h.Epochs[:n]})
		if n == 6000 {
			sameHistory(t, path(n), got, h)
		}
	}
}

// The losses of outputs survive in the files of a long history, also if later epochs have more columns.
func TestLongHistoryOfOutputs(t *testing.T) {
	h := &callback.History{Outputs: []string{"a", "b"}}
	s := state(t, h)
	s.Sealed = &checkpoint.Sealed{}
	dir := t.TempDir()
	for n := 1; n <= 700; n++ {
		e := epoch(n)
		e.ValidationMetrics, e.Outputs = nil, &callback.OutputLosses{Training: []float64{float64(n), 1}, Validation: []float64{2, -float64(n)}}
		if n > 400 {
			e.Training = &callback.Judgement{Loss: 1, Metric: 2, Losses: []float64{float64(n), 9}}
		}
		if h.Epochs = append(h.Epochs, e); n%100 == 0 {
			s.Position.Epochs = n
			if err := checkpoint.Write(filepath.Join(dir, fmt.Sprintf("step-%012d.safetensors", n)), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if segments, err := filepath.Glob(filepath.Join(dir, "*.history")); err != nil || len(segments) < 2 {
		t.Errorf("files %q (%v), want several", segments, err)
	}
	got, err := restored(t, filepath.Join(dir, fmt.Sprintf("step-%012d.safetensors", 700)))
	if err != nil {
		t.Fatal(err)
	}
	sameHistory(t, "700 epochs", got, h)
}

// Every damage of a file of the history is noticed, a missing one too, and a checkpoint that does not need it is read instead.
func TestDamagedSegment(t *testing.T) {
	dir := t.TempDir()
	h := &callback.History{Metrics: []string{"m", "n"}}
	s := state(t, h)
	s.Sealed = &checkpoint.Sealed{}
	write := func(n int) string {
		for len(h.Epochs) < n {
			h.Epochs = append(h.Epochs, epoch(len(h.Epochs)+1))
		}
		s.Position.Epochs = n
		path := filepath.Join(dir, fmt.Sprintf("step-%012d.safetensors", n))
		if err := checkpoint.Write(path, s); err != nil {
			t.Fatal(err)
		}
		return path
	}
	early, late := write(10), write(600)
	segments, err := filepath.Glob(filepath.Join(dir, "*.history"))
	if err != nil || len(segments) != 1 {
		t.Fatalf("files %q (%v), want one", segments, err)
	}
	raw, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	other := append([]byte(nil), raw...)
	other[len(raw)-1] ^= 1
	for what, content := range map[string][]byte{"missing": nil, "cut": raw[:len(raw)/2], "modified": other} {
		if err := os.Remove(segments[0]); err != nil {
			t.Fatal(err)
		}
		if content != nil {
			if err := os.WriteFile(segments[0], content, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := restored(t, late); !errors.Is(err, tensorfile.ErrDamaged) {
			t.Errorf("%s: error %v", what, err)
		}
		got, _, warnings, err := (&checkpoint.Settings{Dir: dir, Resume: true}).Find()
		if err != nil || got != early || len(warnings) != 1 {
			t.Errorf("%s: found %q (%v) with %q, want %s", what, got, err, warnings, early)
		}
		if err := os.WriteFile(segments[0], raw, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A run of many epochs that is interrupted continues with its whole history, in the same folder and in another one, and ends with the same
// weights.
func TestLongRunResumes(t *testing.T) {
	d := traintest.Spirals(16, 1)
	config := func(c *train.Checkpoint) train.Config {
		return train.Config{Epochs: 520, Batch: 16, Validation: d, Checkpoint: c, Warn: func(string) {}}
	}
	alone := traintest.New(t)
	want := traintest.Fit(t, alone, d, config(nil))
	first := t.TempDir()
	from := func(c train.Checkpoint) *train.Checkpoint { c.EveryEpochs = 100; return &c }
	c := config(from(train.Checkpoint{Dir: first}))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c.Callbacks = []train.Callback{traintest.AtEpoch(func(s *train.State) error {
		if s.Epoch == 510 {
			cancel()
		}
		return nil
	})}
	if _, err := train.Fit(ctx, traintest.New(t), d, c); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	second := t.TempDir()
	for _, c := range []train.Checkpoint{{Dir: second, From: first}, {Dir: first, Resume: true}} { // in this order: the second run ends the first folder's
		what := fmt.Sprintf("%+v", c)
		net := traintest.New(t)
		got := traintest.Fit(t, net, d, config(from(c)))
		traintest.SameBits(t, what, net.Params, alone.Params)
		if len(got.Epochs) != len(want.Epochs) {
			t.Fatalf("%s: %d epochs, want %d", what, len(got.Epochs), len(want.Epochs))
		}
		if !reflect.DeepEqual(timeless(got.Epochs), timeless(want.Epochs)) {
			t.Errorf("%s: other epochs", what)
		}
	}
	if got := traintest.Fit(t, traintest.New(t), d, config(&train.Checkpoint{From: second})); !reflect.DeepEqual(timeless(got.Epochs), timeless(want.Epochs)) {
		t.Error("the second folder is not complete")
	}
}

// timeless returns epochs without their times.
func timeless(epochs []callback.Epoch) []callback.Epoch {
	out := slices.Clone(epochs)
	for i := range out {
		out[i].Seconds = 0
	}
	return out
}
