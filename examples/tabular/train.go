package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
	"gorgonia.org/tensor"
)

// window is the number of epochs over which early stopping takes the mean of the validation loss.
const window = 3

// The rows of a training step without -batch are so many that an epoch has some 16 steps, within these bounds.
const minBatch, maxBatch, stepsOfEpoch = 8, 256, 16

// trainAndReport trains the networks, prints the results, and saves what is asked for.
func trainAndReport(ctx context.Context, o options, w io.Writer) error {
	if err := o.MakeRoom(map[string]string{"out": o.out}); err != nil {
		return err
	}
	page, err := o.NewPage(o.title(), w)
	if err != nil {
		return err
	}
	return page.Finish(trainAll(ctx, o, page, w))
}

// title names the table.
func (o *options) title() string {
	if name := o.builtIn(); name != "" {
		return name
	}
	return filepath.Base(o.data)
}

// trainAll is trainAndReport with a page.
func trainAll(ctx context.Context, o options, page *program.Page, w io.Writer) error {
	begin := time.Now()
	p, err := prepare(o)
	if err != nil {
		return err
	}
	o = p.complete(o)
	notes := p.describe(o)
	page.Describe(p.curves(), notes...)
	for _, n := range notes {
		fmt.Fprintln(w, n)
	}
	if err := p.printNetwork(o, w); err != nil {
		return err
	}
	fitted, err := p.train(ctx, o, page, w)
	if err != nil {
		return err
	}
	r, err := p.judge(ctx, o, fitted)
	if err != nil {
		return err
	}
	page.First(p.pageResults(r.evaluations)...)
	if o.out != "" {
		if err := p.save(o.out, fitted.Ensemble, r); err != nil {
			return err
		}
	}
	if o.ONNX != "" {
		if err := p.writeONNX(o, fitted.Ensemble[0].Params); err != nil {
			return err
		}
	}
	r.Seconds = time.Since(begin).Seconds()
	if err := r.print(w); err != nil {
		return err
	}
	if o.out != "" {
		fmt.Fprintf(w, "saved: %s; predict new rows with -predict new.csv -model %[1]s\n", o.out)
	}
	if o.JSON == "" {
		return nil
	}
	return program.WriteJSON(o.JSON, r)
}

// complete sets what depends on the table.
func (p *problem) complete(o options) options {
	o.Hidden.Outputs = p.set.Outputs()
	if !o.batchGiven {
		o.Batch = min(max(len(p.fit)/stepsOfEpoch, minBatch), maxBatch)
	}
	return o
}

// train trains the networks.
func (p *problem) train(ctx context.Context, o options, page *program.Page, w io.Writer) (*train.FittedEnsemble, error) {
	data, err := p.set.Subset(p.fit)
	if err != nil {
		return nil, err
	}
	validation, err := p.subset(p.validation)
	if err != nil {
		return nil, err
	}
	if p.folds != nil {
		data = p.set // of which the folds take their rows
	}
	warn := p.warner(w)
	return train.FitEnsemble(ctx, o.Model(), data, train.EnsembleConfig{
		Members: o.Members.N, Folds: p.folds,
		Member: func(k int) (train.Config, error) {
			var more []train.Callback
			if p.folds != nil || validation != nil {
				more = append(more, &train.EarlyStopping{Window: window, Patience: o.patience, Lower: true})
			}
			c, err := o.Config(k, page, more...)
			c.Loss, c.Warn = p.loss, warn
			if validation != nil {
				c.Validation = validation
			}
			return c, err
		},
		Done: func(k int, m *graphs.Model, h *train.History, held *train.Result) error {
			fmt.Fprintf(w, "network %d of %d, %s: %s\n", k+1, o.Members.N, o.Name(k), summary(h))
			return nil
		},
	})
}

// warner returns what prints the warnings of the trainings, each once. That features do not have mean 0 and variance 1 is no news where
// there are categories: they stay 0 and 1.
func (p *problem) warner(w io.Writer) func(warning string) {
	mean, sd := p.encoder.Scale()
	categories, said := false, map[string]bool{}
	for j := range mean {
		categories = categories || mean[j] == 0 && sd[j] == 1
	}
	return func(warning string) {
		kind, _, _ := strings.Cut(warning, ":")
		if said[kind] || categories && strings.HasPrefix(warning, "the inputs") {
			return
		}
		said[kind] = true
		fmt.Fprintln(w, "warning: "+warning)
	}
}

// summary says in one line how a training went.
func summary(h *train.History) string {
	last := h.Epochs[len(h.Epochs)-1]
	text := fmt.Sprintf("%d epochs, training loss %.4f", len(h.Epochs), last.Loss)
	if h.Best > 0 {
		text += fmt.Sprintf("; kept epoch %d, validation loss %.4f", h.Best, h.Epochs[h.Best-1].ValidationLoss)
	}
	return text
}

// subset returns the given rows, or nil if there are none.
func (p *problem) subset(rows []int) (*datasets.Set, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	return p.set.Subset(rows)
}

// judge makes the report of what the networks say of test, validation and held-out rows.
func (p *problem) judge(ctx context.Context, o options, fitted *train.FittedEnsemble) (*report, error) {
	r := newReport(o, p)
	r.Params = fitted.Ensemble[0].Params.Size()
	for _, part := range []struct {
		name string
		rows []int
	}{{"test", p.test}, {"validation", p.validation}} {
		set, err := p.subset(part.rows)
		if err != nil {
			return nil, err
		}
		if set == nil {
			continue
		}
		result, err := fitted.Evaluate(ctx, set, kernel.Shared())
		if err != nil {
			return nil, err
		}
		r.add(part.name, p.inUnits(result))
	}
	if fitted.OutOfFold != nil {
		r.add("out of fold", p.inUnits(fitted.OutOfFold))
	}
	if len(r.evaluations) > 0 {
		r.add("baseline", p.baseline(r.evaluations[0].result))
	}
	return r, r.compute()
}

// curves says what the rows of the validation curves are.
func (p *problem) curves() string {
	switch {
	case p.folds != nil:
		return "rows held out"
	case p.validation != nil:
		return "validation rows"
	}
	return ""
}

// describe says in sentences what there is to learn from.
func (p *problem) describe(o options) []string {
	rows := fmt.Sprintf("Rows: %d to train on", len(p.fit))
	switch {
	case p.folds != nil:
		rows += fmt.Sprintf(", in %d folds", len(p.folds))
	case p.validation != nil:
		rows += fmt.Sprintf(", %d for validation", len(p.validation))
	}
	rows += fmt.Sprintf(", %d for the test; %d features.", len(p.test), p.set.Inputs())
	return append([]string{"Data: " + p.set.Notes + "."}, append(p.notes, rows)...)
}

// printNetwork prints the network.
func (p *problem) printNetwork(o options, w io.Writer) error {
	params, err := nn.NewParams(tensor.Float32, o.Seed)
	if err != nil {
		return err
	}
	g, err := graphs.Build(o.Model(), params, graphs.Config{
		Mode: graphs.Train, Batch: min(o.Batch, len(p.fit)), Inputs: p.set.Inputs(), Loss: p.loss,
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s network for training\n%s\n", o.Net, g.Summary())
	return err
}
