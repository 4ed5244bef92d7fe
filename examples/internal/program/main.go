package program

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/signal"

	"github.com/selfnorm/selfnorm/internal/output"
)

// Main runs a program until it ends or is interrupted, and exits with its code: 0 for success, 1 for a failure, 2 for flags that make
// no sense.
func Main(run func(ctx context.Context, args []string, stdout, stderr io.Writer) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// WriteJSON writes a result to a file, which is complete or not there.
func WriteJSON(path string, result any) error {
	return output.Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(result)
	})
}
