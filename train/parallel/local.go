package parallel

import (
	"context"
	"net"
	"runtime"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// Local returns a group within one process, one Group for each goroutine that trains. A group of one sums the gradients as any group does, without
// others.
func Local(size int) ([]*Group, error) {
	if size < 1 || size > maxSize {
		return nil, errors.Errorf("parallel: %d members, want 1 to %d", size, maxSize)
	}
	groups := make([]*Group, size)
	for rank := range groups {
		groups[rank] = &Group{rank: rank, size: size, timeout: defaultTimeout}
		if rank > 0 {
			a, b := net.Pipe()
			groups[0].peers = append(groups[0].peers, newPeer(rank, a))
			groups[rank].peers = []*peer{newPeer(0, b)}
		}
	}
	return groups, nil
}

// Member holds the network, the data and the configuration of one goroutine.
type Member struct {
	// Net is a network of this member alone; those of all members have equal weights, in the end too.
	Net *graphs.Network
	// Data may be shared if several goroutines may call its Gather at once, as is so for *datasets.Set, train.Matrix and *rowfile.Part.
	Data train.Data
	// Config is the same for all members, but for Callbacks that only report. Fit sets Parallel, and Threads if it is 0: to a share of the processors.
	Config train.Config
}

// Fit trains one network in several goroutines. member returns what each of them trains, from rank 0 on. It returns the histories by rank and the errors of
// all members, the first one first.
func Fit(ctx context.Context, size int, member func(rank int) (Member, error)) ([]*train.History, error) {
	if ctx == nil || member == nil {
		return nil, errors.New("parallel: there is no context, or no function that returns the members")
	}
	groups, err := Local(size)
	if err != nil {
		return nil, err
	}
	members := make([]Member, size)
	for rank := range members {
		if members[rank], err = member(rank); err != nil {
			return nil, errors.Wrapf(err, "parallel: member %d", rank)
		}
		c := &members[rank].Config
		c.Parallel = groups[rank]
		if c.Threads == 0 {
			c.Threads = max(1, runtime.GOMAXPROCS(0)/size)
		}
	}
	histories, errs := make([]*train.History, size), make([]error, size)
	var all sync.WaitGroup
	for rank, m := range members {
		all.Go(func() { histories[rank], errs[rank] = train.Fit(ctx, m.Net, m.Data, m.Config) })
	}
	all.Wait()
	return histories, first(errs)
}

// first returns the error that the others are due to: that of a member itself, not that of a connection to it.
func first(errs []error) (err error) {
	for _, e := range errs {
		if e != nil && (err == nil || named(err) && !named(e)) {
			err = e
		}
	}
	return err
}
