package train_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
)

var (
	hidden  = graphs.Hidden{Layers: 4, Units: 48, Outputs: 3, Dropout: 0.05}
	network = graphs.SNN(hidden)

	spirals    = traintest.Spirals
	newNetwork = traintest.Network
	fit        = traintest.Fit
	matrix     = traintest.Matrix
	vector     = traintest.Vector
	baseConfig = traintest.Config
	sameBits   = traintest.SameBits
	oneBatch   = traintest.OneBatch
)

type (
	atStep       = traintest.AtStep
	atEpoch      = traintest.AtEpoch
	beforeUpdate = traintest.BeforeUpdate
	steps        = traintest.Steps
)

// evaluate judges and fails the test on an error.
func evaluate(t testing.TB, net *graphs.Network, d train.Data) *train.Result {
	t.Helper()
	r, err := train.Evaluate(context.Background(), net, d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sameHistory reports differences in anything but times and the step at which a run was resumed.
func sameHistory(t testing.TB, what string, got, want *train.History) {
	t.Helper()
	options := []cmp.Option{
		cmpopts.IgnoreFields(train.Epoch{}, "Seconds"), cmpopts.IgnoreFields(train.History{}, "ResumedAt"), cmpopts.EquateNaNs(), cmpopts.EquateEmpty(),
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Fatalf("%s: history (-want +got):\n%s", what, diff)
	}
}
