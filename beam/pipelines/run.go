package pipelines

import (
	"context"
	"flag"
	"log/slog"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
	"github.com/pkg/errors"
)

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
