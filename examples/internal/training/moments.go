package training

import (
	"encoding/json"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// momentsKey is the name of the text that holds the moments of training rows: Moments as JSON.
const momentsKey = "moments"

// MeterRows is the number of rows that a Meter runs at once.
const MeterRows = 64

// momentRows is the number of training rows whose moments are saved.
const momentRows = 16 * MeterRows

// Moments are means and variances of what a network computes for some rows, without dropout: of its inputs, then layer by layer.
type Moments struct {
	Rows   int     `json:"rows"`
	Layers []Layer `json:"layers"`
}

// Layer holds the moments of one layer over rows and units: of the input of its activation function, and of its output. Those of the
// inputs of the network are under the name "input".
type Layer struct {
	Name        string  `json:"name"`
	PreMean     float64 `json:"pre_mean"`
	PreVariance float64 `json:"pre_variance"`
	Mean        float64 `json:"mean"`
	Variance    float64 `json:"variance"`
}

// Meter computes moments for rows that come one after the other. It is not safe for concurrent use.
type Meter struct {
	graph  *graphs.Graph
	vm     G.VM
	probes []graphs.Probe
	width  int
	block  []float32 // rows that have come since the last run
	runs   int
	sums   []Layer // of means, and of means of squares
}

// NewMeter returns a meter for a network with one dense input. For others it returns an error.
func NewMeter(net *graphs.Network) (m *Meter, err error) {
	defer recovered("meter", &err)
	if net == nil {
		return nil, errors.New("meter: there is no network")
	}
	if len(net.Inputs) != 1 || net.Inputs[0].Kind != batch.Dense || net.Inputs[0].Shape != nil {
		return nil, errors.New("meter: the network has not one dense input alone")
	}
	g, err := net.Build(net.Config(graphs.Evaluate, MeterRows).Unlabelled())
	if err != nil {
		return nil, errors.Wrap(err, "meter")
	}
	ops.UseWorkers(g.G, nil)
	m = &Meter{graph: g, vm: G.NewTapeMachine(g.G), probes: g.Probes(), width: net.Inputs[0].Width}
	m.block = make([]float32, 0, MeterRows*m.width)
	m.Reset()
	return m, nil
}

// Reset forgets all rows.
func (m *Meter) Reset() {
	m.block, m.runs, m.sums = m.block[:0], 0, make([]Layer, 1+len(m.probes))
	m.sums[0].Name = "input"
	for i := range m.probes {
		m.sums[1+i].Name = m.probes[i].Name
	}
}

// Add adds rows, row-major, as the network reads them. They count as soon as MeterRows of them have come.
func (m *Meter) Add(x []float32) error {
	if len(x)%m.width != 0 {
		return errors.Errorf("meter: %d elements for rows of %d columns", len(x), m.width)
	}
	for len(x) > 0 {
		n := min(len(x), cap(m.block)-len(m.block))
		m.block, x = append(m.block, x[:n]...), x[n:]
		if len(m.block) < cap(m.block) {
			return nil
		}
		if err := m.run(); err != nil {
			return err
		}
		m.block = m.block[:0]
	}
	return nil
}

// run adds the moments of a full block.
func (m *Meter) run() (err error) {
	defer recovered("meter", &err)
	switch to := m.graph.X.Value().Data().(type) {
	case []float32:
		copy(to, m.block)
	case []float64:
		for i, v := range m.block {
			to[i] = float64(v)
		}
	}
	m.vm.Reset()
	if err := m.vm.RunAll(); err != nil {
		return errors.Wrap(ops.Cause(err), "meter")
	}
	var mean, square float64
	for _, v := range m.block {
		mean += float64(v)
		square += float64(v) * float64(v)
	}
	mean /= float64(len(m.block))
	variance := square/float64(len(m.block)) - mean*mean
	now := []Layer{{PreMean: mean, PreVariance: variance, Mean: mean, Variance: variance}}
	for i := range m.probes {
		l, err := m.probes[i].Read()
		if err != nil {
			return err
		}
		now = append(now, Layer{PreMean: l.PreMean, PreVariance: l.PreVariance, Mean: l.Mean, Variance: l.Variance})
	}
	for i, l := range now {
		s := &m.sums[i]
		s.PreMean += l.PreMean
		s.PreVariance += l.PreVariance + l.PreMean*l.PreMean
		s.Mean += l.Mean
		s.Variance += l.Variance + l.Mean*l.Mean
	}
	m.runs++
	return nil
}

// Moments returns the moments of all rows that count. Without any it has no layers.
func (m *Meter) Moments() Moments {
	out := Moments{Rows: m.runs * MeterRows}
	if m.runs == 0 {
		return out
	}
	n := float64(m.runs)
	for _, s := range m.sums {
		l := Layer{Name: s.Name, PreMean: s.PreMean / n, Mean: s.Mean / n}
		l.PreVariance = max(0, s.PreVariance/n-l.PreMean*l.PreMean)
		l.Variance = max(0, s.Variance/n-l.Mean*l.Mean)
		out.Layers = append(out.Layers, l)
	}
	return out
}

// Close frees the machine.
func (m *Meter) Close() error { return m.vm.Close() }

// MomentsOf returns the moments that a training has saved with a network; ok is false if there are none.
func MomentsOf(net *graphs.Network) (m Moments, ok bool) {
	text, ok := net.Metadata[momentsKey]
	if !ok || json.Unmarshal([]byte(text), &m) != nil || len(m.Layers) == 0 {
		return Moments{}, false
	}
	return m, true
}

// momentsText computes the moments of a network on rows of a set, evenly chosen if there are many, as the text to be saved. It is empty
// for a network that a Meter cannot measure, and for one whose moments are not finite.
func momentsText(net *graphs.Network, set *datasets.Set, rows []int) string {
	m, err := NewMeter(net)
	if err != nil || len(rows) == 0 {
		return ""
	}
	defer m.Close()
	n := max(MeterRows, min(len(rows), momentRows)/MeterRows*MeterRows)
	x := make([]float32, m.width)
	for i := range n {
		row := rows[i%len(rows)]
		if len(rows) > n {
			row = rows[i*len(rows)/n]
		}
		if set.Features.Gather(x, m.width, []int{row}) != nil || m.Add(x) != nil {
			return ""
		}
	}
	text, err := json.Marshal(m.Moments())
	if err != nil {
		return ""
	}
	return string(text)
}

func recovered(what string, err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("%s: panic: %v\n%s", what, r, debug.Stack())
	}
}
