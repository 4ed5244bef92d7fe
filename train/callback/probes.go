package callback

import (
	"context"
	"encoding/json"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// maxMoments is the number of entries of History.Moments at which Probes keeps every second one.
const maxMoments = 1000

// Probes is a callback that watches every layer: it adds their moments to History.Moments in the first step and every Every
// steps after it, and warns when a network of SELU units leaves the conditions under which it normalizes itself
// (docs/probes.md lists the warnings). The moments of a step belong to the weights before its update and are taken before
// the dropout of the layer itself, but after that of the layers below: they are those of the training graph.
//
// A long run keeps at most 1,000 entries: when there are more, Probes drops every second one and doubles Every. Without Probes among the
// callbacks, Fit still checks occasionally and warns, but keeps no moments.
type Probes struct {
	// Every is the number of steps from one probe to the next. 0 means 50, or in a run of less than 1,000 steps a twentieth
	// of it, but not less than 10.
	Every int
	// Gradients adds the variances of the gradients at each layer to its moments: with respect to pre-activations, activations and weights.
	Gradients bool

	checkOnly bool // keep nothing
	every     int
	last      int // step of the last probe
	probes    map[*graphs.Graph][]graphs.Probe
	gradients map[*graphs.Graph][]graphs.GradientProbe
	advisor   advisor
	unkept    []LayerMoments // buffer for moments that only the checks see
}

// WithChecks returns the callbacks, followed by Probes that only check and warn if none are among them.
func WithChecks(callbacks []Callback) []Callback {
	for _, c := range callbacks {
		if _, ok := c.(*Probes); ok {
			return callbacks
		}
	}
	return append(callbacks[:len(callbacks):len(callbacks)], &Probes{checkOnly: true})
}

var (
	_ StartCallback        = (*Probes)(nil)
	_ SparseUpdateCallback = (*Probes)(nil)
	_ EpochCallback        = (*Probes)(nil)
	_ GradientCallback     = (*Probes)(nil)
	_ optim.Stateful       = (*Probes)(nil)
)

// AtStart implements StartCallback.
func (p *Probes) AtStart(_ context.Context, s *State) error {
	if p == nil || s == nil {
		return errors.New("Probes: there is no run; give them to train.Fit")
	}
	if p.Every < 0 {
		return errors.Errorf("Probes: every %d steps", p.Every)
	}
	fresh := Probes{Every: p.Every, Gradients: p.Gradients, checkOnly: p.checkOnly}
	if s.Resumed {
		fresh.every, fresh.advisor = p.every, p.advisor
		fresh.advisor.nets = nil // of the graphs of another run
	}
	*p = fresh
	return nil
}

// AfterEpoch implements EpochCallback.
func (p *Probes) AfterEpoch(_ context.Context, s *State) error {
	if p != nil && s != nil && s.Epoch == 1 && s.Graph != nil && p.advisor.judgesInputs(s.Graph, p.of(s.Graph)) {
		p.advisor.watchInputs(s, nil, true)
	}
	return nil
}

// UpdateDue implements SparseUpdateCallback.
func (p *Probes) UpdateDue(s *State) bool {
	if p == nil || s == nil || s.Graph == nil {
		return false
	}
	if s.Step == 1 || p.every == 0 || (s.Step-1)%p.every == 0 {
		return true
	}
	return p.advisor.Inputs.Rows < maxInputRows && p.advisor.judgesInputs(s.Graph, p.of(s.Graph))
}

// BeforeUpdate implements UpdateCallback.
func (p *Probes) BeforeUpdate(_ context.Context, s *State) error {
	if p == nil || s == nil || s.Graph == nil || s.History == nil {
		return errors.New("Probes: there is no graph; give it to train.Fit")
	}
	if p.every == 0 {
		p.every = p.stride(s.Steps)
	}
	net := p.advisor.net(s.Graph, p.of(s.Graph))
	if net != nil && net.input != nil {
		x, _ := s.Graph.Value(net.input).(*tensor.Dense)
		p.advisor.watchInputs(s, x, false)
	}
	if (s.Step-1)%p.every != 0 || s.Step == p.last { // with Config.Accumulate a step has several batches
		return nil
	}
	p.last = s.Step
	now, ok, err := p.read(s)
	if err != nil || !ok {
		return err
	}
	if net != nil {
		if s.Step == 1 {
			p.advisor.start(s, net, now)
		}
		p.advisor.during(s, net, now)
	}
	if p.checkOnly {
		p.unkept = now.Layers
		return nil
	}
	s.History.Moments = append(s.History.Moments, now)
	p.thin(s.History)
	return nil
}

// stride is the number of steps between the first probes of a run of so many steps.
func (p *Probes) stride(steps int) int {
	switch {
	case p.Every > 0:
		return p.Every
	case p.checkOnly:
		return max(10, min(200, steps/10))
	}
	return max(10, min(50, steps/20))
}

// of returns the probes of a graph.
func (p *Probes) of(g *graphs.Graph) []graphs.Probe {
	if p.probes[g] == nil {
		if p.probes == nil {
			p.probes = map[*graphs.Graph][]graphs.Probe{}
		}
		p.probes[g] = g.Probes()
	}
	return p.probes[g]
}

// read takes the moments of all layers. ok is false if some are not finite, which JSON could not hold.
func (p *Probes) read(s *State) (m Moments, ok bool, err error) {
	probes := p.of(s.Graph)
	m.Step, m.Layers = s.Step, p.unkept[:0]
	if !p.checkOnly {
		m.Layers = make([]LayerMoments, 0, len(probes))
	}
	for i := range probes {
		layer, err := probes[i].Read()
		if err != nil {
			return m, false, err
		}
		if err := p.readGradients(s.Graph, i, &layer); err != nil {
			return m, false, err
		}
		if !layer.Finite() {
			p.advisor.warn(s, adviceFinite, "the activations, weights or gradients of layer %q are no longer finite numbers (step %d); lower the learning rate, "+
				"or scale the inputs", layer.Name, s.Step)
			return m, false, nil
		}
		m.Layers = append(m.Layers, layer)
	}
	return m, true, nil
}

// readGradients adds the gradients of layer i, if they are wanted.
func (p *Probes) readGradients(g *graphs.Graph, i int, m *LayerMoments) error {
	if !p.Gradients {
		return nil
	}
	probes, ok := p.gradients[g]
	if !ok {
		if p.gradients == nil {
			p.gradients = map[*graphs.Graph][]graphs.GradientProbe{}
		}
		probes = g.GradientProbes()
		p.gradients[g] = probes
	}
	if i >= len(probes) {
		return errors.New("Probes: the graph does not keep the gradients of its layers; build it with LayerGradients")
	}
	return probes[i].Read(m)
}

// LayerGradients implements GradientCallback.
func (p *Probes) LayerGradients() bool { return p != nil && p.Gradients }

// thin drops every second entry of a history that has become too long.
func (p *Probes) thin(h *History) {
	if len(h.Moments) <= maxMoments {
		return
	}
	p.every *= 2
	kept := h.Moments[:0]
	for _, m := range h.Moments {
		if (m.Step-1)%p.every == 0 {
			kept = append(kept, m)
		}
	}
	clear(h.Moments[len(kept):])
	h.Moments = kept
}

// probesState is the state of Probes in a checkpoint.
type probesState struct {
	Every   int
	Advisor advisor
}

// Snapshot implements Stateful.
func (p *Probes) Snapshot() (optim.Snapshot, error) {
	if p == nil {
		return optim.Snapshot{}, errors.New("Probes: they are nil")
	}
	values, err := json.Marshal(probesState{p.every, p.advisor})
	return optim.Snapshot{Values: values}, errors.Wrap(err, "Probes")
}

// Restore implements Stateful.
func (p *Probes) Restore(s optim.Snapshot) error {
	var state probesState
	if err := json.Unmarshal(s.Values, &state); err != nil {
		return errors.Wrap(err, "Probes")
	}
	if p == nil || state.Every < 0 {
		return errors.Errorf("Probes: a state with a probe every %d steps", state.Every)
	}
	p.every, p.advisor = state.Every, state.Advisor
	return nil
}
