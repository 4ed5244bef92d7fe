package parallel

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"net"
	"time"

	"github.com/pkg/errors"
)

// magic begins a connection. Its number changes with the protocol.
const magic = "selfnorm parallel 1\n"

// The lengths of parts of the handshake.
const (
	nonceSize = 32
	helloSize = len(magic) + 8 + nonceSize
	proofSize = sha256.Size
)

// handshakeTime bounds the handshake with a process that has connected, and mostWaiting the number of those that are at it.
const handshakeTime, mostWaiting = 10 * time.Second, 64

// proof proves that the one with the role knows the secret.
func proof(secret, role string, hello, nonce []byte) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(role))
	m.Write(hello)
	m.Write(nonce)
	return m.Sum(nil)
}

// checkAddress returns an error for an address that others can reach without a secret.
func checkAddress(address string, o Options) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return errors.WithStack(err)
	}
	if ip := net.ParseIP(host); o.Secret == "" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.Errorf("the address %s can be reached from other machines: want a secret", address)
	}
	return nil
}

// Listen makes the group of rank 0: it waits on a TCP address until size-1 others have joined. It returns an error for an address without a secret that
// is not of this machine alone, and when ctx or the timeout ends. A connection that is not of this group is refused and changes nothing.
func Listen(ctx context.Context, address string, size int, o Options) (*Group, error) {
	if err := checkAddress(address, o); err != nil {
		return nil, errors.Wrap(err, "parallel")
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, errors.Wrap(err, "parallel")
	}
	return Accept(ctx, l, size, o)
}

// Accept is [Listen] for an open listener, which it closes.
func Accept(ctx context.Context, l net.Listener, size int, o Options) (*Group, error) {
	if l == nil {
		return nil, errors.New("parallel: there is no listener")
	}
	defer l.Close()
	o, err := o.withDefaults()
	if err == nil {
		err = checkAddress(l.Addr().String(), o)
	}
	if err == nil && (ctx == nil || size < 1 || size > maxSize) {
		err = errors.Errorf("%d processes, want 1 to %d, and a context", size, maxSize)
	}
	if err != nil {
		return nil, errors.Wrap(err, "parallel")
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	g := &Group{size: size, timeout: o.Timeout}
	joined, err := accept(ctx, l, size, o)
	if err != nil {
		return nil, errors.Wrap(err, "parallel")
	}
	g.peers = joined[1:]
	return g, nil
}

// accept returns the processes that have joined, by rank.
func accept(ctx context.Context, l net.Listener, size int, o Options) (joined []*peer, err error) {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	ready, done, waiting := make(chan *peer), make(chan struct{}), make(chan struct{}, mostWaiting)
	defer close(done)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			select {
			case waiting <- struct{}{}:
			case <-done:
				conn.Close()
				return
			}
			go func() {
				p, err := welcome(conn, size, o)
				<-waiting
				if err != nil {
					conn.Close()
					return
				}
				select {
				case ready <- p:
				case <-done:
					conn.Close()
				}
			}()
		}
	}()
	joined = make([]*peer, size)
	for missing := size - 1; missing > 0; {
		select {
		case p := <-ready:
			if joined[p.rank] != nil {
				p.sendText(frameError, "another process has this rank")
				p.conn.Close()
				continue
			}
			joined[p.rank] = p
			missing--
		case <-ctx.Done():
			for _, p := range joined {
				if p != nil {
					p.conn.Close()
				}
			}
			return nil, errors.Wrapf(ctx.Err(), "%d of %d processes have not joined", missing, size)
		}
	}
	for _, p := range joined[1:] {
		p.conn.SetDeadline(time.Now().Add(handshakeTime))
		if err := p.fault(p.send(frameHello, nil)); err != nil {
			return nil, err
		}
	}
	return joined, nil
}

