// Command mnist is the former name of figure1, with the same flags and results.
//
//	go run ./examples/mnist -out DIR                # in $SELFNORM_DATA or the cache, or a synthetic stand-in
package main

import (
	"context"
	"flag"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/figure1"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Repeats Figure 1 of the paper: the training loss of networks of 8, 16 and 32 layers on handwritten digits, self-normalizing,\n" +
	"batch-normalized and plain. The same program as examples/figure1, under its former name."

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o figure1.Options
	f := flag.NewFlagSet("mnist", flag.ContinueOnError)
	o.Register(f)
	if code := program.Parse(f, about, args, stderr, o.Check); code >= 0 {
		return code
	}
	return program.Exit("mnist", figure1.Draw(ctx, o, stdout), stderr)
}
