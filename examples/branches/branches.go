package main

import (
	"context"
	"fmt"
	"io"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
)

// irises returns the flowers with the inputs "sepals" and "species" and the outputs "length" and "wide", those of the petals. The lengths
// are standardized, and a petal is wide if it is wider than the mean of all.
func irises() (*datasets.Set, error) {
	iris, err := classics.Iris()
	if err != nil {
		return nil, err
	}
	n, columns := iris.Features.Dims()
	all := make([]float32, n*columns)
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	if err := iris.Features.Gather(all, columns, rows); err != nil {
		return nil, err
	}
	var sepals, length, wide []float32
	for i := range n {
		row := all[i*columns:]
		sepals, length = append(sepals, row[0], row[1]), append(length, row[2])
		wide = append(wide, map[bool]float32{true: 1}[row[3] > 0])
	}
	set := &datasets.Set{
		Name: "irises", Notes: iris.Notes, Part: iris.Part, InputName: "sepals", FeatureNames: iris.FeatureNames[:2], OutputName: "length",
		Tasks: []string{"petal length"}, Labels: length, MoreOutputs: []datasets.Output{{Name: "wide", Tasks: []string{"wide"}, Labels: wide}},
	}
	if set.Features, err = datasets.NewDense(n, 2, sepals); err != nil {
		return nil, err
	}
	species, err := datasets.NewDense(n, 1, iris.Labels)
	if err != nil {
		return nil, err
	}
	set.MoreInputs = []datasets.Input{{Name: "species", Kind: batch.Category, Categories: len(iris.Classes), Features: species}}
	return set, set.Validate()
}

// branches trains on the training rows, writes the files, and prints the metrics of the test rows.
func branches(ctx context.Context, o options, w io.Writer) error {
	var files program.Files
	files.Out("-out", o.out)
	files.Out("-onnx", o.onnx)
	if err := files.Try(); err != nil {
		return err
	}
	set, err := irises()
	if err != nil {
		return err
	}
	fit, err := set.Subset(set.Rows(datasets.Train))
	if err != nil {
		return err
	}
	test, err := set.Subset(set.Rows(datasets.Test))
	if err != nil {
		return err
	}
	net, err := newNetwork(set)
	if err != nil {
		return err
	}
	c := train.Config{Epochs: o.epochs, Batch: 32, Seed: 1, Optimizer: optim.Adam{Rate: 0.01}, Schedule: optim.Cosine{}}
	if o.checkpoint != "" {
		c.Checkpoint = &train.Checkpoint{Dir: o.checkpoint, EverySteps: 1, Resume: true}
	}
	fmt.Fprintln(w, set.Notes)
	if _, err := train.Fit(ctx, net, fit, c); err != nil {
		return err
	}
	if err := write(o, net); err != nil {
		return err
	}
	return report(ctx, w, net, test)
}

// write writes the files that the flags ask for.
func write(o options, net *graphs.Network) error {
	if o.out != "" {
		if err := net.Save(o.out); err != nil {
			return err
		}
	}
	if o.onnx == "" {
		return nil
	}
	return onnx.Save(o.onnx, net, onnx.Options{})
}

// report prints a metric of each output.
func report(ctx context.Context, w io.Writer, net *graphs.Network, test *datasets.Set) error {
	result, err := train.Evaluate(ctx, net, test)
	if err != nil {
		return err
	}
	for _, m := range []metric.Metric{metric.Loss, metric.RMSE.For("length"), metric.R2.For("length"), metric.MeanROCAUC.For("wide")} {
		v, err := m.Compute(result)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %.3f\n", m.Name, v)
	}
	return nil
}
