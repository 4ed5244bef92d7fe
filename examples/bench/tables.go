package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/uci"
)

// tableFolds is how many of the folds of each task -tables takes.
const tableFolds = 2

// tableRun is a training of examples/tabular and its judgement, a line of the file -results.
type tableRun struct {
	Method   string  `json:"method"` // the flags
	Judged   string  `json:"judged"` // test or validation
	Task     string  `json:"task"`
	Fold     int     `json:"fold"`
	Rows     int     `json:"rows"`
	Accuracy float64 `json:"accuracy"`
	LogLoss  float64 `json:"log_loss"`
	// Seconds is the time of the training process from its start to its end, CPU its processor time.
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"cpu_seconds"`
}

func (r tableRun) key() string { return fmt.Sprint(r.Method, "|", r.Judged, "|", r.Task, "|", r.Fold) }

// benchDefaults trains examples/tabular with its defaults, and with -fast, on the tasks in -tasks, and prints their means beside those of the other
// methods of that file.
func benchDefaults(ctx context.Context, o options, stdout, stderr io.Writer) error {
	anchors, err := readAnchors(o.tasks)
	if err != nil {
		return err
	}
	done, err := readTableRuns(o.results)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tables")
	if err != nil {
		return errors.WithStack(err)
	}
	defer os.RemoveAll(dir)
	t := &tableBench{options: o, done: done, dir: dir, progress: stderr, judged: "test"}
	if o.validate {
		t.judged = "validation"
	}
	methods := []string{"", "-fast"}
	if o.with != "" {
		methods = strings.Split(o.with, ";")
	}
	for _, name := range anchors.tasks {
		if !strings.Contains(name, o.only) {
			continue
		}
		for _, flags := range methods {
			if err := t.task(ctx, name, strings.TrimSpace(flags)); err != nil {
				return errors.Wrap(err, name)
			}
		}
	}
	return t.print(stdout, anchors)
}

// tableBench is one call of benchDefaults.
type tableBench struct {
	options
	judged   string // the rows that results are of
	dir      string // temporary
	done     map[string]tableRun
	all      []tableRun
	progress io.Writer
}

// runProgram trains and judges. Tests replace it.
var runProgram = runTabular

// task trains and judges one method on the folds of a task, unless the file -results has it.
func (t *tableBench) task(ctx context.Context, name, flags string) error {
	task, err := t.loadTask(ctx, name)
	if err != nil {
		return err
	}
	for fold := range min(tableFolds, task.Folds) {
		r := tableRun{Method: cmp.Or(flags, "default"), Judged: t.judged, Task: name, Fold: fold}
		if old, ok := t.done[r.key()]; ok {
			t.all = append(t.all, old)
			continue
		}
		rows, judged, err := t.parts(task, fold)
		if err != nil {
			return err
		}
		files, err := writeTask(t.dir, task.Set, rows, judged)
		if err != nil {
			return err
		}
		got, err := runProgram(ctx, t, flags, files)
		if err != nil {
			return errors.Wrapf(err, "fold %d", fold)
		}
		r.Rows, r.Accuracy, r.LogLoss, r.Seconds, r.CPU = len(rows), got.Accuracy, got.LogLoss, got.Seconds, got.CPU
		fmt.Fprintf(t.progress, "%s, fold %d, %s: accuracy %.4f, log loss %.4f, %.2f s\n", name, fold, r.Method, r.Accuracy, r.LogLoss, r.Seconds)
		t.all = append(t.all, r)
		if err := appendTableRun(t.results, r); err != nil {
			return err
		}
	}
	return nil
}

// parts returns the rows of a fold to train on and to judge. With -validate, the test rows are not read: a quarter of the others is judged.
func (t *tableBench) parts(task *uci.Task, fold int) (rows, judged []int, err error) {
	f, err := task.Fold(fold)
	if err != nil {
		return nil, nil, err
	}
	test := make(map[int]bool, len(f.Test))
	for _, r := range f.Test {
		test[r] = true
	}
	for r := range task.Set.Len() {
		if !test[r] {
			rows = append(rows, r)
		}
	}
	if !t.validate {
		return rows, f.Test, nil
	}
	return datasets.StratifiedSplit(rows, task.Set.Class, 0.25, uint64(100+fold))
}

// readTableRuns reads the file -results. A line that is cut short, as by a process that was killed, is left out.
func readTableRuns(path string) (map[string]tableRun, error) {
	done := map[string]tableRun{}
	if path == "" {
		return done, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return done, nil
	}
	if err != nil {
		return nil, errors.Wrap(err, "-results")
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r tableRun
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.Task != "" {
			done[r.key()] = r
		}
	}
	return done, errors.Wrap(lines.Err(), "-results")
}

// appendTableRun adds a line to the file -results.
func appendTableRun(path string, r tableRun) error {
	if path == "" {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return errors.WithStack(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return errors.Wrap(err, "-results")
	}
	_, err = f.Write(append(line, '\n'))
	if closed := f.Close(); err == nil {
		err = closed
	}
	return errors.Wrap(err, "-results")
}

// print writes the means of all methods over the tasks and folds that were run, and the mean ranks among them.
func (t *tableBench) print(out io.Writer, anchors *anchors) error {
	methods := append(t.methods(), anchors.methods(t.all)...)
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	fmt.Fprintf(w, "| method\t| accuracy\t| log loss\t| seconds\t| processor seconds\t| mean rank, accuracy\t| mean rank, log loss\t|\n"+
		"| ---\t| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t| ---:\t|\n")
	byAccuracy := ranks(methods, func(r tableRun) float64 { return -r.Accuracy })
	byLoss := ranks(methods, func(r tableRun) float64 { return r.LogLoss })
	for i, m := range methods {
		accuracy, loss, seconds, cpu := m.means()
		processor := "-"
		if cpu > 0 {
			processor = fmt.Sprintf("%.2f", cpu)
		}
		fmt.Fprintf(w, "| %s\t| %.4f\t| %.4f\t| %.2f\t| %s\t| %.2f\t| %.2f\t|\n", m.name, accuracy, loss, seconds, processor, byAccuracy[i], byLoss[i])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d trainings of each method, judged on %s rows; one thread each.\n", len(methods[0].runs), t.judged)
	if t.judged != "test" && err == nil {
		_, err = fmt.Fprintln(out, "The other methods were judged on test rows and trained on more: do not compare.")
	}
	return err
}
