package uci

import (
	"math"
	"os"
	"path/filepath"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/numbers"
)

// Load reads a task from its folder in dir: the files NAME_py.dat, labels_py.dat, folds_py.dat and
// validation_folds_py.dat, plain or as .gz. They have one line for each row: the features; the class, counted from 0; and
// for each fold 0 or 1.
//
// It returns an error if a file is missing or damaged, if the files differ in their number of lines, if a label is not a class or a class
// has no row, if a fold tests and validates on the same row, or if the sizes differ from those in index.csv (if it exists). The error names
// the file and, if possible, the line.
func Load(dir, task string) (*Task, error) {
	if !isName(task) {
		return nil, errors.Errorf("uci: %q is not the name of a task", task)
	}
	want, indexed, err := find(dir, task)
	if err != nil {
		return nil, err
	}
	t, info, err := load(filepath.Join(dir, task), task)
	if err != nil {
		return nil, errors.Wrap(err, "uci")
	}
	if indexed && info != want {
		return nil, errors.Errorf("uci: %s: %d samples, %d features, %d classes, %d folds, but %s says %d, %d, %d, %d", task,
			info.Samples, info.Features, info.Classes, info.Folds, indexName, want.Samples, want.Features, want.Classes, want.Folds)
	}
	return t, nil
}

// load reads the files of a task.
func load(dir, name string) (*Task, Info, error) {
	path := func(file string) string {
		plain := filepath.Join(dir, file)
		if _, err := os.Stat(plain); err == nil {
			return plain
		}
		return plain + ".gz"
	}
	info := Info{Name: name}
	set := &datasets.Set{
		Name:  "uci/" + name,
		Notes: name + ": UCI Machine Learning Repository, in the form of Fernandez-Delgado et al. 2014 and Klambauer et al. 2017",
		Tasks: []string{"class"},
	}
	var err error
	features := path(name + "_py.dat")
	if set.Features, err = readFeatures(features, &info); err != nil {
		return nil, info, err
	}
	labels := path("labels_py.dat")
	if set.Labels, err = readLabels(labels, &info); err != nil {
		return nil, info, err
	}
	for c := range info.Classes {
		set.Classes = append(set.Classes, strconv.Itoa(c))
	}
	t := &Task{Set: set}
	tests, vals := path("folds_py.dat"), path("validation_folds_py.dat")
	if t.test, info.Folds, err = readMarks(tests); err != nil {
		return nil, info, err
	}
	var folds int
	if t.val, folds, err = readMarks(vals); err != nil {
		return nil, info, err
	}
	t.Folds = info.Folds
	for _, f := range []struct {
		path  string
		lines int
	}{{labels, len(set.Labels)}, {tests, len(t.test) / info.Folds}, {vals, len(t.val) / folds}} {
		if f.lines != info.Samples {
			return nil, info, errors.Errorf("%s: %d lines, but %s has %d", f.path, f.lines, features, info.Samples)
		}
	}
	if folds != info.Folds {
		return nil, info, errors.Errorf("%s: %d folds, but %s has %d", vals, folds, tests, info.Folds)
	}
	return t, info, t.check(vals)
}

// check checks that the parts of each fold are disjoint and not empty. The validation part may be empty because it was drawn at random.
func (t *Task) check(vals string) error {
	for i := range t.test {
		if t.test[i] && t.val[i] {
			return errors.Errorf("%s:%d: in fold %d the row is for testing, too", vals, i/t.Folds+1, i%t.Folds)
		}
	}
	for k := range t.Folds {
		f, err := t.Fold(k)
		if err != nil {
			return err
		}
		if len(f.Fit) == 0 || len(f.Test) == 0 {
			return errors.Errorf("%s: fold %d has %d rows to fit on and %d to test", vals, k, len(f.Fit), len(f.Test))
		}
	}
	return nil
}

func readFeatures(path string, info *Info) (*datasets.Dense, error) {
	var data pieces[float32]
	err := numbers.Read(path, func(v []float64) error {
		info.Samples++
		info.Features = len(v)
		for i, x := range v {
			if math.Abs(x) > math.MaxFloat32 {
				return errors.Errorf("field %d: %v is out of range", i+1, x)
			}
			data.add(float32(x))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return datasets.NewDense(info.Samples, info.Features, data.join())
}

func readLabels(path string, info *Info) ([]float32, error) {
	var labels pieces[float32]
	count := make(map[float64]int)
	err := numbers.Read(path, func(v []float64) error {
		if len(v) != 1 {
			return errors.Errorf("%d numbers, want one class number", len(v))
		}
		if v[0] < 0 || v[0] != math.Trunc(v[0]) || v[0] >= 1<<16 {
			return errors.Errorf("%v is not a class number", v[0])
		}
		labels.add(float32(v[0]))
		count[v[0]]++
		info.Classes = max(info.Classes, int(v[0])+1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for c := range info.Classes {
		if count[float64(c)] == 0 {
			return nil, errors.Errorf("%s: no row has class %d, but there is class %d", path, c, info.Classes-1)
		}
	}
	if info.Classes < 2 {
		return nil, errors.Errorf("%s: only one class", path)
	}
	return labels.join(), nil
}

// readMarks reads which rows belong to a part, row after row, and the number of folds.
func readMarks(path string) (marks []bool, folds int, err error) {
	var list pieces[bool]
	err = numbers.Read(path, func(v []float64) error {
		folds = len(v)
		for i, x := range v {
			if x != 0 && x != 1 {
				return errors.Errorf("field %d: %v, want 0 or 1", i+1, x)
			}
			list.add(x == 1)
		}
		return nil
	})
	return list.join(), folds, err
}
