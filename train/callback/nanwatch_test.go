package callback_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
)

// faulty is a network whose second layer returns f and has the slope of it, and whose loss stays finite whatever that is.
func faulty(f, slope func() float64) nn.Layer {
	fault := ops.Elementwise{Name: "Fault", F: func(x float64) float64 { return x + f() }, Slope: func(_, _ float64) float64 { return slope() }}
	bounded := ops.Elementwise{
		Name: "Bounded",
		F: func(x float64) float64 {
			if math.IsNaN(x) {
				return 0
			}
			return min(max(x, -1), 1)
		},
		Slope: func(x, _ float64) float64 {
			if x > -1 && x < 1 {
				return 1
			}
			return 0
		},
	}
	return nn.Sequential{nn.Dense{Units: 8}, nn.BatchNorm{}, nn.Dense{Units: 6, Activation: fault.Apply}, nn.Func(bounded.Apply), nn.Dense{Units: 3}}
}

// Whatever is not finite in step 7 although the loss is, the run ends in that step with an error that says what, the weights and the
// checkpoint are those of step 6, and a run without the fault continues from there.
func TestNaNWatch(t *testing.T) {
	for name, test := range map[string]struct {
		f, slope float64 // in step 7, added to those of an identity
		weight   string  // set to NaN after step 6
		want     []string
	}{
		"gradient":   {slope: math.NaN(), want: []string{`the gradient of parameter "dense2.bias" of layer "dense2" has 6 NaN and 0 infinite of 6 elements`, "no weight was changed"}},
		"activation": {f: math.Inf(1), want: []string{`the activations of layer "dense2" have 0 NaN and 96 infinite of 96 elements, the first at [0 0]`}},
		"NaN":        {f: math.NaN(), want: []string{`the activations of layer "dense2" have 96 NaN`}},
		"statistics": {weight: "batchnorm1.variance", want: []string{`parameter "batchnorm1.variance" of layer "batchnorm1", as the step before left it, has 1 NaN`}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var f, slope float64
			net := traintest.Network(t, faulty(func() float64 { return f }, func() float64 { return 1 + slope }), 2, graphs.CrossEntropy, 1)
			fresh := net.Clone()
			var before *nn.Params
			c := traintest.Config()
			every := 1
			if test.weight != "" {
				every = 5 // a checkpoint would see it, too
			}
			c.Checkpoint = &train.Checkpoint{Dir: dir, EverySteps: every, Resume: true}
			c.Callbacks = []train.Callback{&callback.NaNWatch{}, traintest.AtStep(func(s *train.State) error {
				if s.Step != 6 {
					return nil
				}
				before = s.Params.Clone()
				f, slope = test.f, test.slope
				if p := s.Params.Get(test.weight); p != nil {
					p.Value.Float32s()[2] = float32(math.NaN())
				}
				return nil
			})}
			_, err := train.Fit(context.Background(), net, traintest.Rows(), c)
			if !errors.Is(err, train.ErrDiverged) {
				t.Fatalf("error %v", err)
			}
			for _, want := range append(test.want, "epoch 2, step 7") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want one that says %q", err, want)
				}
			}
			if test.weight != "" {
				return
			}
			for _, p := range before.All() {
				if p.Trainable && !slices.Equal(p.Value.Float32s(), net.Params.Get(p.Name).Value.Float32s()) {
					t.Errorf("%s has been changed", p.Name)
				}
			}
			m, err := tensorfile.Read(filepath.Join(dir, "step-000000000006.safetensors"))
			if err != nil {
				t.Fatal(err)
			}
			traintest.SameBits(t, "checkpoint", m.Params, before)
			f, slope, test.f, test.slope = 0, 0, 0, 0
			if h := traintest.Fit(t, fresh, traintest.Rows(), c); len(h.Epochs) != 3 || h.ResumedAt != 6 {
				t.Errorf("continued: %+v", h)
			}
		})
	}
}

// With Every it looks at those steps alone, it changes nothing in a run without faults, and features that are not finite are no divergence.
func TestNaNWatchEvery(t *testing.T) {
	w := &callback.NaNWatch{Every: 3}
	for step, want := range map[int]bool{1: false, 3: true, 4: false, 6: true} {
		if got := w.UpdateDue(&train.State{Step: step}); got != want {
			t.Errorf("step %d: due is %t", step, got)
		}
	}
	plain, watched := traintest.New(t), traintest.New(t)
	for net, callbacks := range map[*graphs.Network][]train.Callback{plain: nil, watched: {&callback.NaNWatch{}}} {
		c := traintest.Config()
		c.Callbacks = callbacks
		traintest.Fit(t, net, traintest.Rows(), c)
	}
	traintest.SameBits(t, "watched", watched.Params, plain.Params)

	c := traintest.Config()
	c.Callbacks = []train.Callback{&callback.NaNWatch{Every: -1}}
	if _, err := train.Fit(context.Background(), traintest.New(t), traintest.Rows(), c); err == nil || !strings.Contains(err.Error(), "every -1 steps") {
		t.Errorf("error %v", err)
	}
	data := traintest.Rows()
	data.X.Float32s()[5] = float32(math.Inf(1))
	saturated := nn.Sequential{nn.Func(ops.Sigmoid), nn.Dense{Units: 3}} // 1 at infinity
	c.Callbacks = []train.Callback{&callback.NaNWatch{}}
	if _, err := train.Fit(context.Background(), traintest.Network(t, saturated, 2, graphs.CrossEntropy, 1), data, c); err == nil || errors.Is(err, train.ErrDiverged) ||
		!strings.Contains(err.Error(), "features of this batch") {
		t.Errorf("error %v", err)
	}
}

// One look at a network of 8 hidden layers and a batch of 128 rows, and one step.
func BenchmarkNaNWatch(b *testing.B) {
	data := traintest.OneBatch(128, 1024)
	for _, units := range []int{64, 256, 1024} {
		fit := func(b *testing.B, epochs int, c ...train.Callback) {
			b.Helper()
			net := traintest.Network(b, graphs.SNN{Layers: 8, Units: units, Outputs: 12}, 1024, graphs.BCE, 1)
			traintest.Fit(b, net, data, train.Config{Batch: data.Len(), Epochs: epochs, Optimizer: optim.Adam{Rate: 1e-5}, Callbacks: c})
		}
		b.Run(fmt.Sprintf("8x%d/look", units), func(b *testing.B) {
			fit(b, 1, traintest.AtStep(func(s *train.State) error {
				w := &callback.NaNWatch{}
				for b.Loop() {
					if err := w.BeforeUpdate(context.Background(), s); err != nil {
						return err
					}
				}
				return nil
			}))
		})
		b.Run(fmt.Sprintf("8x%d/step", units), func(b *testing.B) { fit(b, b.N) })
	}
}
