package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// entry is a line of the history: what a run measured, and on what.
type entry struct {
	Date    string `json:"date"`    // such as 2026-11-25
	Commit  string `json:"commit"`  // of the sources, with "+" if they were changed
	Machine string `json:"machine"` // the processor
	Cores   int    `json:"cores"`
	System  string `json:"system"`  // such as linux/amd64
	Kernels string `json:"kernels"` // such as avx512
	Go      string `json:"go"`
	Peer    string `json:"peer,omitempty"` // such as PyTorch 2.1.0
	Threads int    `json:"threads"`
	Pairs   int    `json:"pairs"`
	Steps   int    `json:"steps"`
	Cases   []cost `json:"cases"`
}

// cost is a case with the medians of both sides in seconds.
type cost struct {
	Name  string  `json:"name"`
	Ours  float64 `json:"ours"`
	Peer  float64 `json:"peer,omitempty"`
	Ratio float64 `json:"ratio,omitempty"` // the median of the pairs' ratios peer/ours
}

// newEntry describes the run; the cases are to come.
func newEntry(ctx context.Context, o options) (entry, error) {
	e := entry{
		Date: o.date, Commit: o.commit, Machine: o.machine, Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Kernels: kernel.CPU(),
		Go: runtime.Version(), Threads: o.threads, Pairs: o.pairs, Steps: o.steps, Cases: []cost{},
	}
	if _, err := time.Parse(time.DateOnly, o.date); err != nil {
		return e, errors.Wrap(err, "-date")
	}
	if e.Machine == "" {
		e.Machine = processor()
	}
	if e.Commit == "" {
		head, err := git(ctx, "rev-parse", "--short=12", "HEAD")
		if err != nil {
			return e, errors.Wrap(err, "the commit is unknown; set -commit")
		}
		changes, err := git(ctx, "status", "--porcelain", "--untracked-files=no")
		if err != nil {
			return e, errors.Wrap(err, "the commit is unknown; set -commit")
		}
		if e.Commit = head; changes != "" {
			e.Commit += "+"
		}
	}
	return e, nil
}

func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output()
	return strings.TrimSpace(string(out)), errors.Wrapf(err, "git %s", args[0])
}

// processor is the name of the processor where Linux shows it, or else the architecture.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if key, name, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(name)
		}
	}
	return runtime.GOARCH
}

// appendHistory adds a line to a history.
func appendHistory(path string, e entry) (err error) {
	release, err := output.Lock(path)
	if err != nil {
		return err
	}
	defer func() {
		if rerr := release(); err == nil {
			err = rerr
		}
	}()
	old, err := readHistory(path)
	if err != nil {
		return err
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return output.Write(path, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s%s\n", old, line)
		return err
	})
}

// readHistory returns the lines of a history, which need not exist yet.
func readHistory(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, errors.Errorf("%s: not a regular file", path)
	}
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(old) > 0 && !bytes.HasSuffix(old, []byte("}\n")) {
		return nil, errors.Errorf("%s: not a history: its last line is no JSON object", path)
	}
	return old, nil
}
