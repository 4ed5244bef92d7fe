package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"time"

	"github.com/pkg/errors"
	"gorgonia.org/tensor"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/report"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

const soakInputs = 16

// soak trains for a time, with everything that can accompany a training, measures the process regularly, and returns an error if
// something grows.
func soak(ctx context.Context, o *options, dir string, w io.Writer) error {
	net, err := graphs.New(graphs.SNN{Layers: 4, Units: 64, Outputs: 1, Dropout: 0.05}, graphs.Matrix(soakInputs), graphs.BCE, graphs.Seed(o.seed))
	if err != nil {
		return err
	}
	recorder := &report.Recorder{}
	page, err := report.Watch("127.0.0.1:0", recorder)
	if err != nil {
		return err
	}
	defer page.Close()
	ctx, cancel := context.WithTimeout(ctx, o.soak)
	defer cancel()
	readers := make(chan error, 2)
	go func() { readers <- readPage(ctx, page.URL()) }()
	go func() { readers <- readEvents(ctx, page.URL()+"events") }()

	m := &meter{every: o.every, w: w}
	c := train.Config{
		Epochs: math.MaxInt32, Batch: 128, Seed: o.seed, Optimizer: optim.Adam{Rate: 0.001}, Validation: made(5000, o.seed+1),
		Metric: metric.MeanROCAUC, Metrics: []metric.Metric{metric.LogLoss}, Warn: func(string) {},
		Checkpoint: &train.Checkpoint{Dir: filepath.Join(dir, "checkpoints"), Best: true},
		Callbacks: []train.Callback{
			m, &callback.Probes{}, &logs.CSVLog{Path: filepath.Join(dir, "log.csv")}, &logs.JSONLog{Path: filepath.Join(dir, "log.jsonl")},
			&tensorboard.Log{Dir: filepath.Join(dir, "tensorboard")}, recorder,
		},
	}
	_, err = train.Fit(ctx, net, made(o.rows, o.seed), c)
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		err = nil // the time is up
	}
	for range 2 {
		if readErr := <-readers; err == nil {
			err = readErr
		}
	}
	if err != nil {
		return err
	}
	if err := program.WriteJSON(o.json, m.samples); err != nil {
		return err
	}
	return judge(m.samples, w)
}

// made returns rows with a label that depends on products of features, so that the loss keeps falling for a while.
func made(rows int, seed uint64) train.Matrix {
	r := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, rows*soakInputs), make([]float32, rows)
	for i := range rows {
		row := x[i*soakInputs : (i+1)*soakInputs]
		for j := range row {
			row[j] = float32(r.NormFloat64())
		}
		if row[0]*row[1]+row[2]*row[3]+float32(r.NormFloat64()) > 0 {
			y[i] = 1
		}
	}
	return train.Matrix{
		X: tensor.New(tensor.WithShape(rows, soakInputs), tensor.WithBacking(x)), Y: tensor.New(tensor.WithShape(rows, 1), tensor.WithBacking(y)),
	}
}

// readPage reads the live page again and again, as somebody who reloads it, until ctx is done.
func readPage(ctx context.Context, url string) error {
	for ctx.Err() == nil {
		if err := get(ctx, url, func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
	return nil
}

// readEvents reads the updates of the live page, as its script does, until ctx is done.
func readEvents(ctx context.Context, url string) error {
	return get(ctx, url, func(r io.Reader) error {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<26)
		for lines.Scan() {
		}
		return lines.Err()
	})
}

// get requests an address. Being interrupted by the end of ctx is no error.
func get(ctx context.Context, url string, read func(r io.Reader) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", url, resp.Status)
		}
		err = read(resp.Body)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}
