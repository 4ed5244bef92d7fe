package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// writeTasks writes two tasks in the form of datasets/uci, and the file of -tasks.
func writeTasks(t *testing.T) (data, anchors string) {
	t.Helper()
	data = t.TempDir()
	const rows = 40
	write := func(path, text string) {
		path = filepath.Join(data, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if !strings.HasSuffix(path, ".gz") {
			fmt.Fprint(f, text)
			return
		}
		w := gzip.NewWriter(f)
		fmt.Fprint(w, text)
		w.Close()
	}
	index := "name,n_samples,n_features,n_classes,n_folds\n"
	anchors = "task,fold,random_forest_500,random_forest_500_log_loss,random_forest_500_s\n"
	for _, name := range []string{"one", "two"} {
		var x, y, f, v strings.Builder
		for r := range rows {
			fmt.Fprintf(&x, "%d.5,%d\n", r, r*r%7)
			fmt.Fprintln(&y, r%2)
			fmt.Fprintf(&f, "%d,%d\n", truth(r%4 == 0), truth(r%4 == 1))
			fmt.Fprintf(&v, "%d,%d\n", truth(r%4 == 2), truth(r%4 == 2))
		}
		for file, text := range map[string]string{"": x.String(), "labels": y.String(), "folds": f.String(), "validation_folds": v.String()} {
			base := file + "_py.dat.gz"
			if file == "" {
				base = name + base
			}
			write(filepath.Join(name, base), text)
		}
		index += fmt.Sprintf("%s,%d,2,2,2\n", name, rows)
		for fold := range 2 {
			anchors += fmt.Sprintf("%s,%d,0.75,0.5,0.1\n", name, fold)
		}
	}
	write("index.csv", index)
	write("anchors.csv", anchors)
	return data, filepath.Join(data, "anchors.csv")
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// -tables trains each method on the folds of each task, with disjoint rows to train on and to judge; prints means and ranks; and goes on where it was
// stopped.
func TestTables(t *testing.T) {
	data, tasks := writeTasks(t)
	defer func(old func(context.Context, *tableBench, string, tableFiles) (tableRun, error)) { runProgram = old }(runProgram)
	calls := 0
	runProgram = func(_ context.Context, b *tableBench, flags string, files tableFiles) (tableRun, error) {
		calls++
		if calls == 4 {
			return tableRun{}, errors.New("stopped here")
		}
		lines := map[string]int{}
		for k, path := range []string{files.train, files.judge} {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Split(strings.TrimSpace(string(text)), "\n")
			if want := []int{30, 10}[k]; all[0] != "x1,x2,class" || !b.validate && len(all) != 1+want || b.validate && len(all) > 25 {
				t.Errorf("%s has %d lines, the first is %q", path, len(all), all[0])
			}
			for _, line := range all[1:] {
				if lines[line]++; lines[line] > 1 {
					t.Errorf("the row %s is in both files", line)
				}
			}
		}
		accuracy := 0.8
		if flags == "-fast" {
			accuracy = 0.7
		}
		return tableRun{Accuracy: accuracy, LogLoss: 1 - accuracy, Seconds: 0.5, CPU: 0.25}, nil
	}
	results := filepath.Join(t.TempDir(), "results.jsonl")
	args := []string{"-tables", "-tasks", tasks, "-data", data, "-results", results}
	if code, _, stderr := programtest.Run(run, args...); code != 1 || !strings.Contains(stderr, "stopped here") {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	code, stdout, stderr := programtest.Run(run, args...)
	if code != 0 || calls != 9 {
		t.Fatalf("exit code %d, %d trainings: %s", code, calls, stderr)
	}
	for column, want := range []map[string]float64{
		{"default": 0.8, "-fast": 0.7, "random forest, 500 trees": 0.75}, {"default": 0.2, "-fast": 0.3, "random forest, 500 trees": 0.5}, {}, {},
		{"default": 1, "-fast": 3, "random forest, 500 trees": 2}, {"default": 1, "-fast": 2, "random forest, 500 trees": 3},
	} {
		for name, v := range want {
			if got := cellOf(stdout, name, column+1); got != fmt.Sprintf("%.4f", v) && got != fmt.Sprintf("%.2f", v) {
				t.Errorf("column %d of %s is %s, want %v:\n%s", column+1, name, got, v, stdout)
			}
		}
	}
	if code, stdout, _ := programtest.Run(run, append(args, "-validate", "-with", "-seed 1; -seed 2", "-only", "one")...); code != 0 ||
		!strings.Contains(stdout, "validation rows") || !strings.Contains(stdout, "| -seed 2 ") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
}

// cellOf returns a cell of a line of a Markdown table.
func cellOf(table, name string, column int) string {
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) > column+1 && strings.TrimSpace(cells[1]) == name {
			return strings.TrimSpace(cells[column+1])
		}
	}
	return ""
}

func TestTableErrors(t *testing.T) {
	data, tasks := writeTasks(t)
	empty := filepath.Join(data, "empty.csv")
	if err := os.WriteFile(empty, []byte("task,fold\none,x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-tables"}, Code: 2, Want: "-tasks"},
		{Args: []string{"-validate"}, Code: 2, Want: "-tables beside it"},
		{Args: []string{"-tables", "-tasks", empty}, Code: 1, Want: "empty.csv:2: there is no fold"},
		{Args: []string{"-tables", "-tasks", tasks, "-data", filepath.Join(data, "absent")}, Code: 1, Want: "absent"},
	})
}
