package training

import (
	"context"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
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
	// Outputs are paths of further output files, by their flags.
	Outputs map[string]string
}

// Train trains the networks that the flags ask for, prints the results, and writes the files that the flags name.
func Train(ctx context.Context, o *Flags, s Setup, e Experiment, w io.Writer) error {
	files := o.files()
	for _, path := range s.Inputs {
		files.In("-data", path)
	}
	for flag, path := range s.Outputs {
		files.Out(flag, path)
	}
	if err := files.Try(); err != nil {
		return err
	}
	if err := o.checkForeign(); err != nil {
		return err
	}
	if err := o.checkLogs(); err != nil {
		return err
	}
	page, err := o.newPage(s.Title, w)
	if err != nil {
		return err
	}
	r := &run{Flags: o, Experiment: e, format: s.Format, page: page, out: w, failed: map[string]bool{}, began: time.Now()}
	o.onFailure = r.fail
	return page.finish(program.MemoryHint(program.Join(append([]error{r.all(ctx)}, r.failures...)...)))
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
	source  Source

	finished train.Ensemble
	current  *graphs.Network // the last that was made
	partial  *graphs.Network // the one in training when the run was interrupted, after a number of epochs
	epochs   int
	failures []error         // of outputs without which the run goes on
	failed   map[string]bool // by flag
}

// fail notes that an output of a flag cannot be written. The run goes on, and ends with the first error of each flag.
func (r *run) fail(flag string, err error) {
	if r.failed[flag] {
		return
	}
	r.failed[flag] = true
	err = errors.Wrap(err, flag)
	fmt.Fprintf(r.out, "warning: %v; the training goes on\n", err)
	r.failures = append(r.failures, err)
}

func (r *run) all(ctx context.Context) (err error) {
	if r.problem, err = r.Prepare(ctx); err != nil {
		return err
	}
	r.source = r.problem.Source
	r.source.Program, r.source.Loss = r.format.Program, lossKind(r.problem.Loss.Name)
	if err := r.checkSource(r.source); err != nil {
		return err
	}
	if s, ok := r.Experiment.(Searcher); ok {
		r.page.phase("choosing settings")
		if r.problem, err = s.Search(ctx, r.problem); err != nil {
			return err
		}
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
		return r.keep(err)
	}
	summary := newSummary(r.Flags, r.problem, fitted)
	report, err := r.Judge(ctx, fitted, summary)
	if err != nil {
		return r.keep(err)
	}
	r.page.first(report.Page())
	if e, ok := report.(Explained); ok {
		r.page.explained(e.Explained())
	}
	saved := r.save(fitted.Ensemble, report)
	exported := r.export(fitted.Ensemble[0])
	summary.Seconds = time.Since(r.began).Seconds()
	printed := report.Print(r.out)
	if r.Out != "" && saved == nil {
		fmt.Fprintf(r.out, "saved: %s; predict with -predict FILE -model %[1]s\n", r.Out)
	}
	return program.Join(saved, exported, printed, program.WriteJSON(r.JSON, report))
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
	of := r.problem.Layer
	if of == nil {
		of = func() (nn.Layer, error) { return graphs.ByName(r.Net, r.Hidden) }
	}
	layer, err := of()
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
	net.Encoder, net.Metadata = r.encoder, map[string]string{"data": set.Notes, sourceKey: r.source.text()}
	maps.Copy(net.Metadata, r.problem.Metadata)
	net.Outputs[0].Calibration = r.problem.Calibration
	r.current = net
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
			c.Callbacks = append(append(c.Callbacks, r.page.callbacks(k)...), progress{r})
			return c, err
		},
		Done: func(k int, net *graphs.Network, h *train.History, held *train.Result) error {
			r.finished = append(r.finished, net)
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

// save writes -out.
func (r *run) save(networks train.Ensemble, report Report) error {
	metadata, err := report.Metadata()
	if err != nil {
		return err
	}
	for name, text := range metadata {
		networks[0].Metadata[name] = text
	}
	if r.Out == "" {
		return nil
	}
	if text := momentsText(networks[0], r.problem.Set, r.problem.Fit); text != "" {
		networks[0].Metadata[momentsKey] = text
	}
	b := graphs.Bundle{Networks: networks}
	if a, ok := report.(Arrayed); ok {
		if b.Arrays, err = a.Arrays(); err != nil {
			return err
		}
	}
	return b.Save(r.Out)
}

// export writes -onnx.
func (r *run) export(net *graphs.Network) error {
	if r.ONNX == "" {
		return nil
	}
	options := r.problem.ONNX
	if options.Metadata == nil {
		options.Metadata = map[string]string{}
	}
	options.Metadata["data"], options.Metadata[sourceKey] = r.problem.Set.Notes, r.source.content()
	return onnx.Save(r.ONNX, net, options)
}
