package parallel_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/parallel"
)

// fitted trains a network in several goroutines and returns its weights, those of all members being equal.
func fitted(t *testing.T, layer nn.Layer, size int, change func(rank int, c *train.Config)) ([]uint64, []*train.History) {
	t.Helper()
	nets := make([]*graphs.Network, size)
	histories, err := parallel.Fit(t.Context(), size, func(rank int) (parallel.Member, error) {
		nets[rank] = traintest.Network(t, layer, 2, graphs.CrossEntropy, 1)
		c := config()
		change(rank, &c)
		return parallel.Member{Net: nets[rank], Data: rows, Config: c}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := bits(t, nets[0])
	for rank, n := range nets {
		if !slices.Equal(bits(t, n), want) {
			t.Errorf("%d members: rank %d has other weights than rank 0", size, rank)
		}
	}
	return want, histories
}

// The weights and losses have the same bits for any number of members, with dropout and with batch statistics, and for any number of threads. They
// differ from those of the start, and the running statistics have moved.
func TestSameBits(t *testing.T) {
	for name, layer := range map[string]nn.Layer{"snn": traintest.Small, "batchnorm": graphs.BatchNorm{Layers: 2, Units: 16, Outputs: 3}} {
		want, histories := fitted(t, layer, 1, func(int, *train.Config) {})
		if slices.Equal(want, bits(t, traintest.Network(t, layer, 2, graphs.CrossEntropy, 1))) {
			t.Errorf("%s: nothing was trained", name)
		}
		for _, size := range []int{2, 3, 4, 8} {
			got, its := fitted(t, layer, size, func(rank int, c *train.Config) { c.Threads = 1 + rank%2 })
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d members have other weights than one", name, size)
			}
			for rank, h := range its {
				for i, e := range h.Epochs {
					if w := histories[0].Epochs[i]; e.Loss != w.Loss || e.ValidationLoss != w.ValidationLoss || e.Step != w.Step {
						t.Errorf("%s: rank %d of %d: epoch %+v, want %+v", name, rank, size, e, w)
					}
				}
			}
		}
	}
}

// A run that was interrupted in the middle of an epoch continues with any number of members to the same bits; rank 0 alone has the checkpoint.
func TestResume(t *testing.T) {
	layer := graphs.BatchNorm{Layers: 2, Units: 16, Outputs: 3}
	want, _ := fitted(t, layer, 1, func(int, *train.Config) {})
	for _, sizes := range [][2]int{{2, 4}, {4, 1}, {1, 3}} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := parallel.Fit(ctx, sizes[0], func(rank int) (parallel.Member, error) {
			c := config()
			c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true}
			if rank == sizes[0]-1 {
				c.Callbacks = []train.Callback{stopping{5, cancel}}
			}
			return parallel.Member{Net: traintest.Network(t, layer, 2, graphs.CrossEntropy, 1), Data: rows, Config: c}, nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("%d members: %v", sizes[0], err)
		}
		if saved, err := filepath.Glob(filepath.Join(dir, "step-*")); err != nil || len(saved) != 1 {
			t.Fatalf("%d members left the checkpoints %v (%v)", sizes[0], saved, err)
		}
		got, histories := fitted(t, layer, sizes[1], func(_ int, c *train.Config) { c.Checkpoint = &train.Checkpoint{Dir: dir, Resume: true} })
		if !slices.Equal(got, want) {
			t.Errorf("%d members after %d: other weights than without interruption", sizes[1], sizes[0])
		}
		for rank, h := range histories {
			if h.ResumedAt < 4 || h.ResumedAt > 5 || len(h.Epochs) != 2 {
				t.Errorf("rank %d resumed at step %d and has %d epochs", rank, h.ResumedAt, len(h.Epochs))
			}
		}
	}
}

// stopping is a callback that cancels the context at a step.
type stopping struct {
	at     int
	cancel func()
}

func (s stopping) AfterStep(_ context.Context, state *callback.State) error {
	if state.Step == s.at {
		s.cancel()
	}
	return nil
}

