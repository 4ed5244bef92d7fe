package parallel

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/shards"
)

func mustSay(t testing.TB, what string, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("%s: error %v, want one that says %q", what, err, text)
	}
}

func listener(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// Strangers, processes with another secret, size, or rank are refused, and the group is made without them.
func TestHandshake(t *testing.T) {
	l := listener(t)
	at := l.Addr().String()
	made := make(chan error, 1)
	go func() {
		g, err := Accept(t.Context(), l, 3, Options{Secret: "right"})
		if err == nil {
			g.End(nil)
		}
		made <- err
	}()
	var open []net.Conn
	for _, text := range []string{"", "GET / HTTP/1.1\r\n\r\n", "h\xff\xff\xff\xff\xff\xff\xff\xff", "h\x3c\x00\x00\x00\x00\x00\x00\x00" + strings.Repeat("x", 60), "e\x01\x00\x00\x00\x00\x00\x00\x00x"} {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(conn, text)
		open = append(open, conn) // a stranger who waits
	}
	for want, join := range map[string]func() (*Group, error){
		"another secret":         func() (*Group, error) { return Join(t.Context(), at, 1, 3, Options{Secret: "wrong"}) },
		"a group of 3 processes": func() (*Group, error) { return Join(t.Context(), at, 1, 2, Options{Secret: "right"}) },
	} {
		_, err := join()
		mustSay(t, "a stranger", err, want)
	}
	joined := make(chan error, 3)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, rank := range []int{1, 1, 2} {
		go func() {
			g, err := Join(ctx, at, rank, 3, Options{Secret: "right"})
			if err == nil {
				g.End(nil)
			}
			joined <- err
		}()
	}
	if err := <-made; err != nil {
		t.Fatal(err)
	}
	members := 0
	for range 3 {
		// The second of rank 1 is refused, or comes when nobody listens any more, and would try again until its time is over.
		if err := <-joined; err == nil {
			if members++; members == 2 {
				cancel()
			}
		}
	}
	if members != 2 {
		t.Errorf("%d members of two ranks", members)
	}
	for _, conn := range open {
		conn.Close()
	}
}

// A group that nobody joins, or without rank 0, ends with the timeout or the context, and an address for others needs a secret.
func TestNobody(t *testing.T) {
	short := Options{Timeout: 20 * time.Millisecond}
	_, err := Accept(t.Context(), listener(t), 3, short)
	mustSay(t, "nobody joins", err, "2 of 3 processes have not joined")
	l := listener(t)
	at := l.Addr().String()
	l.Close()
	_, err = Join(t.Context(), at, 1, 2, short)
	mustSay(t, "nobody listens", err, "rank 0 cannot be reached")
	l = listener(t)
	_, err = Join(t.Context(), l.Addr().String(), 1, 2, short)
	mustSay(t, "nobody answers", err, "not all of 2 processes have joined")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Accept(ctx, listener(t), 2, Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	for _, address := range []string{":0", "0.0.0.0:0", "example.com:80", "10.0.0.1:7000"} {
		_, err := Listen(t.Context(), address, 2, Options{})
		mustSay(t, address, err, "want a secret")
		_, err = Join(t.Context(), address, 1, 2, Options{})
		mustSay(t, address, err, "want a secret")
	}
}

// A process that does not answer stops the others after the timeout.
func TestTimeout(t *testing.T) {
	groups, err := Local(2)
	if err != nil {
		t.Fatal(err)
	}
	groups[0].timeout = 10 * time.Millisecond
	_, err = groups[0].Agree(t.Context(), nil, nil)
	mustSay(t, "a silent process", err, "rank 1: it does not answer in time")
	_, err = groups[0].Agree(t.Context(), nil, nil)
	mustSay(t, "a broken group", err, "rank 1: it does not answer in time")
}

// shardSum is a step of 4 shards, of which rank 0 of 2 has computed its own.
func shardSum() *train.ShardSum {
	s := &train.ShardSum{Step: 1, Shards: 4, Most: 4, Gradients: shards.NewStack(3, false), Losses: make([]float64, 4), PerShard: 1}
	s.Gradients.Begin(4)
	for k := range 2 {
		v := s.Gradients.Room()
		copy(v.F32, []float32{1, 2, 3})
		s.Gradients.Push(shards.Node{Index: k, Sum: v})
	}
	return s
}

// No bytes that another process sends make rank 0 panic, wait, or make room for more than was announced by its own configuration.
func FuzzFrames(f *testing.F) {
	fuzztest.Brief(f)
	f.Add([]byte("e\x05\x00\x00\x00\x00\x00\x00\x00hello"))
	f.Add([]byte("g\x34\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00" + strings.Repeat("\x00", 36)))
	f.Add([]byte("f\x02\x00\x00\x00\x00\x00\x00\x00[]"))
	f.Add([]byte("h\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, call := range []func(g *Group) error{
			func(g *Group) error { return g.Sum(t.Context(), shardSum()) },
			func(g *Group) error { _, err := g.Agree(t.Context(), nil, nil); return err },
			func(g *Group) error { _, err := welcome(g.peers[0].conn, 2, Options{}); return err },
		} {
			groups, err := Local(2)
			if err != nil {
				t.Fatal(err)
			}
			it := groups[1].peers[0].conn
			go io.Copy(io.Discard, it)
			go func() {
				it.Write(text)
				it.Close()
			}()
			if err := call(groups[0]); err != nil && len(err.Error()) > 2*maxText {
				t.Errorf("an error of %d bytes", len(err.Error()))
			}
			groups[0].End(nil)
		}
	})
}
