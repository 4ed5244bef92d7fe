// Command uci repeats the paper's comparison of seven networks and other methods on the UCI classification tasks: a search for each
// task, fold and network, selection by the paper's rule on the validation rows, accuracy on the test rows, average ranks, and the depths that were
// selected.
//
//	go run ./examples/uci -data DIR -tasks all -nets all -methods all -grid quick -folds 4 -out results.jsonl -figure depths.svg
//
// To continue a search that was stopped, start it again with the same -out.
package main

import (
	"context"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, code := parseFlags(args, stderr)
	if code >= 0 {
		return code
	}
	return program.Exit("uci", compare(ctx, o, stdout, stderr), stderr)
}
