package parallel_test

import (
	"context"
	"math"
	"net"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/shards"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/parallel"
)

func surface() traintest.Surface {
	alone, err := parallel.Local(1)
	if err != nil {
		panic(err)
	}
	ended, _ := parallel.Local(1)
	ended[0].End(nil)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	closed.Close()
	short := parallel.Options{Timeout: time.Nanosecond}
	return traintest.Surface{
		Functions: map[string]any{
			"Local": parallel.Local, "Fit": parallel.Fit,
			"Listen": func(ctx context.Context, address string, size int) (*parallel.Group, error) {
				return parallel.Listen(ctx, address, size, short)
			},
			"Accept": func(ctx context.Context, l net.Listener, size int) (*parallel.Group, error) {
				return parallel.Accept(ctx, l, size, short)
			},
			"Join": func(ctx context.Context, address string, rank, size int) (*parallel.Group, error) {
				return parallel.Join(ctx, address, rank, size, short)
			},
		},
		Receivers: map[string][]any{"Group": {(*parallel.Group)(nil), new(parallel.Group), alone[0], ended[0]}},
		Odd: []any{
			closed, "127.0.0.1:0", "127.0.0.1:1", ":1", context.Background(), &train.ShardSum{}, &train.ShardSum{Shards: math.MaxInt, Most: math.MaxInt, PerShard: math.MaxInt},
			&train.ShardSum{Shards: 1, Most: 1, PerShard: 1, Losses: []float64{1}, Gradients: shards.NewStack(1, true)}, []train.Fact{{}}, []byte{1},
			func(int) (parallel.Member, error) { return parallel.Member{}, nil },
		},
	}
}

func TestNoPanics(t *testing.T)           { surface().NoPanics(t) }
func TestNoPanicsIsComplete(t *testing.T) { surface().Complete(t) }
