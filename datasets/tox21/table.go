package tox21

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Limits of a table of compounds, several times what the challenge has, so that no file can fill the memory.
const (
	maxCompounds = 100_000
	maxText      = 1 << 22 // bytes of IDs, SMILES and other texts that are kept
	maxID        = 1 << 10 // bytes
)

// columns names the columns of a table of compounds. Except for id, an empty name means that the table lacks the column.
type columns struct {
	id, inchikey, smiles, part, fold string
	task                             func(string) string // spelling of a task's name
}

// readTable reads the compounds of a CSV file, each with the fields of the extra columns.
func readTable(path string, cols columns, extra ...string) (list []Compound, fields [][]string, err error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, nil, errors.Wrap(err, "tox21")
	}
	defer f.Close()
	return readTableFrom(f, cols, extra...)
}

// readTableFrom is readTable for an open file.
func readTableFrom(f *formats.File, cols columns, extra ...string) (list []Compound, fields [][]string, err error) {
	path := f.Path
	t := table{ids: make(map[string]int)}
	if t.CSV, err = formats.NewCSV(path, f); err != nil {
		return nil, nil, errors.Wrap(err, "tox21")
	}
	if err := t.find(cols, extra); err != nil {
		return nil, nil, errors.Wrap(err, "tox21")
	}
	for {
		rec, err := t.Next()
		if err == io.EOF {
			break
		}
		c := Compound{File: filepath.Base(path), Line: t.Line(), Fold: -1}
		if err == nil {
			err = t.compound(rec, &c)
		}
		if err != nil {
			return nil, nil, errors.Wrap(err, "tox21")
		}
		list, fields = append(list, c), append(fields, t.pick(rec, t.extra))
		if len(list) > maxCompounds || t.held > maxText {
			return nil, nil, errors.Wrap(t.Errorf("more than the limit of %d compounds or %d MiB of text", maxCompounds, maxText>>20), "tox21")
		}
	}
	if len(list) == 0 {
		return nil, nil, errors.Errorf("tox21: %s: no compounds", path)
	}
	return list, fields, nil
}

// table is a CSV file of compounds with the indices of its columns.
type table struct {
	*formats.CSV
	ids  map[string]int // line of each ID
	held int            // bytes of text that are kept

	id, inchikey, smiles, part, fold int // -1 if absent
	tasks, extra                     []int
}

// find looks up the columns.
func (t *table) find(cols columns, extra []string) error {
	id, err := t.Columns(cols.id)
	if err != nil {
		return err
	}
	t.id = id[0]
	for _, c := range []struct {
		at   *int
		name string
	}{{&t.inchikey, cols.inchikey}, {&t.smiles, cols.smiles}, {&t.part, cols.part}, {&t.fold, cols.fold}} {
		*c.at = -1
		if c.name == "" {
			continue
		}
		at, err := t.Columns(c.name)
		if err != nil {
			return err
		}
		*c.at = at[0]
	}
	names := Tasks()
	if cols.task != nil {
		for i := range names {
			names[i] = cols.task(names[i])
		}
	}
	if t.tasks, err = t.Columns(names...); err != nil {
		return err
	}
	t.extra, err = t.Columns(extra...)
	return err
}

// keep copies a field: a field is part of its record, which would be kept with it.
func (t *table) keep(field string) string {
	t.held += len(field)
	return strings.Clone(field)
}

func (t *table) pick(rec []string, at []int) []string {
	out := make([]string, len(at))
	for i, k := range at {
		out[i] = t.keep(rec[k])
	}
	return out
}

// compound reads one record.
func (t *table) compound(rec []string, c *Compound) error {
	c.ID = t.keep(rec[t.id])
	if c.ID == "" {
		return t.Errorf("no ID")
	}
	if len(c.ID) > maxID {
		return t.Errorf("the ID is longer than the limit of %d bytes", maxID)
	}
	if line, twice := t.ids[c.ID]; twice {
		return t.Errorf("ID %s comes twice, first on line %d", formats.Quote(c.ID), line)
	}
	t.ids[c.ID] = t.Line()
	if t.inchikey >= 0 {
		c.InChIKey = t.keep(rec[t.inchikey])
	}
	if t.smiles >= 0 {
		c.SMILES = t.keep(rec[t.smiles])
	}
	var ok bool
	if t.part >= 0 {
		if c.Part, ok = parsePart(rec[t.part]); !ok {
			return t.Errorf("set is %s, want training, validation or test", formats.Quote(rec[t.part]))
		}
	}
	if t.fold >= 0 {
		if c.Fold, ok = parseFold(rec[t.fold]); !ok {
			return t.Errorf("fold is %s, want 0 to 5 or NA", formats.Quote(rec[t.fold]))
		}
	}
	for k, at := range t.tasks {
		if c.Labels[k], ok = parseLabel(rec[at]); !ok {
			return t.Errorf("label of %s is %s, want 0, 1 or NA", tasks[k], formats.Quote(rec[at]))
		}
	}
	return nil
}

func parsePart(s string) (datasets.Part, bool) {
	switch s {
	case "training", "train":
		return datasets.Train, true
	case "validation":
		return datasets.Validation, true
	case "test":
		return datasets.Test, true
	}
	return 0, false
}

func parseFold(s string) (int, bool) {
	if s == "" || s == "NA" {
		return -1, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= 5
}

// exists reports whether dir has one of the files, and returns its path.
func exists(dir string, names ...string) (string, bool) {
	for _, n := range names {
		path := filepath.Join(dir, n)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, true
		}
	}
	return "", false
}
