package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
)

// tableFiles are the files of a task: to train on and to judge.
type tableFiles struct{ train, judge string }

// writeTask writes rows of a task as CSV files with a header, as people bring them.
func writeTask(dir string, set *datasets.Set, rows, judged []int) (tableFiles, error) {
	files := tableFiles{filepath.Join(dir, "train.csv"), filepath.Join(dir, "judge.csv")}
	for path, rows := range map[string][]int{files.train: rows, files.judge: judged} {
		if err := writeRows(path, set, rows); err != nil {
			return files, err
		}
	}
	return files, nil
}

func writeRows(path string, set *datasets.Set, rows []int) error {
	f, err := os.Create(path)
	if err != nil {
		return errors.WithStack(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	width := set.Width()
	for c := range width {
		fmt.Fprintf(w, "x%d,", c+1)
	}
	fmt.Fprintln(w, "class")
	values := make([]float32, width)
	for _, r := range rows {
		if err := set.Features.Gather(values, width, []int{r}); err != nil {
			return err
		}
		for _, v := range values {
			w.WriteString(strconv.FormatFloat(float64(v), 'g', -1, 32))
			w.WriteByte(',')
		}
		fmt.Fprintf(w, "class %s\n", set.Classes[set.Class(r)])
	}
	if err := w.Flush(); err != nil {
		return errors.WithStack(err)
	}
	return errors.WithStack(f.Close())
}

// runTabular trains with the program examples/tabular, in a process of its own with one thread, and judges by its -evaluate.
func runTabular(ctx context.Context, t *tableBench, flags string, files tableFiles) (r tableRun, err error) {
	program, err := t.build(ctx)
	if err != nil {
		return r, err
	}
	model, result := filepath.Join(t.dir, "model"), filepath.Join(t.dir, "result.json")
	args := append([]string{"-q", "-data", files.train, "-target", "class", "-problem", "classes", "-test-share", "0", "-threads", "1", "-out", model, "-overwrite"},
		strings.Fields(flags)...)
	began := time.Now()
	used, err := t.process(ctx, program, args...)
	if err != nil {
		return r, err
	}
	r.Seconds, r.CPU = time.Since(began).Seconds(), used.Seconds()
	if _, err := t.process(ctx, program, "-evaluate", files.judge, "-model", model, "-json", result); err != nil {
		return r, err
	}
	text, err := os.ReadFile(result)
	if err != nil {
		return r, errors.WithStack(err)
	}
	var judged struct {
		Results map[string]map[string]float64 `json:"results"`
	}
	if err := json.Unmarshal(text, &judged); err != nil {
		return r, errors.Wrap(err, result)
	}
	r.Accuracy, r.LogLoss = judged.Results["evaluated"]["accuracy"], judged.Results["evaluated"]["log loss"]
	return r, nil
}

// build compiles examples/tabular, once.
func (t *tableBench) build(ctx context.Context) (program string, err error) {
	program = filepath.Join(t.dir, "tabular.exe")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	text, err := exec.CommandContext(ctx, "go", "build", "-o", program, "github.com/selfnorm/selfnorm/examples/tabular").CombinedOutput()
	return program, errors.Wrapf(err, "go build examples/tabular: %s", bytes.TrimSpace(text))
}

// process runs the program with one thread and returns its processor time. An error has what it has said.
func (t *tableBench) process(ctx context.Context, program string, args ...string) (time.Duration, error) {
	c := exec.CommandContext(ctx, program, args...)
	c.Env = append(os.Environ(), "GOMAXPROCS=1")
	text, err := c.CombinedOutput()
	if err != nil {
		return 0, errors.Wrapf(err, "%s: %s", strings.Join(args, " "), bytes.TrimSpace(text))
	}
	return c.ProcessState.UserTime() + c.ProcessState.SystemTime(), nil
}
