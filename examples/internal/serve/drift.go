package serve

import (
	"math"
	"sync"
	"time"

	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// driftWindow is the number of served rows, sampled over time, whose moments are compared with those of training rows. firstRows is the
// number of rows whose moments stand for those of training if the file has none.
const driftWindow, firstRows = 1024, 1024

// sampleRows is the largest number of rows of one sample.
const sampleRows = 4 * training.MeterRows

// drift compares the moments of each layer for rows that are served with those of training, for the first network of a model. It sees a
// sample of the batches: one at most in each interval, so that it takes little time whatever the load.
type drift struct {
	every   time.Duration
	samples chan []float32
	width   int
	last    time.Time // of a sample; the batcher alone uses it

	mu       sync.Mutex
	baseline training.Moments
	origin   string // of the baseline: training, or first_served
	served   training.Moments
	rows     int // sampled in all
	failure  error
}

// newDrift starts the measurement. It returns nil if every is 0, and for networks that a meter cannot measure, such as those of sparse rows.
func newDrift(m *Model, every time.Duration) *drift {
	if every == 0 {
		return nil
	}
	meter, err := training.NewMeter(m.networks[0])
	if err != nil {
		return nil
	}
	d := &drift{every: every, samples: make(chan []float32, 1), width: m.networks[0].Columns(), origin: "training"}
	var ok bool
	if d.baseline, ok = training.MomentsOf(m.networks[0]); !ok {
		d.origin = "first_served"
	}
	go d.run(meter)
	return d
}

// see takes a sample of a batch if it is time to. It never waits.
func (d *drift) see(x []float32) {
	if d == nil || time.Since(d.last) < d.every {
		return
	}
	d.last = time.Now()
	select {
	case d.samples <- append([]float32(nil), x[:min(len(x), sampleRows*d.width)]...):
	default: // the sample before is still being measured
	}
}

// run measures samples until there are no more. It begins anew after driftWindow rows, so old rows are forgotten.
func (d *drift) run(meter *training.Meter) {
	defer meter.Close()
	for x := range d.samples {
		err := meter.Add(x)
		now := meter.Moments()
		d.mu.Lock()
		d.rows += len(x) / d.width
		d.failure = err
		switch {
		case err != nil || now.Rows == 0:
		case d.baseline.Layers == nil && now.Rows >= firstRows:
			d.baseline = now
			meter.Reset()
		case d.baseline.Layers == nil:
		default:
			d.served = now
			if now.Rows >= driftWindow {
				meter.Reset()
			}
		}
		d.mu.Unlock()
	}
}

func (d *drift) close() {
	if d != nil {
		close(d.samples)
	}
}

// write writes the moments as metrics.
func (d *drift) write(w *metricWriter) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	w.head("selfnorm_drift_rows_total", "counter", "Served rows whose layer moments were measured.")
	w.line("selfnorm_drift_rows_total", "", float64(d.rows))
	type moments struct {
		of     string
		layers []training.Layer
	}
	both := []moments{{d.origin, d.baseline.Layers}, {"served", d.served.Layers}}
	for _, m := range []struct {
		name, help string
		of         func(l training.Layer) float64
	}{
		{"selfnorm_layer_mean", "Mean of the activations of a layer.", func(l training.Layer) float64 { return l.Mean }},
		{"selfnorm_layer_variance", "Variance of the activations of a layer.", func(l training.Layer) float64 { return l.Variance }},
		{"selfnorm_layer_preactivation_mean", "Mean of the pre-activations of a layer.", func(l training.Layer) float64 { return l.PreMean }},
		{"selfnorm_layer_preactivation_variance", "Variance of the pre-activations of a layer.", func(l training.Layer) float64 { return l.PreVariance }},
	} {
		w.head(m.name, "gauge", m.help)
		for _, b := range both {
			for _, l := range b.layers {
				w.line(m.name, labels("layer", l.Name, "of", b.of), m.of(l))
			}
		}
	}
	if len(d.served.Layers) == 0 || len(d.served.Layers) != len(d.baseline.Layers) {
		return
	}
	w.head("selfnorm_layer_shift", "gauge", "Mean of the pre-activations served minus that of training, in standard deviations of training. Near 0 without drift.")
	for i, l := range d.served.Layers {
		b := d.baseline.Layers[i]
		w.line("selfnorm_layer_shift", labels("layer", l.Name), (l.PreMean-b.PreMean)/math.Sqrt(b.PreVariance))
	}
	w.head("selfnorm_layer_variance_ratio", "gauge", "Variance of the pre-activations served over that of training. Near 1 without drift.")
	for i, l := range d.served.Layers {
		w.line("selfnorm_layer_variance_ratio", labels("layer", l.Name), l.PreVariance/d.baseline.Layers[i].PreVariance)
	}
}
