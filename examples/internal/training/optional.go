package training

import (
	"context"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
)

// optional is a log without which the run goes on: an error after the start ends the log and is passed to failed.
type optional struct {
	log    train.Callback
	flag   string
	failed func(flag string, err error)
	first  bool // of the first network
	ended  bool
}

// AtStart implements callback.StartCallback. Its error ends the run if that has not cost any time yet.
func (l *optional) AtStart(ctx context.Context, s *train.State) error {
	l.ended = false
	c, ok := l.log.(callback.StartCallback)
	if !ok {
		return nil
	}
	err := c.AtStart(ctx, s)
	if l.first {
		return err
	}
	l.check(s, err)
	return nil
}

// AfterStep implements callback.StepCallback.
func (l *optional) AfterStep(ctx context.Context, s *train.State) error {
	if c, ok := l.log.(callback.StepCallback); ok && !l.ended {
		l.check(s, c.AfterStep(ctx, s))
	}
	return nil
}

// AfterEpoch implements callback.EpochCallback.
func (l *optional) AfterEpoch(ctx context.Context, s *train.State) error {
	if c, ok := l.log.(callback.EpochCallback); ok && !l.ended {
		l.check(s, c.AfterEpoch(ctx, s))
	}
	return nil
}

// AtEnd implements callback.EndCallback.
func (l *optional) AtEnd(ctx context.Context, s *train.State) error {
	if c, ok := l.log.(callback.EndCallback); ok && !l.ended {
		l.check(s, c.AtEnd(ctx, s))
	}
	return nil
}

// AtFailure implements callback.FailureCallback.
func (l *optional) AtFailure(s *train.State, err error) {
	if c, ok := l.log.(callback.FailureCallback); ok && !l.ended {
		c.AtFailure(s, err)
	}
}

func (l *optional) check(s *train.State, err error) {
	if err != nil {
		l.AtFailure(s, err)
		l.ended = true
		l.failed(l.flag, err)
	}
}