// welcome makes sure that a connection is of a process of this group.
func welcome(conn net.Conn, size int, o Options) (*peer, error) {
	conn.SetDeadline(time.Now().Add(handshakeTime))
	p := newPeer(0, conn)
	hello, err := p.receive(frameHello, int64(helloSize))
	if err != nil {
		return nil, err
	}
	if len(hello) != helloSize || string(hello[:len(magic)]) != magic {
		return nil, errors.New("it speaks another protocol")
	}
	rank, its := binary.LittleEndian.Uint32(hello[len(magic):]), binary.LittleEndian.Uint32(hello[len(magic)+4:])
	nonce := make([]byte, nonceSize)
	rand.Read(nonce)
	if err := p.send(frameHello, append(nonce, proof(o.Secret, "rank 0", hello, nonce)...)); err != nil {
		return nil, err
	}
	answer, err := p.receive(frameHello, proofSize)
	switch {
	case err != nil:
		return nil, err
	case !hmac.Equal(answer, proof(o.Secret, "member", hello, nonce)):
		err = errors.New("rank 0 has another secret")
	case int(its) != size:
		err = errors.Errorf("rank 0 has a group of %d processes, not %d", size, its)
	case rank < 1 || int(rank) >= size:
		err = errors.Errorf("rank %d is not between 1 and %d", rank, size-1)
	}
	if err != nil {
		p.sendText(frameError, err.Error())
		return nil, err
	}
	p.rank = int(rank)
	return p, nil
}

// Join makes the group of another rank, from 1 to size-1: it connects to rank 0, which may start later. It returns an error if rank 0 refuses, such as
// for another secret, and when ctx or the timeout ends.
func Join(ctx context.Context, address string, rank, size int, o Options) (*Group, error) {
	g, err := join(ctx, address, rank, size, o)
	return g, errors.Wrap(err, "parallel")
}

func join(ctx context.Context, address string, rank, size int, o Options) (*Group, error) {
	o, err := o.withDefaults()
	if err == nil {
		err = checkAddress(address, o)
	}
	if err == nil && (ctx == nil || size > maxSize || rank < 1 || rank >= size) {
		err = errors.Errorf("rank %d of %d processes, want 1 to %d of at most %d, and a context", rank, size, size-1, maxSize)
	}
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	conn, err := dial(ctx, address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	p := newPeer(0, conn)
	if err := p.fault(p.introduce(ctx, rank, size, o)); err != nil {
		stop()
		conn.Close()
		if ctx.Err() != nil {
			err = errors.Wrapf(ctx.Err(), "not all of %d processes have joined", size)
		}
		return nil, err
	}
	if !stop() {
		return nil, ctx.Err()
	}
	return &Group{rank: rank, size: size, timeout: o.Timeout, peers: []*peer{p}}, nil
}

// retry is the time between two tries to reach rank 0.
const retry = 50 * time.Millisecond

// dial connects to rank 0, again and again until it listens.
func dial(ctx context.Context, address string) (net.Conn, error) {
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "tcp", address)
		if err == nil {
			return conn, nil
		}
		select {
		case <-ctx.Done():
			return nil, errors.Wrapf(err, "rank 0 cannot be reached")
		case <-time.After(retry):
		}
	}
}

// introduce is the other side of welcome. It ends when all processes have joined.
func (p *peer) introduce(ctx context.Context, rank, size int, o Options) error {
	hello := append([]byte(magic), make([]byte, 8+nonceSize)...)
	binary.LittleEndian.PutUint32(hello[len(magic):], uint32(rank))
	binary.LittleEndian.PutUint32(hello[len(magic)+4:], uint32(size))
	rand.Read(hello[len(magic)+8:])
	p.conn.SetDeadline(time.Now().Add(handshakeTime))
	if err := p.send(frameHello, hello); err != nil {
		return err
	}
	answer, err := p.receive(frameHello, nonceSize+proofSize)
	if err != nil {
		return err
	}
	if len(answer) != nonceSize+proofSize {
		return errors.New("it speaks another protocol")
	}
	nonce := answer[:nonceSize]
	if !hmac.Equal(answer[nonceSize:], proof(o.Secret, "rank 0", hello, nonce)) {
		return errors.New("it has another secret")
	}
	if err := p.send(frameHello, proof(o.Secret, "member", hello, nonce)); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok {
		p.conn.SetDeadline(deadline)
	}
	_, err = p.receive(frameHello, 0)
	return err
}
