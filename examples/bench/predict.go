package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train/predict"
	"gonum.org/v1/gonum/stat"
)

//go:embed peers/onnxruntime.cjs
var runtimeScript string

// prediction is a call to measure, as peers/onnxruntime.cjs reads it.
type prediction struct {
	Layers  int    `json:"-"`
	Model   string `json:"model"`
	Inputs  int    `json:"inputs"` // and hidden units
	Rows    int    `json:"rows"`
	Threads int    `json:"threads"`
	Warmup  int    `json:"warmup"`
	Steps   int    `json:"steps"`
}

// predictionNets are the networks to predict with, by hidden layers and units.
var predictionNets = [][2]int{{8, 1024}, {8, 256}, {4, 64}}

// predictionRows are the numbers of rows of a call.
var predictionRows = []int{1, 2, 4, 8, 16, 32, 64, 128, 1024}

// benchPredict measures calls of few and many rows beside ONNX Runtime, which runs the same networks from ONNX files. The time that it takes
// to copy the input, measured by a network without layers, is subtracted from its times: a caller in C++ would not pay it.
func benchPredict(ctx context.Context, o options, stdout, stderr io.Writer) error {
	dir, err := os.MkdirTemp("", "selfnorm-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	peer, err := startRuntime(ctx, o.modules)
	if err != nil {
		fmt.Fprintf(stderr, "bench: without ONNX Runtime: %v\n", err)
	} else {
		defer peer.close()
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 1, ' ', 0)
	version := ""
	if peer != nil {
		version = " " + peer.version
	}
	fmt.Fprintf(w, "| network\t| rows\t| Selfnorm, µs\t| ONNX Runtime%s, µs\t| ratio\t|\n| ---\t| ---\t| ---\t| ---\t| ---\t|\n", version)
	var logs []float64
	for _, size := range predictionNets {
		name := fmt.Sprintf("%d x %d", size[0], size[1])
		if !strings.Contains(name, o.only) {
			continue
		}
		ratios, err := predictNet(ctx, o, size[0], size[1], dir, peer, w)
		if err != nil {
			return errors.Wrap(err, name)
		}
		for _, r := range ratios {
			logs = append(logs, math.Log(r))
		}
	}
	if len(logs) > 0 {
		fmt.Fprintf(w, "| geometric mean\t|\t|\t|\t| %.2f\t|\n", math.Exp(stat.Mean(logs, nil)))
	}
	fmt.Fprintf(w, "\n%d threads, medians of %d pairs of %d calls or more; a ratio above 1 means that Selfnorm is faster.\n", o.threads, o.pairs, o.steps)
	return w.Flush()
}

// startRuntime starts Node with ONNX Runtime, or says why it cannot.
func startRuntime(ctx context.Context, modules string) (*peer, error) {
	if modules == "" {
		return nil, errors.New("-modules is empty")
	}
	modules, err := filepath.Abs(modules)
	if err != nil {
		return nil, err
	}
	return startProcess("ONNX Runtime", exec.CommandContext(ctx, "node", "-e", runtimeScript, "--", modules))
}

// predictNet writes the lines of a network, and returns the ratios of the times.
func predictNet(ctx context.Context, o options, layers, units int, dir string, peer *peer, w io.Writer) ([]float64, error) {
	net, err := graphs.New(graphs.SNN{Layers: layers, Units: units, Outputs: 12}, graphs.Matrix(units), graphs.BCE, graphs.Seed(1))
	if err != nil {
		return nil, err
	}
	copying, err := graphs.New(nn.Sequential{}, graphs.Matrix(units), graphs.MSE)
	if err != nil {
		return nil, err
	}
	model, copier := filepath.Join(dir, fmt.Sprint(layers, "x", units)), filepath.Join(dir, fmt.Sprint("copy", units))
	if err := onnx.Save(model, net, onnx.Options{}); err != nil {
		return nil, err
	}
	if err := onnx.Save(copier, copying, onnx.Options{}); err != nil {
		return nil, err
	}
	workers := kernel.NewWorkers(o.threads)
	defer workers.Close()
	predictor, err := predict.New(net, workers, predict.Snapshot)
	if err != nil {
		return nil, err
	}
	defer predictor.Close()
	var all []float64
	for _, rows := range predictionRows {
		c := prediction{Layers: layers, Model: model, Inputs: units, Rows: rows, Threads: o.threads}
		c.repeat(o.steps)
		ratio, err := c.line(ctx, o, predictor, copier, peer, w)
		if err != nil {
			return nil, err
		}
		if peer != nil {
			all = append(all, ratio)
		}
	}
	return all, nil
}

// repeat makes a measurement of many calls where they are short: a system takes tens of milliseconds to give an awakened thread a core.
func (c *prediction) repeat(steps int) {
	work := float64(c.Layers) * float64(c.Inputs) * float64(c.Inputs) * float64(c.Rows+8)
	c.Steps = steps * max(1, min(50, int(2e9/work)))
	c.Warmup = max(5, c.Steps/5)
}

// line measures both sides in turn and writes their medians.
func (c prediction) line(ctx context.Context, o options, p *predict.Predictor, copier string, peer *peer, w io.Writer) (float64, error) {
	var ours, theirs, ratios []float64
	for range o.pairs {
		settle()
		seconds, err := c.run(ctx, p)
		if err != nil {
			return 0, err
		}
		ours = append(ours, seconds)
		if peer == nil {
			continue
		}
		settle()
		t, err := peer.ask(c)
		if err != nil {
			return 0, err
		}
		input := c
		input.Model = copier
		in, err := peer.ask(input)
		if err != nil {
			return 0, err
		}
		theirs = append(theirs, t.Seconds-in.Seconds)
		ratios = append(ratios, (t.Seconds-in.Seconds)/seconds)
	}
	fmt.Fprintf(w, "| %d x %d\t| %d\t| %.4g\t|", c.Layers, c.Inputs, c.Rows, 1e6*median(ours))
	if peer == nil {
		fmt.Fprint(w, " -\t| -\t|\n")
		return 0, nil
	}
	fmt.Fprintf(w, " %.4g\t| %.2f\t|\n", 1e6*median(theirs), median(ratios))
	return median(ratios), nil
}

// run returns the median seconds of our calls.
func (c prediction) run(ctx context.Context, p *predict.Predictor) (float64, error) {
	x := make([]float32, c.Rows*c.Inputs)
	for i := range x {
		x[i] = float32(i*7919%1000)/500 - 1
	}
	out := make([]float64, 0, c.Rows*12)
	times := make([]float64, 0, c.Steps)
	for i := range c.Warmup + c.Steps {
		begin := time.Now()
		if _, err := p.Rows(ctx, out, x, c.Rows); err != nil {
			return 0, err
		}
		if i >= c.Warmup {
			times = append(times, time.Since(begin).Seconds())
		}
	}
	return median(times), nil
}