// Members that differ, that fail, or that end by themselves stop the others, with an error that says who and why.
func TestFailures(t *testing.T) {
	for want, change := range map[string]func(rank int, m *parallel.Member){
		"rank 1: its batch is 4, that of rank 0 8": func(rank int, m *parallel.Member) { m.Config.Batch -= 4 * rank },
		"rank 1: its epochs is 3":                  func(rank int, m *parallel.Member) { m.Config.Epochs += rank },
		"rank 1: its checksum of sampled data":     func(rank int, m *parallel.Member) { m.Data = traintest.Spirals(rows.Len(), uint64(rank)) },
		"rank 1: its initial weights": func(rank int, m *parallel.Member) {
			m.Net = traintest.Network(t, traintest.Small, 2, graphs.CrossEntropy, uint64(rank))
		},
		"stopped by the test": func(rank int, m *parallel.Member) {
			if rank == 1 {
				m.Config.Callbacks = []train.Callback{failing{4, errStop}}
			}
		},
		"rank 1: it has ended its training": func(rank int, m *parallel.Member) {
			if rank == 1 {
				m.Config.Callbacks = []train.Callback{failing{4, train.ErrStop}}
			}
		},
		"want at least one shard of a step for each of 2 processes": func(_ int, m *parallel.Member) { m.Config.Accumulate = 1 },
	} {
		_, err := parallel.Fit(t.Context(), 2, func(rank int) (parallel.Member, error) {
			m := parallel.Member{Net: traintest.Network(t, traintest.Small, 2, graphs.CrossEntropy, 1), Data: rows, Config: config()}
			change(rank, &m)
			return m, nil
		})
		mustSay(t, want, err, want)
	}
	groups, err := parallel.Local(2)
	if err != nil {
		t.Fatal(err)
	}
	groups[0].End(nil)
	c := config()
	c.Parallel = groups[0]
	_, err = train.Fit(t.Context(), traintest.New(t), rows, c)
	mustSay(t, "a group that has ended", err, "a group is for one training")
}

// failing is a callback that returns an error at a step.
type failing struct {
	at  int
	err error
}

func (f failing) AfterStep(_ context.Context, s *callback.State) error {
	if s.Step == f.at {
		return f.err
	}
	return nil
}

// address returns an address on which nobody listens now.
func address(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// processes runs several processes to their end and returns what they wrote about errors.
func processes(t *testing.T, size int, dir string) (net0 []byte) {
	t.Helper()
	at := address(t)
	wait := make([]func() error, size)
	for rank := range size {
		cmd, out := start(t, rank, size, at, dir, 0)
		wait[rank] = func() error {
			if err := cmd.Wait(); err != nil {
				return errors.Errorf("%v: %s", err, out)
			}
			return nil
		}
	}
	for rank, w := range wait {
		if err := w(); err != nil {
			t.Fatalf("rank %d of %d: %v", rank, size, err)
		}
		b, err := os.ReadFile(filepath.Join(dir, fmt.Sprint("net", rank)))
		if err != nil {
			t.Fatal(err)
		}
		if net0 == nil {
			net0 = b
		} else if !slices.Equal(b, net0) {
			t.Errorf("%d processes: rank %d has another network than rank 0", size, rank)
		}
	}
	return net0
}

// One, two and four processes have the same network. If one of four is killed, the others end with its rank; two processes continue to the same
// network.
func TestProcesses(t *testing.T) {
	want := processes(t, 1, t.TempDir())
	for _, size := range []int{2, 4} {
		if got := processes(t, size, t.TempDir()); !slices.Equal(got, want) {
			t.Errorf("%d processes have another network than one", size)
		}
	}
	dir, at := t.TempDir(), address(t)
	var others []func() (string, error)
	killed, out := start(t, 2, 4, at, dir, 5)
	for _, rank := range []int{0, 1, 3} {
		cmd, out := start(t, rank, 4, at, dir, 0)
		others = append(others, func() (string, error) {
			err := cmd.Wait()
			return out.String(), err
		})
	}
	for saved := 0; saved == 0; { // rank 2 waits after step 5, and rank 0 has saved after step 3
		all, err := filepath.Glob(filepath.Join(dir, "run", "step-*3.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		saved = len(all)
	}
	if err := killed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed.Wait()
	for i, other := range others {
		if text, err := other(); err == nil {
			t.Errorf("process %d of the others has no error", i)
		} else {
			mustSay(t, "the others", errors.New(text), "rank 2: the connection is closed: the process has ended or was killed")
		}
	}
	if got := processes(t, 2, dir); !slices.Equal(got, want) {
		t.Errorf("two processes after four, one of which was killed, have another network (%s)", out)
	}
}
