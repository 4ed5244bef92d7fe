package tox21

import (
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// labelsName is the file with the labels of a part, "train" or "test".
func labelsName(part string) string { return "tox21_labels_" + part + ".csv.gz" }

// readLabels reads an official label file: the IDs in an unnamed column, then the tasks.
func readLabels(path string) (ids []string, labels []Labels, err error) {
	list, _, err := readTable(path, columns{id: ""})
	if err != nil {
		return nil, nil, err
	}
	for i := range list {
		ids, labels = append(ids, list[i].ID), append(labels, list[i].Labels)
	}
	return ids, labels, nil
}

// checkLabels compares the compounds with the label files, if dir has them. If they differ, the error names the first such compound.
func checkLabels(dir string, list []Compound) error {
	for _, part := range []string{"train", "test"} {
		path, ok := exists(dir, labelsName(part))
		if !ok {
			continue
		}
		ids, labels, err := readLabels(path)
		if err != nil {
			return err
		}
		row := make(map[string]Labels, len(ids))
		for i, id := range ids {
			row[id] = labels[i]
		}
		for i := range list {
			c := &list[i]
			if (c.Part == datasets.Test) != (part == "test") {
				continue
			}
			other, ok := row[c.ID]
			if !ok {
				return errors.Errorf("tox21: %s: no labels of %s (%s:%d)", path, formats.Quote(c.ID), c.File, c.Line)
			}
			if t, same := c.Labels.same(&other); !same {
				return errors.Errorf("tox21: %s: label of %s for %s is %v, but %v in %s:%d",
					path, tasks[t], formats.Quote(c.ID), other[t], c.Labels[t], c.File, c.Line)
			}
			delete(row, c.ID)
		}
		for _, id := range ids {
			if _, left := row[id]; left {
				return errors.Errorf("tox21: %s: compound %s is unknown", path, formats.Quote(id))
			}
		}
	}
	return nil
}

// same returns whether all labels agree, or else the first task that differs.
func (l *Labels) same(other *Labels) (task int, ok bool) {
	for t, v := range l {
		if w := other[t]; v != w && (v == v || w == w) {
			return t, false
		}
	}
	return 0, true
}
