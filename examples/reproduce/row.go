package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// reproduce runs the command of a row. Its outputs below docs go into a temporary folder instead, so the kept files do not change. Notes are words for the line of the row.
func (r row) reproduce(ctx context.Context, p page, limit time.Duration) (notes string, err error) {
	dir, err := os.MkdirTemp("", "reproduce")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	var searches []*search
	for _, path := range r.results {
		found, err := copySearches(path, filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			return "", err
		}
		searches = append(searches, found...)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := r.execute(ctx, dir)
	if err != nil {
		return "", err
	}
	for _, figure := range r.figures {
		if !bytes.Contains(out, []byte(figure)) {
			return "", errors.Errorf("%s does not print %q:\n%s", r.commandLine(), figure, tail(out))
		}
	}
	again := 0
	for _, s := range searches {
		if p.kernels != "" && p.kernels != kernel.CPU() {
			return fmt.Sprintf(", trials not compared: computed with %s kernels, here %s", p.kernels, kernel.CPU()), nil
		}
		if err := s.compare(); err != nil {
			return "", err
		}
		again += s.missing
	}
	if again > 0 {
		notes = fmt.Sprintf(", %d trials computed again and equal", again)
	}
	return notes, nil
}

// execute runs the command, with dir in place of the root for its outputs, and returns what it prints.
func (r row) execute(ctx context.Context, dir string) ([]byte, error) {
	args := append([]string(nil), r.command[1:]...)
	for i, a := range args {
		if strings.HasPrefix(a, "docs/") {
			args[i] = filepath.Join(dir, filepath.FromSlash(a))
			if err := os.MkdirAll(filepath.Dir(args[i]), 0o777); err != nil {
				return nil, err
			}
		}
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, r.command[0], args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, errors.Wrapf(err, "%s: %s", r.commandLine(), tail(append(stdout.Bytes(), stderr.Bytes()...)))
	}
	if bytes.Contains(stdout.Bytes(), []byte("[no tests to run]")) {
		return nil, errors.Errorf("%s: there is no such test", r.commandLine())
	}
	return append(stdout.Bytes(), stderr.Bytes()...), nil
}

// tail returns the last lines of an output.
func tail(out []byte) []byte {
	const most = 2000
	if len(out) > most {
		out = out[len(out)-most:]
	}
	return bytes.TrimSpace(out)
}
