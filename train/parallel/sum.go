package parallel

import (
	"context"
	"encoding/binary"
	"io"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/shards"
)

// headSize is the length of the beginning of a sum: step, number of shards, checksum.
const headSize = 24

// Sum implements train.Processes: every process sends the sums of its shards to rank 0, which sends back the sum of all.
func (g *Group) Sum(ctx context.Context, s *train.ShardSum) error {
	return g.working(ctx, func() error {
		if s == nil || s.Gradients == nil || s.Shards < 1 || s.Shards > s.Most || s.Most < g.size || s.PerShard < 1 || len(s.Losses) != s.Shards*s.PerShard {
			return errors.New("there are no gradients, or other numbers of losses than of shards")
		}
		if g.rank > 0 {
			return g.peers[0].fault(g.sendSum(g.peers[0], s))
		}
		for _, p := range g.peers {
			if err := p.fault(g.receiveSum(p, s)); err != nil {
				return err
			}
		}
		root, err := s.Gradients.Root()
		if err != nil {
			return err
		}
		for _, p := range g.peers {
			if err := p.fault(p.sendTotal(s, root)); err != nil {
				return err
			}
		}
		return nil
	})
}

// shares returns the shards of a process.
func (g *Group) shares(rank int, s *train.ShardSum) (from, to int) {
	return shards.Range(rank, g.size, s.Most, s.Shards)
}

// sumSize returns the length of what a process sends.
func sumSize(from, to int, s *train.ShardSum) int64 {
	return headSize + 8*int64(to-from)*int64(s.PerShard) + int64(len(shards.Blocks(from, to)))*bytesOf(s.Gradients.Width(), s.Gradients.Double())
}

// sendSum sends what this process has computed, and receives the total.
func (g *Group) sendSum(p *peer, s *train.ShardSum) error {
	from, to := g.shares(g.rank, s)
	nodes := s.Gradients.Nodes()
	if len(nodes) != len(shards.Blocks(from, to)) {
		return errors.Errorf("%d sums for the shards %d to %d", len(nodes), from, to)
	}
	if err := p.begin(frameSum, sumSize(from, to, s)); err != nil {
		return err
	}
	if _, err := p.w.Write(sumHead(s)); err != nil {
		return err
	}
	if err := p.sendVector(shards.Vector{F64: s.Losses[from*s.PerShard : to*s.PerShard]}); err != nil {
		return err
	}
	for _, n := range nodes {
		if err := p.sendVector(n.Sum); err != nil {
			return err
		}
	}
	if err := p.w.Flush(); err != nil {
		return err
	}
	want := 8*int64(len(s.Losses)) + bytesOf(s.Gradients.Width(), s.Gradients.Double())
	if n, err := p.expect(frameTotal, want); err != nil {
		return err
	} else if n != want {
		return errors.Errorf("it sends %d bytes of sums, want %d", n, want)
	}
	if err := p.receiveVector(shards.Vector{F64: s.Losses}); err != nil {
		return err
	}
	v := s.Gradients.Room()
	if err := p.receiveVector(v); err != nil {
		return err
	}
	s.Gradients.Replace(v)
	return nil
}

func sumHead(s *train.ShardSum) []byte {
	head := make([]byte, 0, headSize)
	head = binary.LittleEndian.AppendUint64(head, uint64(s.Step))
	head = binary.LittleEndian.AppendUint64(head, uint64(s.Shards))
	return binary.LittleEndian.AppendUint64(head, s.Check)
}

// receiveSum adds what another process has computed.
func (g *Group) receiveSum(p *peer, s *train.ShardSum) error {
	from, to := g.shares(p.rank, s)
	want := sumSize(from, to, s)
	n, err := p.expect(frameSum, math.MaxInt64)
	if err != nil {
		return err
	}
	if n < headSize {
		return errors.Errorf("it sends %d bytes of sums, want %d", n, want)
	}
	head := make([]byte, headSize)
	if _, err := io.ReadFull(p.r, head); err != nil {
		return err
	}
	step, count := binary.LittleEndian.Uint64(head), binary.LittleEndian.Uint64(head[8:])
	switch {
	case step != uint64(s.Step) || count != uint64(s.Shards):
		return errors.Errorf("it is at step %d with %d shards, rank 0 at step %d with %d: all processes must do the same steps", step, count, s.Step, s.Shards)
	case binary.LittleEndian.Uint64(head[16:]) != s.Check:
		return errors.Errorf("before step %d its weights or its learning rate are others than those of rank 0", s.Step)
	case n != want:
		return errors.Errorf("it sends %d bytes of sums, want %d", n, want)
	}
	if err := p.receiveVector(shards.Vector{F64: s.Losses[from*s.PerShard : to*s.PerShard]}); err != nil {
		return err
	}
	for _, node := range shards.Blocks(from, to) {
		node.Sum = s.Gradients.Room()
		if err := p.receiveVector(node.Sum); err != nil {
			return err
		}
		s.Gradients.Push(node)
	}
	return nil
}

// sendTotal sends the sum of all shards, and their losses.
func (p *peer) sendTotal(s *train.ShardSum, root shards.Vector) error {
	if err := p.begin(frameTotal, 8*int64(len(s.Losses))+bytesOf(s.Gradients.Width(), s.Gradients.Double())); err != nil {
		return err
	}
	if err := p.sendVector(shards.Vector{F64: s.Losses}); err != nil {
		return err
	}
	if err := p.sendVector(root); err != nil {
		return err
	}
	return p.w.Flush()
}
