// Command quickstart trains a self-normalizing network to tell malignant from benign breast tumours (569 real samples
// that come with the program) and prints how often it is right on new ones.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	"flag"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Trains a self-normalizing network on 569 real samples of breast tumours that come with the program, and prints how often\n" +
	"it is right on new ones. It has no flags."

func main() { program.Main(run) }

// run runs the program, which has no flags, and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	if code := program.Parse(f, about, args, stderr, nil); code >= 0 {
		return code
	}
	return program.Exit("quickstart", quickstart(ctx, stdout), stderr)
}
