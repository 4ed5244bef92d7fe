package tox21

import (
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// ReadSubstructures reads the official counts of substructures, 272,776 columns, as a set that networks read in sparse rows: the columns
// that are not zero in at least minCompounds of the training compounds; 0 means all columns. The folder needs the files of ReadMatrices
// without the dense ones, for "train", for "test" or for both. Without the training part, the columns are those of the test compounds,
// which is good for a look at the data, not for a result. Features are not scaled; see datasets.DeviationTanh.
//
// If a file is missing, damaged or inconsistent, the error names it and, if possible, the line.
func ReadSubstructures(dir string, minCompounds int) (*datasets.Set, error) {
	if minCompounds < 0 {
		return nil, errors.Errorf("tox21: substructures in at least %d compounds", minCompounds)
	}
	names, err := formats.ReadLines(filepath.Join(dir, "tox21_sparse_colnames.txt.gz"))
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	set := &datasets.Set{Name: "tox21-substructures", Notes: "Tox21 challenge 2014, official counts of substructures in " + dir, Tasks: Tasks(), Sparse: true}
	var blocks []*block
	for _, p := range []struct {
		name string
		part datasets.Part
	}{{"train", datasets.Train}, {"test", datasets.Test}} {
		if _, ok := exists(dir, "tox21_sparse_"+p.name+".mtx.gz"); !ok {
			continue
		}
		b, err := readSparseBlock(dir, p.name, names)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, b)
		addRows(set, b, p.part)
	}
	if blocks == nil {
		return nil, errors.Errorf("tox21: %s: neither tox21_sparse_train.mtx.gz nor tox21_sparse_test.mtx.gz", dir)
	}
	all, err := stack(len(names), blocks...)
	if err != nil {
		return nil, err
	}
	fit := make([]int, len(blocks[0].ids))
	for i := range fit {
		fit[i] = i
	}
	frequent, err := all.FrequentColumns(fit, minCompounds)
	if err != nil {
		return nil, err
	}
	if len(frequent) == 0 {
		return nil, errors.Errorf("tox21: %s: no substructure is in %d compounds", dir, minCompounds)
	}
	if set.Features, err = all.SelectColumns(frequent); err != nil {
		return nil, err
	}
	for _, c := range frequent {
		set.FeatureNames = append(set.FeatureNames, names[c])
	}
	if err := set.Validate(); err != nil {
		return nil, err
	}
	return set, addParts(dir, set)
}
