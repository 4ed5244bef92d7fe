package parallel

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
)

// Options are settings of the processes of a group.
type Options struct {
	// Secret must be the same in all processes. It may be empty if the address is of this machine alone, such as 127.0.0.1.
	Secret string
	// Timeout is how long a process waits for another one: to join, and in each step, in which others may validate or save first. 0 means 10
	// minutes.
	Timeout time.Duration
}

// maxSize is the greatest number of processes.
const maxSize = 1 << 10

const defaultTimeout = 10 * time.Minute

func (o Options) withDefaults() (Options, error) {
	if o.Timeout < 0 {
		return o, errors.Errorf("a timeout of %v, want 0 or more", o.Timeout)
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	return o, nil
}

// Group is one of several processes that train together. It is the Parallel of a train.Config, for one call of train.Fit.
type Group struct {
	rank, size int
	timeout    time.Duration
	peers      []*peer // of rank 0: ranks 1, 2, ...; of the others: rank 0

	mu     sync.Mutex
	broken error // why the group cannot go on
	ended  bool
}

var _ train.Processes = (*Group)(nil)

// peer is a connection to another process.
type peer struct {
	rank int
	conn net.Conn
	r    *bufio.Reader
	w    *bufio.Writer
}

// bufferSize is the room for what is sent and received, in bytes.
const bufferSize = 1 << 16

func newPeer(rank int, conn net.Conn) *peer {
	return &peer{rank, conn, bufio.NewReaderSize(conn, bufferSize), bufio.NewWriterSize(conn, bufferSize)}
}

// Rank implements train.Processes.
func (g *Group) Rank() int {
	if g == nil {
		return 0
	}
	return g.rank
}

// Size implements train.Processes. It is 0 for a group that none of this package's functions has made.
func (g *Group) Size() int {
	if g == nil {
		return 0
	}
	return g.size
}

// working calls f while ctx and the timeout last. If f fails, the group cannot go on, and the other processes hear why.
func (g *Group) working(ctx context.Context, f func() error) (err error) {
	if g == nil || g.size == 0 || ctx == nil {
		return errors.New("parallel: there are no processes, or no context")
	}
	g.mu.Lock()
	broken, ended := g.broken, g.ended
	g.mu.Unlock()
	switch {
	case broken != nil:
		return broken
	case ended:
		return errors.New("parallel: the group has ended; a group is for one training")
	}
	deadline := time.Now().Add(g.timeout)
	for _, p := range g.peers {
		p.conn.SetDeadline(deadline)
	}
	stop := context.AfterFunc(ctx, func() {
		for _, p := range g.peers {
			p.conn.SetDeadline(time.Unix(1, 0))
		}
	})
	defer stop()
	if err = f(); err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	err = errors.WithMessage(err, "parallel")
	g.fail(err)
	return err
}

// fail keeps an error, and sends it to the others.
func (g *Group) fail(err error) {
	g.mu.Lock()
	first := g.broken == nil && !g.ended
	if first {
		g.broken = err
	}
	g.mu.Unlock()
	if first {
		g.tell(err)
	}
}

// farewell is how long a process tries to tell another one that it ends.
const farewell = time.Second

// tell sends an error to the others, as far as that is possible.
func (g *Group) tell(err error) {
	text := fmt.Sprintf("rank %d: %v", g.rank, err)
	if named(err) { // it is of another one
		text = fmt.Sprint(errors.Cause(err))
	}
	var all sync.WaitGroup
	for _, p := range g.peers {
		all.Go(func() { p.leave(text) })
	}
	all.Wait()
}

// leave sends a text as the last frame. It reads what the other process is sending meanwhile, which might otherwise wait, or lose the text when the
// connection is closed.
func (p *peer) leave(text string) {
	p.conn.SetDeadline(time.Now().Add(farewell))
	read := make(chan struct{})
	go func() {
		defer close(read)
		io.Copy(io.Discard, p.conn)
	}()
	p.w.Reset(p.conn) // a frame that was not finished is lost
	p.sendText(frameError, text)
	if c, ok := p.conn.(*net.TCPConn); ok {
		c.CloseWrite()
	} else { // a pipe, of which the text has been read
		p.conn.Close()
	}
	<-read
}

// End implements train.Processes: it tells the others that this process has ended, and closes the connections.
func (g *Group) End(err error) {
	if g == nil || g.size == 0 {
		return
	}
	if err != nil {
		g.fail(err)
	} else if g.rank > 0 {
		g.mu.Lock()
		silent := g.broken != nil || g.ended
		g.mu.Unlock()
		if !silent {
			g.peers[0].leave(fmt.Sprintf("rank %d: it has ended its training", g.rank))
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.ended {
		g.ended = true
		for _, p := range g.peers {
			p.conn.Close()
		}
	}
}
