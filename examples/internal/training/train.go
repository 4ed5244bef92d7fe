package training

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/train"
)

// Setup describes a training program.
type Setup struct {
	// Title is the title of the page.
	Title string
	// Format is that of the saved networks.
	Format Format
	// Inputs are files that no output may replace, in addition to -data.
	Inputs []string
}

// Train trains the networks that the flags ask for, prints the results, and writes the files that the flags name.
func Train(ctx context.Context, o *Flags, s Setup, e Experiment, w io.Writer) error {
	files := o.files()
	for _, path := range s.Inputs {
		files.In("-data", path)
	}
	if err := files.Try(); err != nil {
		return err
	}
	page, err := o.newPage(s.Title, w)
	if err != nil {
		return err
	}
	r := &run{Flags: o, Experiment: e, format: s.Format, page: page, out: w, began: time.Now()}
	return page.finish(program.MemoryHint(r.all(ctx)))
}

// run is one call of Train.
type run struct {
	*Flags
	Experiment
	format  Format
	page    *page
	out     io.Writer
	began   time.Time
	problem *Problem
	encoder []byte
}

func (r *run) all(ctx context.Context) (err error) {
	if r.problem, err = r.Prepare(ctx); err != nil {
		return err
	}
	if r.encoder, err = r.format.encode(r.problem.Encoder); err != nil {
		return err
	}
	r.Hidden.Outputs = r.problem.Set.Outputs()
	if err := r.describe(); err != nil {
		return err
	}
	fitted, err := r.fit(ctx)
	if err != nil {
		return err
	}
	summary := newSummary(r.Flags, r.problem, fitted)
	report, err := r.Judge(ctx, fitted, summary)
	if err != nil {
		return err
	}
	r.page.first(report.Page())
	if err := r.save(fitted.Ensemble, report); err != nil {
		return err
	}
	summary.Seconds = time.Since(r.began).Seconds()
	if err := report.Print(r.out); err != nil {
		return err
	}
	if r.Out != "" {
		fmt.Fprintf(r.out, "saved: %s; predict with -predict FILE -model %[1]s\n", r.Out)
	}
	return program.WriteJSON(r.JSON, report)
}

// describe prints the notes about the data, and the network.
func (r *run) describe() error {
	r.page.describe(r.problem)
	for _, note := range r.problem.Notes {
		fmt.Fprintln(r.out, note)
	}
	net, err := r.network(0)
	if err != nil {
		return err
	}
	g, err := net.Build(net.Config(graphs.Train, min(r.Batch, len(r.problem.Fit))))
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "\n%s network for training\n%s", r.Net, g.Summary())
	return r.memory(net)
}

// network returns a new network for member k.
func (r *run) network(k int) (*graphs.Network, error) {
	layer, err := graphs.ByName(r.Net, r.Hidden)
	if err != nil {
		return nil, err
	}
	set := r.problem.Set
	outputs := set.Classes
	if outputs == nil {
		outputs = set.Tasks
	}
	net, err := graphs.New(layer, set.Inputs(), r.problem.Loss, graphs.Seed(r.Seed+uint64(k)), graphs.OutputNames(outputs...))
	if err != nil {
		return nil, err
	}
	net.Encoder, net.Metadata = r.encoder, map[string]string{"data": set.Notes}
	return net, nil
}

func (r *run) fit(ctx context.Context) (*train.FittedEnsemble, error) {
	var data train.Data = r.problem.Set // whose rows the folds select
	if r.problem.Folds == nil {
		subset, err := r.problem.Set.Subset(r.problem.Fit)
		if err != nil {
			return nil, err
		}
		data = subset
	}
	return train.FitEnsemble(ctx, data, train.EnsembleConfig{
		Members: r.Members.N, Folds: r.problem.Folds, Network: r.network,
		Config: func(k int) (train.Config, error) {
			c, err := r.config(k)
			if err == nil {
				err = r.Configure(k, &c)
			}
			c.Callbacks = append(c.Callbacks, r.page.callbacks(k)...)
			return c, err
		},
		Done: func(k int, net *graphs.Network, h *train.History, held *train.Result) error {
			r.page.trained(k, h)
			text, result, err := r.Trained(ctx, net, h, held)
			if err != nil {
				return err
			}
			if text != "" {
				fmt.Fprintf(r.out, "network %d of %d, %s: %s\n", k+1, r.Members.N, r.member(k), text)
			}
			if result.Result != nil {
				r.page.add(result)
			}
			return nil
		},
	})
}

// save writes -out and -onnx.
func (r *run) save(networks train.Ensemble, report Report) error {
	metadata, err := report.Metadata()
	if err != nil {
		return err
	}
	for name, text := range metadata {
		networks[0].Metadata[name] = text
	}
	if r.Out != "" {
		if err := graphs.SaveAll(r.Out, networks); err != nil {
			return err
		}
	}
	if r.ONNX == "" {
		return nil
	}
	options := r.problem.ONNX
	if options.Metadata == nil {
		options.Metadata = map[string]string{}
	}
	options.Metadata["data"] = r.problem.Set.Notes
	return onnx.Save(r.ONNX, networks[0], options)
}
