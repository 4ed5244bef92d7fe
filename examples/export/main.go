// Command export turns a saved network into files for other programs: an ONNX model that gives predictions, and weights for
// PyTorch.
//
//	go run ./examples/export -onnx net.onnx -pytorch weights.safetensors net.safetensors
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
)

// about says for -help what the program does.
const about = "Turns a saved network into files for other programs: an ONNX model that gives predictions, and weights for PyTorch.\n" +
	"NETWORK is the file that a training has written with -out."

// options are the flags and the argument.
type options struct {
	network, onnx, pytorch string
	logits, overwrite      bool
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(_ context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("export", flag.ContinueOnError)
	f.StringVar(&o.onnx, "onnx", "", "file for the ONNX model")
	f.StringVar(&o.pytorch, "pytorch", "", "file for PyTorch's weights")
	f.BoolVar(&o.logits, "logits", false, "let the ONNX model give logits instead of probabilities")
	f.BoolVar(&o.overwrite, "overwrite", false, "let outputs replace files that were not made from a network trained on the same data, columns and targets")
	code := program.ParseArguments(f, about, []string{"NETWORK"}, args, stderr, func() error {
		if o.onnx == "" && o.pytorch == "" {
			return errors.New("want at least one of -onnx FILE and -pytorch FILE")
		}
		return nil
	})
	if code >= 0 {
		return code
	}
	o.network = f.Arg(0)
	return program.Exit("export", export(o, stdout), stderr)
}

// export reads the network and writes the files.
func export(o options, w io.Writer) error {
	files := program.Files{Overwrite: o.overwrite}
	files.In("NETWORK", o.network)
	files.Out("-onnx", o.onnx)
	files.Out("-pytorch", o.pytorch)
	if err := files.Try(); err != nil {
		return err
	}
	net, err := graphs.Load(o.network)
	if err != nil {
		return err
	}
	for _, out := range []struct{ flag, path string }{{"-onnx", o.onnx}, {"-pytorch", o.pytorch}} {
		if o.overwrite {
			break
		}
		if err := training.CheckExport(out.flag, out.path, net.Metadata); err != nil {
			return err
		}
	}
	metadata := training.Exported(net.Metadata)
	name, _, _ := strings.Cut(net.Architecture(), " ")
	fmt.Fprintf(w, "%s of %d inputs and %d outputs, loss %s\n", name, net.Columns(), net.Outputs[0].Width, net.Loss())
	var failures []error
	if o.onnx != "" {
		failures = append(failures, onnx.Save(o.onnx, net, onnx.Options{Logits: o.logits, Metadata: metadata}))
	}
	if o.pytorch != "" {
		failures = append(failures, pytorch.Save(o.pytorch, net, metadata))
	}
	return program.Join(failures...)
}
