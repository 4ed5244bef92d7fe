package main

import (
	"flag"
	"io"
	"net"
	"time"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/serve"
)

// about says for -help what the program does.
const about = "Serves the networks that tabular and tox21 have saved with -out over HTTP: rows as JSON objects, molecules as SMILES, tensors\n" +
	"of the Open Inference Protocol V2; with -load it is a client that measures such a service. docs/serving.md describes it."

// options are the flags.
type options struct {
	model, listen string
	limits        serve.Options
	poll, grace   time.Duration

	load      time.Duration
	clients   int
	url, body string
}

// parseFlags returns the options, or an exit code >= 0 if the program must end at once.
func parseFlags(args []string, stderr io.Writer) (*options, int) {
	o := &options{}
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	f.StringVar(&o.model, "model", "", "file of the networks to serve, saved by tabular or tox21 with -out; when it changes, the new ones serve")
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to serve on; without a host, as in :8080, that is every address of this machine")
	f.StringVar(&o.limits.Name, "name", "", "name of the model; otherwise that of its file without the ending")
	f.Int64Var(&o.limits.MaxBody, "max-body", 16<<20, "bytes of the largest body of a request")
	f.IntVar(&o.limits.MaxRows, "max-rows", 10_000, "rows of the largest request")
	f.IntVar(&o.limits.MaxRequests, "max-requests", 1024, "requests that are worked on or wait at the same time; others are refused")
	f.DurationVar(&o.limits.Timeout, "timeout", 30*time.Second, "time of the longest request")
	f.DurationVar(&o.limits.BatchDelay, "batch-delay", time.Millisecond, "longest time that rows wait for those of other requests that are being read, to be predicted at once")
	f.DurationVar(&o.limits.Drift, "drift", time.Second, "time between samples of rows for the moments of the layers in /metrics; 0 means no samples")
	f.DurationVar(&o.poll, "poll", 2*time.Second, "time after which the file of the model is looked at again")
	f.DurationVar(&o.grace, "grace", 30*time.Second, "time for requests that have begun when a signal ends the program")
	f.DurationVar(&o.load, "load", 0, "be a client: send requests to -url for so long, and print how long they took")
	f.IntVar(&o.clients, "clients", 200, "clients of -load, each with its own connection")
	f.StringVar(&o.url, "url", "http://127.0.0.1:8080/predict", "where -load sends requests")
	f.StringVar(&o.body, "body", "", "file with the body of the requests of -load")
	program.MemoryFlag(f)
	code := program.Parse(f, about, args, stderr, func() error { return o.check(program.Given(f)) })
	return o, code
}

// check returns an error for flags that make no sense.
func (o *options) check(given map[string]bool) error {
	_, _, err := net.SplitHostPort(o.listen)
	positive := func(flag string, d time.Duration) program.Check {
		return program.Check{Flag: flag, OK: d > 0, Got: d, Want: "more than 0"}
	}
	if o.limits.Drift == 0 {
		o.limits.Drift = -1
	}
	return program.CheckAll(
		program.Check{Flag: "listen", OK: err == nil, Got: o.listen, Want: "HOST:PORT"},
		program.Check{Flag: "max-body", OK: o.limits.MaxBody > 0 && o.limits.MaxBody <= 1<<30, Got: o.limits.MaxBody, Want: "1 to 1073741824"},
		program.Check{Flag: "max-rows", OK: o.limits.MaxRows > 0 && o.limits.MaxRows <= 1_000_000, Got: o.limits.MaxRows, Want: "1 to 1000000"},
		program.Check{Flag: "max-requests", OK: o.limits.MaxRequests > 0 && o.limits.MaxRequests <= 1_000_000, Got: o.limits.MaxRequests, Want: "1 to 1000000"},
		positive("timeout", o.limits.Timeout), positive("poll", o.poll), positive("grace", o.grace),
		program.Check{Flag: "batch-delay", OK: o.limits.BatchDelay >= 0, Got: o.limits.BatchDelay, Want: "0 or more"},
		program.Check{Flag: "drift", OK: o.limits.Drift > 0 || o.limits.Drift == -1, Got: o.limits.Drift, Want: "0 or more"},
		program.Check{Flag: "load", OK: o.load >= 0, Got: o.load, Want: "0 or more"},
		program.Check{Flag: "clients", OK: o.clients > 0 && o.clients <= 10_000, Got: o.clients, Want: "1 to 10000"},
		program.Check{Flag: "body", OK: o.load == 0 || o.body != "", Got: o.body, Want: "a file beside -load"},
		program.Check{Flag: "model", OK: o.load == 0 || !given["model"], Got: o.model, Want: "none beside -load, which is a client"},
	)
}
