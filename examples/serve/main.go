// Command serve answers HTTP requests with the networks that tabular and tox21 have saved: rows as JSON objects, molecules as SMILES, and
// tensors of the Open Inference Protocol V2. docs/serving.md describes it.
//
//	go run ./examples/serve -model model.safetensors
//	go run ./examples/serve -load 60s -clients 200 -body row.json -url http://127.0.0.1:8080/predict
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/serve"
)

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, code := parseFlags(args, stderr)
	if code >= 0 {
		return code
	}
	if o.load > 0 {
		return program.Exit("serve", o.runLoad(ctx, stdout), stderr)
	}
	return program.Exit("serve", o.serve(ctx, stdout, stderr), stderr)
}

// serve answers requests until the context is cancelled.
func (o *options) serve(ctx context.Context, stdout, stderr io.Writer) error {
	model, done, err := o.modelFile()
	if err != nil {
		return err
	}
	defer done()
	o.limits.Path, o.limits.Log = model, log.New(stderr, "serve: ", log.LstdFlags|log.Lmsgprefix)
	hangups := program.Hangups()
	s, err := serve.New(o.limits)
	if err != nil {
		return program.MemoryHint(err)
	}
	defer s.Close()
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return errors.Wrapf(err, "-listen %s", o.listen)
	}
	name, version := s.Model()
	fmt.Fprintf(stdout, "serving %s, version %s, on http://%v\n", name, version, l.Addr())
	if host, _, err := net.SplitHostPort(l.Addr().String()); err == nil && !net.ParseIP(strings.Trim(host, "[]")).IsLoopback() {
		fmt.Fprintln(stderr, "serve: the service can be reached from other machines, without any password")
	}
	go s.Watch(ctx, o.poll, hangups)
	return s.Serve(ctx, l, o.grace)
}
