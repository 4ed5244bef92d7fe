package answers

import (
	"fmt"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// shardRun is the number of records in a row that a shard answers before those of the other shards follow. It is fixed, so that the answers of all
// shards can be brought into the order of the file: a run of each shard in turn.
const shardRun = 128

// part leaves only the records of a shard.
func (a *Run[R, C]) part(s program.Shard) {
	if s.IsWhole() {
		return
	}
	next, n := a.Source.Next, int64(-1)
	a.Source.Next = func() (R, error) {
		for {
			r, err := next()
			if n++; err != nil || n/shardRun%int64(s.Of) == int64(s.Number-1) {
				return r, err
			}
		}
	}
	a.Settings = append(a.Settings, stream.Fact{Name: "-shard", Value: fmt.Sprintf("%d/%d", s.Number, s.Of)})
	a.Check = func() error { return nil } // a part may have no record that can be read
}
