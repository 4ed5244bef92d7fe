package parallel

import (
	"context"
	"encoding/json"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
)

// Agree implements train.Processes: every process sends its facts to rank 0, which compares them with its own and sends the state.
func (g *Group) Agree(ctx context.Context, facts []train.Fact, state []byte) (got []byte, err error) {
	err = g.working(ctx, func() error {
		text, err := json.Marshal(facts)
		switch {
		case err != nil:
			return errors.WithStack(err)
		case len(text) > maxFacts:
			return errors.Errorf("the facts of the run have %d bytes, the limit is %d", len(text), maxFacts)
		case int64(len(state)) > maxState:
			return errors.Errorf("the state of the run has %d bytes, the limit is %d", len(state), int64(maxState))
		}
		if g.rank > 0 {
			got, err = g.peers[0].sendFacts(text)
			return g.peers[0].fault(err)
		}
		got = state
		for _, p := range g.peers {
			if err := p.fault(p.compare(facts)); err != nil {
				return err
			}
		}
		for _, p := range g.peers {
			if err := p.fault(p.send(frameState, state)); err != nil {
				return err
			}
		}
		return nil
	})
	return got, err
}

// sendFacts sends the facts and receives the state.
func (p *peer) sendFacts(text []byte) ([]byte, error) {
	if err := p.send(frameFacts, text); err != nil {
		return nil, err
	}
	return p.receive(frameState, maxState)
}

// compare receives facts, and returns an error that names the first that differs.
func (p *peer) compare(facts []train.Fact) error {
	text, err := p.receive(frameFacts, maxFacts)
	if err != nil {
		return err
	}
	var its []train.Fact
	if err := json.Unmarshal(text, &its); err != nil {
		return errors.Wrap(err, "its facts")
	}
	for i, f := range facts {
		switch {
		case i >= len(its) || its[i].Name != f.Name:
			return errors.Errorf("its configuration is another one: rank 0 has the %s %s", f.Name, short(f.Value))
		case its[i].Value != f.Value:
			return errors.Errorf("its %s is %s, that of rank 0 %s", f.Name, short(its[i].Value), short(f.Value))
		}
	}
	if len(its) > len(facts) {
		return errors.Errorf("its configuration is another one: it has the %s %s", its[len(facts)].Name, short(its[len(facts)].Value))
	}
	return nil
}

// short is the beginning of a text.
func short(s string) string {
	const most = 200
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
