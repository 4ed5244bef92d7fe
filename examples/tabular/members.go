package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// networksExplained is said where an ensemble has other members than networks.
const networksExplained = "the networks alone are explained, not the trees beside them"

// memberReport describes a kind of members as -json writes it, with the log loss out of fold of the kind alone.
type memberReport struct {
	Name    string  `json:"name"`
	Weight  float64 `json:"weight"`
	LogLoss float64 `json:"log_loss"`
}

// fitMembers trains the members beside the networks, if there are any, and adds them to the report. The predictions out of fold become those of all.
func (e *experiment) fitMembers(ctx context.Context, fitted *train.FittedEnsemble, r *report) error {
	kinds := e.kindsFor(e.encoder.Problem())
	if e.folds == nil || len(kinds) == 0 || fitted.OutOfFold == nil {
		return nil
	}
	threads := e.Threads
	if threads == 0 {
		threads = kernel.Shared().Threads()
	}
	m, losses, err := members.Fit(ctx, kinds, e.set, e.folds, fitted.OutOfFold, e.Seed, threads)
	if err != nil {
		return err
	}
	r.members = m
	for k, loss := range losses {
		name := "networks"
		if k > 0 {
			name = kinds[k-1].Name
		}
		r.Members = append(r.Members, memberReport{name, m.Weights[k], loss})
	}
	return nil
}

// evaluateAll judges an ensemble and the members beside it on labelled rows.
func evaluateAll(ctx context.Context, networks train.Ensemble, beside *members.Members, set *datasets.Set) (*train.Result, error) {
	r, err := networks.Evaluate(ctx, set, kernel.Shared())
	if err != nil {
		return nil, err
	}
	return r, beside.Evaluate(ctx, r, set.Features)
}

// Arrays implements training.Arrayed.
func (r *report) Arrays() (map[string]any, error) {
	_, arrays, err := r.members.Pack()
	return arrays, err
}

// printMembers writes how the members are weighted.
func (r *report) printMembers(w io.Writer) {
	if len(r.Members) == 0 {
		return
	}
	var parts []string
	for _, m := range r.Members {
		parts = append(parts, fmt.Sprintf("%s %.2f (log loss alone %.4f)", m.Name, m.Weight, m.LogLoss))
	}
	fmt.Fprintf(w, "members: weights chosen out of fold: %s\n", strings.Join(parts, ", "))
}
