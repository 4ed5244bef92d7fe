package stream_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/predict/stream"
	"pgregory.net/rapid"
)

// upTo returns a function that returns the numbers below n and then io.EOF.
func upTo(n int) func(context.Context) (int, error) {
	next := 0
	return func(context.Context) (int, error) {
		if next == n {
			return 0, io.EOF
		}
		next++
		return next - 1, nil
	}
}

// Every block is answered once, in order, whatever takes how long, on any number of goroutines; never are more than two for each in memory.
func TestRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, workers := rapid.IntRange(0, 100).Draw(t, "blocks"), rapid.IntRange(1, 8).Draw(t, "workers")
		var got []int
		var held, most atomic.Int64
		next := upTo(n)
		read := func(ctx context.Context) (int, error) {
			if h := held.Add(1); h > most.Load() {
				most.Store(h)
			}
			return next(ctx)
		}
		err := stream.Run(context.Background(), workers, read, func(_ context.Context, i int) (int, error) {
			for range rand.IntN(50) {
				runtime.Gosched()
			}
			return i, nil
		}, func(i int) error {
			got = append(got, i)
			held.Add(-1)
			return nil
		})
		if err != nil || len(got) != n || most.Load() > int64(2*workers) {
			t.Fatalf("%d of %d blocks, %d in memory for %d workers: %v", len(got), n, most.Load(), workers, err)
		}
		for i, v := range got {
			if i != v {
				t.Fatalf("block %d in place %d", v, i)
			}
		}
	})
}

// The first error in order ends a run, from wherever it comes; what is before it has been put.
func TestRunErrors(t *testing.T) {
	failure := errors.New("no more")
	for name, at := range map[string]string{"next": "next", "do": "do", "put": "put", "panic in next": "next!", "panic in do": "do!", "panic in put": "put!", "end in do": "do EOF"} {
		var put int
		fail := func(where string, i int) error {
			switch {
			case i != 37 || !strings.HasPrefix(at, where):
				return nil
			case strings.HasSuffix(at, "!"):
				panic(failure)
			case strings.HasSuffix(at, "EOF"):
				return io.EOF
			}
			return failure
		}
		next := upTo(1000)
		err := stream.Run(t.Context(), 3, func(ctx context.Context) (int, error) {
			i, err := next(ctx)
			if err == nil {
				err = fail("next", i)
			}
			return i, err
		}, func(_ context.Context, i int) (int, error) { return i, fail("do", i) }, func(i int) error {
			if err := fail("put", i); err != nil {
				return err
			}
			put++
			return nil
		})
		if err == nil || put != 37 || !strings.HasSuffix(at, "EOF") && !strings.Contains(err.Error(), "no more") {
			t.Errorf("%s: %d blocks put, %v", name, put, err)
		}
	}
}

// When the context ends, so does a run, once what has begun has ended.
func TestRunCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var running atomic.Int64
	err := stream.Run(ctx, 4, upTo(1<<30), func(ctx context.Context, i int) (int, error) {
		running.Add(1)
		defer running.Add(-1)
		if i == 20 {
			cancel()
		}
		if i > 20 {
			<-ctx.Done()
			time.Sleep(time.Millisecond)
		}
		return i, nil
	}, func(int) error { return nil })
	if err != context.Canceled || running.Load() != 0 {
		t.Errorf("%v, %d are running", err, running.Load())
	}
}

// numbers is a source of n records, some of them long.
func numbers(n int) stream.Source[string] {
	i := 0
	return stream.Source[string]{
		Next: func() (string, error) {
			if i == n {
				return "", io.EOF
			}
			i++
			return strings.Repeat("x", i%7*i%50) + fmt.Sprint(i), nil
		},
		Text: func(r string) []string { return []string{r} }, Rows: 10, Weight: 100, WeightOf: func(r string) int { return len(r) },
	}
}

// blocksOf returns the blocks behind a place.
func blocksOf(t interface {
	Helper()
	Fatal(...any)
}, s stream.Source[string], from stream.Place) (blocks []*stream.Block[string]) {
	t.Helper()
	b, err := stream.NewBlocks(s)
	if err == nil {
		err = b.Skip(context.Background(), from)
	}
	for err == nil {
		var block *stream.Block[string]
		if block, err = b.Next(context.Background()); err == nil {
			blocks = append(blocks, block)
		}
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	return blocks
}

// Blocks have all records in order, keep the limits, and are the same behind any of them; a changed record before the place is found out.
func TestBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "records")
		all := blocksOf(t, numbers(n), stream.Place{})
		rows := 0
		for k, b := range all {
			weight := 0
			for _, r := range b.Records[:len(b.Records)-1] {
				weight += len(r)
			}
			rows += len(b.Records)
			if len(b.Records) > 10 || weight >= 100 || b.After.Rows != int64(rows) {
				t.Fatalf("block %d: %d records of weight %d up to %d", k, len(b.Records), weight, b.After.Rows)
			}
		}
		if rows != n {
			t.Fatalf("%d records, want %d", rows, n)
		}
		if n == 0 {
			return
		}
		k := rapid.IntRange(0, len(all)-1).Draw(t, "block")
		if got, want := blocksOf(t, numbers(n), all[k].After), all[k+1:]; fmt.Sprint(texts(got)) != fmt.Sprint(texts(want)) {
			t.Fatalf("behind block %d: %v, want %v", k, texts(got), texts(want))
		}
		at := rapid.IntRange(1, int(all[k].After.Rows)).Draw(t, "changed")
		changed, i := numbers(n), 0
		next := changed.Next
		changed.Next = func() (string, error) {
			r, err := next()
			if i++; i == at {
				r += "y"
			}
			return r, err
		}
		b, err := stream.NewBlocks(changed)
		if err == nil {
			err = b.Skip(context.Background(), all[k].After)
		}
		if !errors.Is(err, stream.ErrChanged) {
			t.Fatalf("record %d was changed: %v", at, err)
		}
	})
	b, err := stream.NewBlocks(numbers(3))
	if err == nil {
		err = b.Skip(t.Context(), stream.Place{Rows: 4})
	}
	if !errors.Is(err, stream.ErrChanged) {
		t.Errorf("fewer records: %v", err)
	}
}

func texts(blocks []*stream.Block[string]) (all []string) {
	for _, b := range blocks {
		all = append(all, fmt.Sprint(b.Records, b.After))
	}
	return all
}
