// Command uci repeats the paper's comparison of seven networks on the UCI classification tasks: a search for each task,
// fold and network, selection by the paper's rule on the validation rows, accuracy on the test rows, and the average rank
// difference of each network.
//
//	go run ./examples/uci -data DIR -tasks all -nets all -grid quick -out results.jsonl
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
