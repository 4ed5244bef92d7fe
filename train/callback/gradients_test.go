package callback_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

// Probes of gradients change neither the weights nor the other moments, and without them there are no gradients.
func TestProbesOfGradients(t *testing.T) {
	config := func(gradients bool) train.Config {
		return train.Config{Epochs: 3, Callbacks: []train.Callback{&callback.Probes{Every: 5, Gradients: gradients}}}
	}
	with, without := probed(t), probed(t)
	a, b := probesRun(t, with, config(true)), probesRun(t, without, config(false))
	traintest.SameBits(t, "with gradients", with.Params, without.Params)
	if len(a.Moments) != 5 || !callback.WantGradients(config(true).Callbacks) || callback.WantGradients(config(false).Callbacks) {
		t.Fatalf("%d moments", len(a.Moments))
	}
	for i := range a.Moments {
		if !a.Moments[i].HasGradients() || b.Moments[i].HasGradients() {
			t.Errorf("step %d: with %+v, without %+v", a.Moments[i].Step, a.Moments[i], b.Moments[i])
		}
		for k := range a.Moments[i].Layers {
			l := &a.Moments[i].Layers[k]
			if !(l.GradientVariance > 0 && l.PreGradientVariance > 0 && l.WeightGradientVariance > 0) {
				t.Errorf("step %d: %+v", a.Moments[i].Step, *l)
			}
			l.GradientVariance, l.PreGradientVariance, l.WeightGradientVariance = 0, 0, 0
		}
	}
	if diff := cmp.Diff(b.Moments, a.Moments); diff != "" {
		t.Errorf("moments (-without +with):\n%s", diff)
	}
}

// A run that was stopped and resumed has the same gradients.
func TestProbesOfGradientsResume(t *testing.T) {
	config := func(dir string) train.Config {
		c := train.Config{Epochs: 12, Callbacks: []train.Callback{&callback.Probes{Every: 1, Gradients: true}}}
		if dir != "" {
			c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
		}
		return probesConfig(c)
	}
	want := probesRun(t, probed(t), config(""))
	dir := t.TempDir()
	traintest.CancelAfter(t, 50, probed(t), gaussian(128, 5, 0, 1, 1), config(dir))
	got := probesRun(t, probed(t), config(dir))
	if diff := cmp.Diff(want.Moments, got.Moments); diff != "" || got.ResumedAt == 0 {
		t.Errorf("resumed at %d, moments (-uninterrupted +resumed):\n%s", got.ResumedAt, diff)
	}
}
