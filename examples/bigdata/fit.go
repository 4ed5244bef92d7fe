package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/datasets/rowfile"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// The formats of the networks: tabular reads those of a table that was converted, and rows without an encoder have the scaler of their features.
var (
	tabular = training.Format{Program: "tabular", Version: 1}
	scaled  = training.Format{Program: "bigdata", Version: 1}
)

// problem is a file of rows, ready for training.
type problem struct {
	fit, validation *rowfile.Part // validation is nil if there are no such rows
	encoder         []byte
	loss            graphs.Loss
	metric          metric.Metric
}

// fit trains a network on a file of rows.
func fit(ctx context.Context, o *options, w io.Writer) error {
	if err := o.tryTraining(); err != nil {
		return err
	}
	f, err := rowfile.Open(o.rows)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := o.prepare(ctx, f, w)
	if err != nil {
		return err
	}
	net, err := o.network(f.Description(), p)
	if err != nil {
		return err
	}
	c, err := o.config(p)
	if err != nil {
		return err
	}
	if err := o.join(ctx, &c); err != nil {
		return err
	}
	meter := &meter{}
	c.Callbacks = append(c.Callbacks, meter)
	h, err := train.Fit(ctx, net, p.fit, c)
	if h != nil {
		for _, e := range h.Epochs {
			fmt.Fprintln(w, describeEpoch(e, p))
		}
		meter.report(w)
	}
	if err != nil {
		return program.MemoryHint(err)
	}
	if o.out == "" {
		return nil
	}
	if err := net.Save(o.out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "saved: %s\n", o.out)
	return err
}

// prepare divides the rows and chooses loss and scale.
func (o *options) prepare(ctx context.Context, f *rowfile.File, w io.Writer) (*problem, error) {
	d := f.Description()
	p := &problem{fit: f.All(), loss: graphs.MSE, metric: metric.RMSE}
	if share := min(0.1, float64(o.validation)/float64(d.Rows)); share > 0 {
		var err error
		if p.fit, p.validation, err = p.fit.Split(share, o.seed); err != nil {
			return nil, err
		}
		fmt.Fprintf(w, "%s rows to train on, %s for validation; %d features\n", training.Count(p.fit.Len()), training.Count(p.validation.Len()), d.Width)
	} else {
		fmt.Fprintf(w, "%s rows to train on, none for validation; %d features\n", training.Count(p.fit.Len()), d.Width)
	}
	if d.Classes != nil {
		p.loss, p.metric = graphs.CrossEntropy, metric.Accuracy
	}
	if d.Encoder == nil {
		return p, p.scale(ctx, w)
	}
	encoder := &csv.Encoder{}
	if err := json.Unmarshal(d.Encoder, encoder); err != nil {
		return nil, errors.Wrap(err, o.rows)
	}
	if encoder.Problem() == csv.Binary {
		p.loss, p.metric = graphs.BCE, metric.MeanROCAUC
	}
	var err error
	p.encoder, err = tabular.Encode(encoder)
	return p, err
}

// scale standardizes the features by statistics from one pass over the training rows.
func (p *problem) scale(ctx context.Context, w io.Writer) error {
	began := time.Now()
	m, err := p.fit.Moments(ctx)
	if err != nil {
		return err
	}
	s, err := m.Scaler(datasets.Standardize, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "scale of the features: one pass over the training rows, %.1f s\n", time.Since(began).Seconds())
	if p.fit, err = p.fit.Scaled(s); err != nil {
		return err
	}
	if p.validation != nil {
		if p.validation, err = p.validation.Scaled(s); err != nil {
			return err
		}
	}
	p.encoder, err = scaled.Encode(s)
	return err
}

// network returns a new network.
func (o *options) network(d rowfile.Description, p *problem) (*graphs.Network, error) {
	outputs := d.Classes
	if outputs == nil {
		outputs = d.Tasks
	}
	o.hidden.Outputs = p.fit.Outputs()
	layer, err := graphs.ByName("snn", o.hidden)
	if err != nil {
		return nil, err
	}
	net, err := graphs.New(layer, p.fit.Inputs(), p.loss, graphs.Seed(o.seed), graphs.OutputNames(outputs...))
	if err != nil {
		return nil, err
	}
	net.Encoder, net.Metadata = p.encoder, map[string]string{"data": d.Notes}
	return net, nil
}

func (o *options) config(p *problem) (c train.Config, err error) {
	c = train.Config{Epochs: o.epochs, Batch: o.batch, Seed: o.seed, Threads: o.threads, Callbacks: []train.Callback{&callback.Probes{}}}
	if c.Optimizer, err = optim.ByName(o.optimizer, o.rate, 0); err != nil {
		return c, err
	}
	if c.Schedule, err = optim.ParseSchedule(o.schedule); err != nil {
		return c, err
	}
	if p.validation != nil {
		c.Validation, c.Metric = p.validation, p.metric
	}
	if !o.quiet {
		c.Callbacks = append(c.Callbacks, &callback.Progress{})
	}
	if o.checkpoint != "" {
		c.Checkpoint = &train.Checkpoint{Dir: o.checkpoint, Resume: true, EverySteps: o.every}
	}
	return c, nil
}

func describeEpoch(e train.Epoch, p *problem) string {
	text := fmt.Sprintf("epoch %d: training loss %.4f", e.Number, e.Loss)
	if e.Validated {
		text += fmt.Sprintf("; validation loss %.4f, %s %.4f", e.ValidationLoss, p.metric.Name, e.ValidationMetric)
	}
	return text
}
