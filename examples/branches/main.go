// Command branches trains a network with two inputs and two outputs on the 150 irises that come with the program: from the
// sepals and the species, an embedding, it predicts how long the petals are and whether they are wide.
//
//	go run ./examples/branches -checkpoint run -onnx irises.onnx
package main

import (
	"context"
	"flag"
	"io"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Trains a network with two inputs, of which one is a category, and two outputs on 150 irises that come with the program,\n" +
	"and prints how good each output is on new flowers. With -checkpoint it continues a run that was interrupted."

// options are the flags.
type options struct {
	checkpoint, out, onnx string
	epochs                int
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("branches", flag.ContinueOnError)
	f.StringVar(&o.checkpoint, "checkpoint", "", "folder for checkpoints, from which the same run continues")
	f.StringVar(&o.out, "out", "", "file for the network")
	f.StringVar(&o.onnx, "onnx", "", "file for the ONNX model")
	f.IntVar(&o.epochs, "epochs", 40, "passes over the training rows")
	code := program.Parse(f, about, args, stderr, func() error {
		if o.epochs < 1 {
			return errors.Errorf("-epochs is %d, want at least 1", o.epochs)
		}
		return nil
	})
	if code >= 0 {
		return code
	}
	return program.Exit("branches", branches(ctx, o, stdout), stderr)
}
