package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

// judgedGroup is a group of members and its results.
type judgedGroup struct {
	name, settings    string
	result, outOfFold *train.Result // outOfFold is nil without folds
	seconds           float64       // of training, 0 for the networks
}

// threads is the number of threads to use.
func (o *options) threads() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// fitMembers trains the members that are no networks, and judges them. The first result is that of the networks.
func (e *experiment) fitMembers(ctx context.Context, fitted *train.FittedEnsemble, w io.Writer) (groups []*group, judged []judgedGroup, err error) {
	networks, err := metric.MeanResult(e.results...)
	if err != nil || len(e.members) == 0 {
		return nil, nil, err
	}
	judged = append(judged, judgedGroup{name: networksName, settings: fmt.Sprint(len(e.results)), result: networks, outOfFold: fitted.OutOfFold})
	for _, m := range e.members {
		began := time.Now()
		g, err := e.resumeMember(ctx, m)
		if err != nil {
			return nil, nil, errors.WithMessage(err, m.name)
		}
		one := judgedGroup{name: m.name, settings: m.settings(), seconds: time.Since(began).Seconds()}
		if one.result, one.outOfFold, err = e.judgeGroup(ctx, g, networks, fitted.OutOfFold); err != nil {
			return nil, nil, errors.WithMessage(err, m.name)
		}
		fmt.Fprintf(w, "%s, %s: mean ROC-AUC %.4f, %.1f s\n", one.name, one.settings, meanAUC(one.result), one.seconds)
		groups, judged = append(groups, g), append(judged, one)
	}
	e.table = nil
	return groups, judged, nil
}

// fitMember trains the models of a group: one on all rows, or one for each fold, which share the number of trees.
func (e *experiment) fitMember(ctx context.Context, m member) (*group, error) {
	g := &group{member: m, by: e.pooling}
	if e.folds == nil {
		one, err := m.fit(ctx, e, m.chosen, 0, e.fit)
		g.models = []model{one}
		return g, err
	}
	number := m.chosen
	if m.unit == "trees" {
		number = (number + len(e.folds) - 1) / len(e.folds)
	}
	for k, fold := range e.folds {
		one, err := m.fit(ctx, e, number, k, fold.Fit)
		if err != nil {
			return nil, err
		}
		g.models = append(g.models, one)
	}
	return g, nil
}

// judgeGroup returns the results on the judged rows, and on the rows that folds hold out, each by the model that has not seen it. networks and
// held are those of the networks.
func (e *experiment) judgeGroup(ctx context.Context, g *group, networks, held *train.Result) (result, outOfFold *train.Result, err error) {
	x := inputs{e.set.Features, e.data.Mols(), e.judged}
	values, err := g.scores(ctx, x, e.threads())
	if err != nil {
		return nil, nil, err
	}
	result = resultOf(networks, values)
	rates, err := e.data.BaseRates(e.fit)
	if err != nil {
		return nil, nil, err
	}
	e.predictUnreadable(result, rates)
	if held == nil {
		return result, nil, nil
	}
	values = values[:0:0]
	for k, m := range g.models {
		x.rows = e.folds[k].Held
		some, err := m.scores(ctx, x, e.threads())
		if err != nil {
			return nil, nil, err
		}
		values = append(values, some...)
	}
	if err := pool(values, g.by); err != nil {
		return nil, nil, err
	}
	if len(values) != len(held.Values) {
		return nil, nil, errors.Errorf("%d predictions for %d labels out of fold", len(values), len(held.Values))
	}
	return result, resultOf(held, values), nil
}

// scores returns the mean of the probabilities of the models, with pooled tasks.
func (g *group) scores(ctx context.Context, x inputs, threads int) ([]float64, error) {
	var sum []float64
	for _, m := range g.models {
		values, err := m.scores(ctx, x, threads)
		if err != nil {
			return nil, err
		}
		if sum == nil {
			sum = make([]float64, len(values))
		}
		for i, v := range values {
			sum[i] += v
		}
	}
	for i := range sum {
		sum[i] /= float64(len(g.models))
	}
	return sum, pool(sum, g.by)
}

// resultOf returns a result of other predictions for the same labels.
func resultOf(like *train.Result, values []float64) *train.Result {
	r := *like
	r.Values = slices.Clip(values)
	const least = 1e-7 // of a probability, since a forest may be certain and wrong
	sum, weight := 0.0, 0.0
	for i, y := range r.Labels {
		w := 1.0
		if r.Weights != nil {
			w = r.Weights[i]
		}
		if y != y || w == 0 {
			continue
		}
		p := min(max(r.Values[i], least), 1-least)
		sum -= w * (y*math.Log(p) + (1-y)*math.Log1p(-p))
		weight += w
	}
	r.Loss = sum / weight
	return &r
}

// together returns the result of all groups.
func together(rule string, groups []judgedGroup, of func(judgedGroup) *train.Result) (*train.Result, error) {
	var all [][]float64
	for _, g := range groups {
		all = append(all, of(g).Values)
	}
	values, err := combine(rule, networksWeight, all)
	if err != nil {
		return nil, err
	}
	return resultOf(of(groups[0]), values), nil
}
