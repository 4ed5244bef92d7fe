package paper

import (
	"context"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/predict"
)

// Judge returns the value of a metric on a data set. It uses one thread, because trials run in parallel.
func Judge(ctx context.Context, net *graphs.Network, set *datasets.Set, m metric.Metric) (float64, error) {
	p, err := predict.New(net, nil)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	result, err := p.Evaluate(ctx, set)
	if err != nil {
		return 0, err
	}
	return m.Compute(result)
}
