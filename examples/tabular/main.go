// Command tabular trains a network on a table of one's own, a CSV file, and predicts new rows with it: classes, several labels of
// which each row may have any, or numbers. Without a table it trains on a built-in one.
//
//	go run ./examples/tabular
//	go run ./examples/tabular -data my.csv -target y -out model.safetensors
//	go run ./examples/tabular -predict new.csv -model model.safetensors
//	go run ./examples/tabular -evaluate labelled.csv -model model.safetensors
package main

import (
	"context"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

func main() { program.Main(run) }

// run is the program: 0 for success, 1 for a failure, 2 for flags that make no sense.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, code := parseFlags(args, stderr)
	if code >= 0 {
		return code
	}
	action := trainAndReport
	switch {
	case o.predict != "":
		action = predict
	case o.evaluate != "":
		action = evaluate
	}
	return program.Exit("tabular", action(ctx, o, stdout), stderr)
}
