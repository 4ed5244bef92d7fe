// Command reproduce runs the commands of docs/paper.md, which lists everything in the paper, and compares their output with the page. The results of
// searches that take hours are kept: it computes the first and the last trial of each anew, and compares them.
//
//	go run ./examples/reproduce
//	go run ./examples/reproduce -only "Theorem|Figure 2"
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// about says for -help what the program does.
const about = "Runs the commands of docs/paper.md and compares their output with the page. Of kept searches it computes the first and the last\n" +
	"trial anew. Run it in the root of the project, with the data in $SELFNORM_DATA or in the cache."

// options are the flags.
type options struct {
	page    string
	only    string
	list    bool
	timeout time.Duration
}

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var o options
	f := flag.NewFlagSet("reproduce", flag.ContinueOnError)
	f.StringVar(&o.page, "page", "docs/paper.md", "Markdown page with tables that have a column Command")
	f.StringVar(&o.only, "only", "", "regular expression: only rows whose text matches it")
	f.BoolVar(&o.list, "list", false, "print the rows and their commands, and run nothing")
	f.DurationVar(&o.timeout, "timeout", 30*time.Minute, "limit for one command")
	if code := program.Parse(f, about, args, stderr, o.check); code >= 0 {
		return code
	}
	return program.Exit("reproduce", reproduce(ctx, o, stdout), stderr)
}

// check returns an error for flags that make no sense.
func (o *options) check() error {
	if _, err := regexp.Compile(o.only); err != nil {
		return errors.Wrapf(err, "-only %s", o.only)
	}
	return program.CheckAll(program.Check{Flag: "timeout", OK: o.timeout > 0, Got: o.timeout, Want: "a positive time, such as 10m"})
}

// reproduce runs the rows of the page and prints a line for each.
func reproduce(ctx context.Context, o options, w io.Writer) error {
	text, err := os.ReadFile(o.page)
	if err != nil {
		return errors.Wrap(err, "-page")
	}
	page, err := parsePage(string(text))
	if err != nil {
		return errors.Wrap(err, o.page)
	}
	only := regexp.MustCompile(o.only)
	ran, failed := 0, 0
	for _, r := range page.rows {
		if !only.MatchString(r.text) || len(r.command) == 0 {
			continue
		}
		ran++
		if o.list {
			fmt.Fprintf(w, "%s: %s\n", r.item, r.commandLine())
			continue
		}
		start := time.Now()
		notes, err := r.reproduce(ctx, page, o.timeout)
		seconds := time.Since(start).Seconds()
		if err != nil {
			failed++
			fmt.Fprintf(w, "FAILED %s (line %d, %.1f s): %v\n", r.item, r.line, seconds, err)
		} else {
			fmt.Fprintf(w, "ok     %s (%.1f s)%s\n", r.item, seconds, notes)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	switch {
	case failed > 0:
		return errors.Errorf("%d of %d rows of %s are not reproduced", failed, ran, o.page)
	case ran == 0:
		return errors.Errorf("%s: no row with a command matches -only %q", o.page, o.only)
	}
	return nil
}
