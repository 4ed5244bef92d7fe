// Command table2 repeats table 2 of the paper: the mean ROC-AUC of seven networks with 2 to 32 hidden layers on the compounds of the Tox21 Data
// Challenge. For each network and depth it selects the other settings on official validation folds, trains networks with these settings on
// all training compounds, and judges them on the test compounds.
//
//	go run ./examples/table2 -grid quick -out DIR
//
// To continue a run that was stopped, start it again with the same -out.
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
	return program.Exit("table2", compare(ctx, o, stdout, stderr), stderr)
}
