package uci

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Info describes a task.
type Info struct {
	Name                              string
	Samples, Features, Classes, Folds int
}

// maxTasks bounds the index, so that a damaged file cannot fill the memory.
const maxTasks = 10_000

// indexName is the file that lists the tasks of a folder.
const indexName = "index.csv"

var indexColumns = []string{"name", "n_samples", "n_features", "n_classes", "n_folds"}

// Tasks returns the tasks in a folder, in the order of its index.csv, a table with the columns name, n_samples, n_features, n_classes and
// n_folds. If there is no such file, it lists no task, or a line has another form, the error names the file and the line.
func Tasks(dir string) ([]Info, error) {
	path := filepath.Join(dir, indexName)
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "uci")
	}
	defer f.Close()
	list, err := readIndex(path, f)
	return list, errors.Wrap(err, "uci")
}

func readIndex(path string, r io.Reader) ([]Info, error) {
	table, err := formats.NewCSV(path, r)
	if err != nil {
		return nil, err
	}
	at, err := table.Columns(indexColumns...)
	if err != nil {
		return nil, err
	}
	var list []Info
	seen := make(map[string]bool)
	for {
		rec, err := table.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		info := Info{Name: strings.Clone(rec[at[0]])}
		if !isName(info.Name) || seen[info.Name] {
			return nil, table.Errorf("%s is not the name of another task", formats.Quote(info.Name))
		}
		if len(list) == maxTasks {
			return nil, table.Errorf("more than %d tasks, the limit", maxTasks)
		}
		seen[info.Name] = true
		for i, to := range []*int{&info.Samples, &info.Features, &info.Classes, &info.Folds} {
			if *to, err = strconv.Atoi(rec[at[i+1]]); err != nil || *to < 1 {
				return nil, table.Errorf("%s is %s, want a number of at least 1", indexColumns[i+1], formats.Quote(rec[at[i+1]]))
			}
		}
		list = append(list, info)
	}
	if len(list) == 0 {
		return nil, errors.Errorf("%s: no tasks", path)
	}
	return list, nil
}

// writeIndex lists the tasks that a folder has.
func writeIndex(dir string, list []Info) error {
	return output.Write(filepath.Join(dir, indexName), func(w io.Writer) error {
		fmt.Fprintln(w, strings.Join(indexColumns, ","))
		for _, t := range list {
			fmt.Fprintf(w, "%s,%d,%d,%d,%d\n", t.Name, t.Samples, t.Features, t.Classes, t.Folds)
		}
		return nil
	})
}

// isName reports whether a name is valid for a task's folder.
func isName(s string) bool {
	return s != "" && s != "." && s != ".." && len(s) < 256 && !strings.ContainsAny(s, `/\,`+"\"\r\n")
}

// find returns the entry of a task in the index of a folder. ok is false if the folder has no index, or if only the index lacks the task.
func find(dir, task string) (info Info, ok bool, err error) {
	list, err := Tasks(dir)
	if errors.Is(err, os.ErrNotExist) {
		return Info{}, false, nil
	}
	if err != nil {
		return Info{}, false, err
	}
	for _, info := range list {
		if info.Name == task {
			return info, true, nil
		}
	}
	if _, err := os.Stat(filepath.Join(dir, task)); err == nil {
		return Info{}, false, nil
	}
	return Info{}, false, errors.Errorf("uci: %s lists no task %q", filepath.Join(dir, indexName), task)
}
