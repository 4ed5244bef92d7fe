package main

import (
	"context"
	"slices"

	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
)

// wantsRefit reports whether the network is trained again on all rows: if there is one, its epoch was chosen by validation rows, and these are worth it.
func (e *experiment) wantsRefit(fitted *train.FittedEnsemble) bool {
	return e.refit && e.validation != nil && len(fitted.Ensemble) == 1 && fitted.Histories[0].Best > 0 && len(e.fit)+len(e.problem.validation) <= largeTable
}

// again trains the network once more from its first weights, on the validation rows too, for as many epochs as were best, and puts it in the place of the
// first one, whose calibration it gets. The rate follows the same schedule.
func (e *experiment) again(ctx context.Context, fitted *train.FittedEnsemble) error {
	old := fitted.Ensemble[0]
	net, err := graphs.New(old.Layer, old.Inputs, e.trainingLoss(e.options), graphs.Seed(e.Seed), graphs.OutputNames(old.Outputs[0].Columns...))
	if err != nil {
		return err
	}
	net.Encoder, net.Metadata, net.Outputs[0].Calibration = old.Encoder, old.Metadata, old.Outputs[0].Calibration
	all, err := e.subset(slices.Sorted(slices.Values(append(slices.Clone(e.fit), e.problem.validation...))))
	if err != nil {
		return err
	}
	c, err := e.Plain(0)
	if err != nil {
		return err
	}
	c.Batch = e.batchOf(all.Len())
	e.tune(&c)
	c.Warn, c.Callbacks = func(string) {}, []train.Callback{endAfter(fitted.Histories[0].Best)}
	if _, err := train.Fit(ctx, net, all, c); err != nil {
		return err
	}
	net.Outputs[0].Loss = e.loss
	fitted.Ensemble[0] = net
	return nil
}

// endAfter ends a training after a number of epochs.
type endAfter int

// AfterEpoch implements callback.EpochCallback.
func (n endAfter) AfterEpoch(_ context.Context, s *callback.State) error {
	if s.Epoch >= int(n) {
		return callback.ErrStop
	}
	return nil
}

// batchFor returns the rows of a step for a number of rows to train on.
func batchFor(rows int) int { return min(max(rows/stepsOfEpoch, minBatch), maxBatch) }

// refitNote says on how many rows the network was trained in the end.
func refitNote(rows, epochs int) string {
	return "trained again on all " + training.Count(rows) + " rows, validation rows included, for " + training.Count(epochs) + " epochs"
}
