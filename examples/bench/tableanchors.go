package main

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// anchorMethods are the methods of the file -tasks, by the names of their columns.
var anchorMethods = []struct{ column, name string }{
	{"realmlp_td_s", "RealMLP-TD-S"},
	{"random_forest_500", "random forest, 500 trees"},
	{"hist_gradient_boosting", "histogram gradient boosting"},
}

// anchors holds the results of other methods on the tasks.
type anchors struct {
	tasks []string              // once each, in order
	runs  map[string][]tableRun // by the name of the method
}

// tableMethod is a method with its runs, in the same order for all.
type tableMethod struct {
	name string
	runs []tableRun
}

// readAnchors reads the file -tasks: one line for each fold of a task, with accuracy, log loss and seconds of each method. Columns of a method may be
// missing.
func readAnchors(path string) (*anchors, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "-tasks")
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, errors.Wrap(err, path)
	}
	if len(records) < 2 {
		return nil, errors.Errorf("%s: there are no tasks", path)
	}
	a := &anchors{runs: map[string][]tableRun{}}
	header := records[0]
	for line, r := range records[1:] {
		if !slices.Contains(a.tasks, r[0]) {
			a.tasks = append(a.tasks, r[0])
		}
		number := func(column string) (float64, bool) {
			at := slices.Index(header, column)
			if at < 0 {
				return 0, false
			}
			v, err := strconv.ParseFloat(r[at], 64)
			return v, err == nil
		}
		fold, ok := number("fold")
		if !ok {
			return nil, errors.Errorf("%s:%d: there is no fold", path, line+2)
		}
		for _, m := range anchorMethods {
			one := tableRun{Task: r[0], Fold: int(fold)}
			var ok1, ok2, ok3 bool
			one.Accuracy, ok1 = number(m.column)
			one.LogLoss, ok2 = number(m.column + "_log_loss")
			one.Seconds, ok3 = number(m.column + "_s")
			if ok1 && ok2 && ok3 {
				a.runs[m.name] = append(a.runs[m.name], one)
			}
		}
	}
	return a, nil
}

// methods returns the methods that have all of the tasks and folds of some runs, in their order.
func (a *anchors) methods(of []tableRun) (all []tableMethod) {
	for _, m := range anchorMethods {
		method := tableMethod{name: m.name}
		for _, r := range of {
			if r.Method != of[0].Method {
				continue
			}
			at := slices.IndexFunc(a.runs[m.name], func(x tableRun) bool { return x.Task == r.Task && x.Fold == r.Fold })
			if at >= 0 {
				method.runs = append(method.runs, a.runs[m.name][at])
			}
		}
		if n := countRuns(of); n > 0 && len(method.runs) == n {
			all = append(all, method)
		}
	}
	return all
}

// countRuns returns the number of runs of the first method.
func countRuns(of []tableRun) (n int) {
	for _, r := range of {
		if r.Method == of[0].Method {
			n++
		}
	}
	return n
}

// methods returns the runs by method, in the order of the first ones.
func (t *tableBench) methods() (all []tableMethod) {
	for _, r := range t.all {
		at := slices.IndexFunc(all, func(m tableMethod) bool { return m.name == r.Method })
		if at < 0 {
			at = len(all)
			all = append(all, tableMethod{name: r.Method})
		}
		all[at].runs = append(all[at].runs, r)
	}
	return all
}

// means returns the means over the runs.
func (m tableMethod) means() (accuracy, loss, seconds, cpu float64) {
	n := float64(len(m.runs))
	for _, r := range m.runs {
		accuracy, loss, seconds, cpu = accuracy+r.Accuracy/n, loss+r.LogLoss/n, seconds+r.Seconds/n, cpu+r.CPU/n
	}
	return accuracy, loss, seconds, cpu
}

// ranks returns the mean rank of each method, where 1 has the least value and equal values share their ranks.
func ranks(methods []tableMethod, value func(r tableRun) float64) []float64 {
	mean := make([]float64, len(methods))
	for i := range methods[0].runs {
		for k, m := range methods {
			rank := 1.0
			for other, n := range methods {
				switch a, b := value(n.runs[i]), value(m.runs[i]); {
				case a < b:
					rank++
				case a == b && other != k:
					rank += 0.5
				}
			}
			mean[k] += rank / float64(len(m.runs))
		}
	}
	return mean
}
