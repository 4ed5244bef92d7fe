// Command figure1 repeats Figure 1 of the paper: the training loss of deep networks of 8, 16 and 32 layers on handwritten digits or small
// photographs, comparing self-normalizing and batch-normalized networks with the same steps of plain gradient descent. It writes the curves
// as CSV, SVG and PNG.
//
//	go run ./examples/figure1 -out DIR                               # our settings, seconds; plain ReLU networks as well
//	go run ./examples/figure1 -as authors -out DIR -checkpoint RUN   # the authors' settings; the same command continues it
//	go run ./examples/figure1 -as authors -set cifar10 -layers 8 -epochs 3 -out DIR
//
// The images are those in $SELFNORM_DATA or the cache, or a synthetic stand-in.
package main

import (
	"context"
	"flag"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/figure1"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Repeats Figure 1 of the paper: the training loss of networks of 8, 16 and 32 layers on MNIST or CIFAR-10, self-normalizing,\n" +
	"batch-normalized and plain, with our settings or the authors'. It writes the curves as CSV, SVG and PNG into the folder -out."

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o figure1.Options
	f := flag.NewFlagSet("figure1", flag.ContinueOnError)
	o.Register(f)
	if code := program.Parse(f, about, args, stderr, o.Check); code >= 0 {
		return code
	}
	return program.Exit("figure1", figure1.Draw(ctx, o, stdout), stderr)
}
