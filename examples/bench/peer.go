package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"

	"github.com/pkg/errors"
)

//go:embed peers/pytorch.py
var script string

// peer is a process that measures another library.
type peer struct {
	name    string // of the library
	version string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// startPeer starts Python with a script that measures PyTorch, or says why there is none.
func startPeer(ctx context.Context, python, script string) (*peer, error) {
	if python == "" {
		return nil, errors.New("-python is empty")
	}
	return startProcess("PyTorch", exec.CommandContext(ctx, python, "-c", script))
}

// startProcess starts a process that measures a library, or says why it cannot.
func startProcess(name string, command *exec.Cmd) (*peer, error) {
	p := &peer{name: name, command: command}
	var err error
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	var hello struct {
		Version string `json:"version"`
	}
	if err := p.read(&hello); err != nil {
		p.close()
		return nil, errors.Errorf("%s has no %s", filepath.Base(command.Path), name)
	}
	p.version = hello.Version
	return p, nil
}

// run measures one case, in seconds.
func (p *peer) run(c request) (float64, error) {
	t, err := p.ask(c)
	return t.Seconds, err
}

// timing is the answer to a request: the median of the steps and, if the script measures it, the least.
type timing struct {
	Seconds float64 `json:"seconds"`
	Least   float64 `json:"least"`
}

// ask sends any request.
func (p *peer) ask(request any) (t timing, err error) {
	if err := json.NewEncoder(p.in).Encode(request); err != nil {
		return t, errors.Wrap(err, p.name)
	}
	err = p.read(&t)
	return t, errors.Wrap(err, p.name)
}

func (p *peer) read(v any) error {
	if !p.out.Scan() {
		if err := p.out.Err(); err != nil {
			return errors.Wrap(err, "its answer")
		}
		return errors.New("the process has ended")
	}
	return json.Unmarshal(p.out.Bytes(), v)
}

// close ends the process.
func (p *peer) close() {
	p.in.Close()
	_ = p.command.Wait() // how it ends does not matter any more
}
