package pipelines

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"github.com/pkg/errors"
)

// ErrUsage is the cause of the errors of flags.
var ErrUsage = errors.New("-help lists the flags")

// Main runs a program and ends it: with code 0, with 2 for an error of flags, or with 1. about says for -help what it does.
func Main(name, about string, run func(f *flag.FlagSet) error) {
	f := flag.CommandLine
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "usage: %s [flags] -- PROGRAM [its flags]\n%s\n\n", name, about)
		f.PrintDefaults()
	}
	err := run(f)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, name+": "+strings.ReplaceAll(err.Error(), "\n", " "))
	if errors.Is(err, ErrUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

// Init parses the flags of a program, among them those of Beam, and begins as a worker of Beam if the flags say so. It returns the
// command behind them. Without verbose, Beam logs nothing.
func Init(f *flag.FlagSet, args []string, verbose *bool) ([]string, error) {
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	beam.Init()
	if !*verbose {
		slog.SetDefault(slog.New(slog.DiscardHandler)) // errors are returned
	}
	return f.Args(), nil
}

// Run runs a pipeline on the runner of the flag -runner, Prism in this process without it.
func Run(ctx context.Context, build func(s beam.Scope)) error {
	p, s := beam.NewPipelineWithRoot()
	build(s)
	err := beamx.Run(ctx, p)
	EndIdle()
	return errors.WithStack(err)
}
