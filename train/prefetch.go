package train

import (
	"github.com/selfnorm/selfnorm/graphs"
)

// prefetcher gathers the next batch while the previous one is being trained on, if the run has more than one thread. Each
// machine has two sets of input tensors, which are used in turn.
type prefetcher struct {
	run   *run
	slot  int
	ready chan batch // the batch being gathered; nil if there is none
}

// batch is a machine and which of its sets of inputs has been filled.
type batch struct {
	machine *machine
	slot    int
	err     error
}

// start begins to gather rows, in another goroutine unless the run has one thread: waking a second one takes longer than a
// batch of a small task. The machine is made here, because graphs are built by one goroutine.
func (p *prefetcher) start(rows []int) {
	p.ready = make(chan batch, 1)
	m, err := p.run.machines.get(graphs.Train, len(rows))
	if err != nil {
		p.ready <- batch{err: err}
		return
	}
	p.slot = 1 - p.slot
	b := batch{machine: m, slot: p.slot}
	in, ready := m.slot(b.slot), p.ready
	gather := func() {
		b.err = p.run.data.Gather(rows, in.x, in.y, in.weights)
		ready <- b
	}
	if p.run.Threads == 1 {
		gather()
	} else {
		go gather()
	}
}

// wait returns the batch that start began with.
func (p *prefetcher) wait() batch {
	b := <-p.ready
	p.ready = nil
	return b
}

// stop waits for a batch that nobody will train on, so that the data are no longer in use.
func (p *prefetcher) stop() {
	if p.ready != nil {
		p.wait()
	}
}
