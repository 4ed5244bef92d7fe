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
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
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
func (e *experiment) fitMembers(ctx context.Context, fitted *train.FittedEnsemble, w io.Writer) (groups []*molecular.Group, judged []judgedGroup, err error) {
	networks, err := metric.MeanResult(e.results...)
	if err != nil || len(e.members) == 0 {
		return nil, nil, err
	}
	judged = append(judged, judgedGroup{name: molecular.Networks, settings: fmt.Sprint(len(e.results)), result: networks, outOfFold: fitted.OutOfFold})
	d := &molecular.Data{Features: e.set.Features, Names: e.set.FeatureNames, Mols: e.data.Mols(), Labels: e.set.Labels, Seed: e.Seed, Threads: e.threads()}
	for _, m := range e.members {
		began := time.Now()
		g, err := e.resumeMember(ctx, d, m)
		if err != nil {
			return nil, nil, errors.WithMessage(err, m.Name)
		}
		one := judgedGroup{name: m.Name, settings: g.Settings, seconds: time.Since(began).Seconds()}
		if one.result, one.outOfFold, err = e.judgeGroup(ctx, d, g, networks, fitted.OutOfFold); err != nil {
			return nil, nil, errors.WithMessage(err, m.Name)
		}
		fmt.Fprintf(w, "%s, %s: mean ROC-AUC %.4f, %.1f s\n", one.name, one.settings, meanAUC(one.result), one.seconds)
		groups, judged = append(groups, g), append(judged, one)
	}
	return groups, judged, nil
}

// fitMember trains the models of a group: one on all rows, or one for each fold.
func (e *experiment) fitMember(ctx context.Context, d *molecular.Data, m molecular.Member) (*molecular.Group, error) {
	rows := [][]int{e.fit}
	if e.folds != nil {
		rows = nil
		for _, fold := range e.folds {
			rows = append(rows, fold.Fit)
		}
	}
	return d.Fit(ctx, m, rows, e.pooling)
}

// judgeGroup returns the results on the judged rows, and on the rows that folds hold out, each by the model that has not seen it. networks and
// out are those of the networks.
func (e *experiment) judgeGroup(ctx context.Context, d *molecular.Data, g *molecular.Group, networks, out *train.Result) (result, outOfFold *train.Result, err error) {
	values, err := d.Scores(ctx, g, e.judged)
	if err != nil {
		return nil, nil, err
	}
	result = resultOf(networks, values)
	rates, err := e.data.BaseRates(e.fit)
	if err != nil {
		return nil, nil, err
	}
	e.predictUnreadable(result, rates)
	if out == nil {
		return result, nil, nil
	}
	var held [][]int
	for _, fold := range e.folds {
		held = append(held, fold.Held)
	}
	if values, err = d.HeldScores(ctx, g, held); err != nil {
		return nil, nil, err
	}
	if len(values) != len(out.Values) {
		return nil, nil, errors.Errorf("%d predictions for %d labels out of fold", len(values), len(out.Values))
	}
	return result, resultOf(out, values), nil
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
	values, err := molecular.Combine(rule, molecular.NetworksWeight, all)
	if err != nil {
		return nil, err
	}
	return resultOf(of(groups[0]), values), nil
}
