// Command tabular trains a network on your own table, a CSV file, and predicts new rows with it: classes, several labels of which a
// row may have any, or numbers. Without a table it trains on a built-in one.
//
//	go run ./examples/tabular
//	go run ./examples/tabular -data my.csv -target y -out model.safetensors
//	go run ./examples/tabular -predict new.csv -model model.safetensors
//	go run ./examples/tabular -explain new.csv -model model.safetensors -report why.html
//	go run ./examples/tabular -evaluate labelled.csv -model model.safetensors
package main

import (
	"context"
	"io"
	"os"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// The name of the standard input in flags, and in errors.
const standardInput, standardInputName = "-", "standard input"

// stdin is the standard input.
var stdin io.Reader = os.Stdin

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, code := parseFlags(args, stderr)
	if code >= 0 {
		return code
	}
	return program.Exit("tabular", o.action(ctx, o, stdout), stderr)
}
