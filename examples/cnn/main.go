// Command cnn trains the convolutional network of the authors' tutorial on handwritten digits: two convolutions with SELU, max pooling,
// alpha dropout and two dense layers (github.com/bioinf-jku/SNNs). It prints how often the network is right on images that it has not seen,
// and can compare SELU with ReLU.
//
//	go run ./examples/cnn                     # images in $SELFNORM_DATA or the cache, or a synthetic stand-in
//	go run ./examples/cnn -nets selu,relu
//	go run ./examples/cnn -out cnn.safetensors -onnx cnn.onnx
package main

import (
	"context"
	"flag"
	"io"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/ops"
)

// about says for -help what the program does.
const about = "Trains the convolutional network of the authors' tutorial on handwritten digits, with SELU and alpha dropout, and prints how\n" +
	"often it is right on images that it has not seen. It can train the same network with ReLU for comparison."

// options are the flags.
type options struct {
	set, data, out, onnx        string
	nets                        []string
	epochs, batch, threads      int
	rate, dropout, denseDropout float64
	channels, download, quiet   bool
	seed                        uint64
	filters1, filters2, hidden  int
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	var nets string
	f := flag.NewFlagSet("cnn", flag.ContinueOnError)
	f.StringVar(&o.set, "set", "mnist10k", "mnist10k, the 10,000 test images alone, of which 2,000 are held out, or mnist, all 70,000")
	f.StringVar(&o.data, "data", "", "folder with the IDX files; otherwise $SELFNORM_DATA, the cache, or a synthetic stand-in")
	f.BoolVar(&o.download, "download", false, "fetch the images into the cache if they are nowhere else")
	f.StringVar(&nets, "nets", "selu", "networks, separated by commas: selu, relu")
	f.IntVar(&o.filters1, "filters1", 32, "filters of the first convolution")
	f.IntVar(&o.filters2, "filters2", 64, "filters of the second convolution")
	f.IntVar(&o.hidden, "units", 512, "units of the dense layer")
	f.Float64Var(&o.dropout, "dropout", 0.25, "dropout rate after the convolutions (alpha dropout with selu)")
	f.Float64Var(&o.denseDropout, "dense-dropout", 0.5, "dropout rate after the dense layer")
	f.BoolVar(&o.channels, "channels", false, "drop whole channels after the convolutions (selu alone)")
	f.IntVar(&o.epochs, "epochs", 12, "passes over the training images")
	f.IntVar(&o.batch, "batch", 128, "images of a training step")
	f.Float64Var(&o.rate, "lr", 1e-3, "learning rate of Adam at the start; it falls to 0 along a cosine")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the weights, of the order of the images and of the dropout masks")
	f.IntVar(&o.threads, "threads", 0, "threads; 0 means all")
	f.StringVar(&o.out, "out", "", "file to save the network in")
	f.StringVar(&o.onnx, "onnx", "", "file for the network as an ONNX model, from scaled images to probabilities")
	f.BoolVar(&o.quiet, "q", false, "do not show the progress")
	program.MemoryFlag(f)
	if code := program.Parse(f, about, args, stderr, func() error { return o.check(nets) }); code >= 0 {
		return code
	}
	return program.Exit("cnn", trainAll(ctx, o, stdout), stderr)
}

// check returns an error for flags that make no sense. It sets the networks.
func (o *options) check(nets string) error {
	o.nets = program.List(nets)
	if err := program.CheckNames("nets", o.nets, []string{"selu", "relu"}); err != nil {
		return err
	}
	if err := program.CheckNames("set", []string{o.set}, []string{"mnist10k", "mnist"}); err != nil {
		return err
	}
	if len(o.nets) != 1 && (o.out != "" || o.onnx != "") {
		return errors.New("-out and -onnx: want a single network in -nets beside them")
	}
	return program.CheckAll(
		program.Check{Flag: "filters1", OK: o.filters1 >= 1 && o.filters1 <= 4096, Got: o.filters1, Want: "1 to 4096"},
		program.Check{Flag: "filters2", OK: o.filters2 >= 1 && o.filters2 <= 4096, Got: o.filters2, Want: "1 to 4096"},
		program.Check{Flag: "units", OK: o.hidden >= 1 && o.hidden <= 1<<16, Got: o.hidden, Want: "1 to 65536"},
		program.Check{Flag: "dropout", OK: ops.CheckRate(o.dropout) == nil, Got: o.dropout, Want: "at least 0 and below 1"},
		program.Check{Flag: "dense-dropout", OK: ops.CheckRate(o.denseDropout) == nil, Got: o.denseDropout, Want: "at least 0 and below 1"},
		program.Check{Flag: "channels", OK: !o.channels || !slices.Contains(o.nets, "relu"), Got: o.channels, Want: "no relu beside it"},
		program.Check{Flag: "epochs", OK: o.epochs >= 1 && o.epochs <= 1e6, Got: o.epochs, Want: "1 to 1000000"},
		program.Check{Flag: "batch", OK: o.batch >= 2 && o.batch <= 1<<16, Got: o.batch, Want: "2 to 65536"},
		program.Check{Flag: "lr", OK: o.rate > 0 && o.rate < 1e6, Got: o.rate, Want: "a positive number below 1000000"},
		program.Check{Flag: "threads", OK: o.threads >= 0 && o.threads <= 1024, Got: o.threads, Want: "0 to 1024"},
	)
}
