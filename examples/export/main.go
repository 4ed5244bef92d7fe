// Command export turns a network that graphs.Save has written into files for other programs: an ONNX model that gives
// predictions, and weights for PyTorch.
//
//	go run ./examples/export -onnx net.onnx -pytorch weights.safetensors net.safetensors
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program: 0 for success, 1 for a failure, 2 for flags that make no sense.
func run(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("export", flag.ContinueOnError)
	f.SetOutput(stderr)
	model := f.String("onnx", "", "file for the ONNX model")
	weights := f.String("pytorch", "", "file for PyTorch's weights")
	logits := f.Bool("logits", false, "let the ONNX model give logits instead of probabilities")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if f.NArg() != 1 || *model == "" && *weights == "" {
		fmt.Fprintln(stderr, "usage: export [-onnx FILE] [-pytorch FILE] [-logits] NETWORK, with at least one of the two files")
		return 2
	}
	if err := export(f.Arg(0), *model, *weights, *logits, stdout); err != nil {
		fmt.Fprintln(stderr, "export:", err)
		return 1
	}
	return 0
}

func export(network, model, weights string, logits bool, w io.Writer) error {
	m, err := graphs.Load(network)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%s of %d inputs and %d outputs, loss %s\n", m.Spec.Network, m.Spec.Inputs, m.Spec.Outputs, m.Loss.Name)
	if model != "" {
		o := onnx.Options{Inputs: m.Spec.Inputs, Loss: m.Loss, Metadata: m.Metadata}
		if logits {
			o.Loss = graphs.Loss{}
		}
		if err := onnx.Save(model, m.Layer, m.Params, o); err != nil {
			return err
		}
	}
	if weights == "" {
		return nil
	}
	return pytorch.Save(weights, m.Params, m.Metadata)
}
