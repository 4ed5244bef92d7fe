package search

import (
	"context"

	"github.com/pkg/errors"
)

// Shard runs one of several parts of the trials in this process, every Of-th one, for processes that share a search. Each has its own results file;
// Config.Merge brings them together. The part does not depend on which results are known. A search with a Shard ends with [Missing] if
// trials of other parts are missing.
type Shard struct {
	// Number counts from 1 to Of.
	Number, Of int
}

// Run implements Runner.
func (s Shard) Run(ctx context.Context, b *Batch) error {
	if s.Number < 1 || s.Number > s.Of {
		return errors.Errorf("search: shard %d of %d", s.Number, s.Of)
	}
	if b == nil || len(b.Positions) != len(b.Jobs) {
		return errors.New("search: no batch, or one without positions")
	}
	part := *b
	part.Jobs, part.Positions = nil, nil
	for i, j := range b.Jobs {
		if b.Positions[i]%s.Of == s.Number-1 {
			part.Jobs, part.Positions = append(part.Jobs, j), append(part.Positions, b.Positions[i])
		}
	}
	return Local{}.Run(ctx, &part)
}
