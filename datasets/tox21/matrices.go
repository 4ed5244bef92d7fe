package tox21

import (
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// PaperShare is the share of training compounds in which a substructure must occur to be a feature in the paper.
const PaperShare = 0.05

// maxDense limits the values of a dense matrix, so that no file can fill the memory. The training part has 9.7 million.
const maxDense = 1 << 25

// ReadMatrices reads the official descriptors instead of computing features: 801 dense columns, and those columns of substructure counts
// that are nonzero in more than minShare of the training compounds (the paper: [PaperShare]). The folder needs, for "train" and for "test",
// tox21_labels_*.csv.gz, tox21_dense_*.csv.gz, tox21_sparse_*.mtx.gz and tox21_sparse_rownames_*.txt.gz, and tox21_sparse_colnames.txt.gz.
// If it also has tox21_compoundData.csv, folds and the leaderboard part come from there. Features are not scaled.
//
// If a file is missing, damaged or inconsistent, the error names it and, if possible, the line.
func ReadMatrices(dir string, minShare float64) (*datasets.Set, error) {
	if !(minShare >= 0 && minShare < 1) {
		return nil, errors.Errorf("tox21: share %v is outside 0..1", minShare)
	}
	names, err := formats.ReadLines(filepath.Join(dir, "tox21_sparse_colnames.txt.gz"))
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	train, err := readBlock(dir, "train", names)
	if err != nil {
		return nil, err
	}
	test, err := readBlock(dir, "test", names)
	if err != nil {
		return nil, err
	}
	set, err := join(train, test, names, minShare)
	if err != nil {
		return nil, err
	}
	set.Notes = "Tox21 challenge 2014, official descriptors in " + dir
	return set, addParts(dir, set)
}

// block is a part of the official matrices.
type block struct {
	ids        []string
	labels     []Labels
	dense      []float32 // rows x len(denseNames)
	denseNames []string
	sparse     *formats.Matrix
}

// readBlock reads the files of one part and checks that all have the same compounds in the same order.
func readBlock(dir, part string, sparseNames []string) (*block, error) {
	b, err := readSparseBlock(dir, part, sparseNames)
	if err != nil {
		return nil, err
	}
	err = b.readDense(filepath.Join(dir, "tox21_dense_"+part+".csv.gz"))
	return b, errors.Wrap(err, "tox21")
}

// readSparseBlock is readBlock without the dense descriptors.
func readSparseBlock(dir, part string, sparseNames []string) (*block, error) {
	var b block
	var err error
	labelsPath := filepath.Join(dir, labelsName(part))
	if b.ids, b.labels, err = readLabels(labelsPath); err != nil {
		return nil, err
	}
	rowsPath := filepath.Join(dir, "tox21_sparse_rownames_"+part+".txt.gz")
	rows, err := formats.ReadLines(rowsPath)
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	for i := range max(len(rows), len(b.ids)) {
		if i >= len(rows) || i >= len(b.ids) || rows[i] != b.ids[i] {
			return nil, errors.Errorf("tox21: %s:%d: not the compound on line %d of %s", rowsPath, i+1, i+2, labelsPath)
		}
	}
	sparsePath := filepath.Join(dir, "tox21_sparse_"+part+".mtx.gz")
	f, err := formats.Open(sparsePath)
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	defer f.Close()
	if b.sparse, err = formats.ReadMatrixMarket(sparsePath, f); err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	if b.sparse.Rows != len(rows) || b.sparse.Cols != len(sparseNames) {
		return nil, errors.Errorf("tox21: %s: %d x %d, want %d named rows x %d named columns",
			sparsePath, b.sparse.Rows, b.sparse.Cols, len(rows), len(sparseNames))
	}
	return &b, nil
}

// readDense reads dense descriptors: IDs in an unnamed first column, in the order of b.ids, then numbers.
func (b *block) readDense(path string) error {
	f, err := formats.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := formats.NewCSV(path, f)
	if err != nil {
		return err
	}
	b.denseNames = r.Header()[1:]
	row := 0
	for ; ; row++ {
		rec, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if row >= len(b.ids) || rec[0] != b.ids[row] {
			return r.Errorf("compound %s is not number %d of the labels", formats.Quote(rec[0]), row+1)
		}
		if len(b.dense)+len(rec)-1 > maxDense {
			return r.Errorf("more than the limit of %d values", maxDense)
		}
		for k, s := range rec[1:] {
			v, err := strconv.ParseFloat(s, 32)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
				return r.Errorf("%s is %s, not a number that fits", formats.Quote(b.denseNames[k]), formats.Quote(s))
			}
			b.dense = append(b.dense, float32(v))
		}
	}
	if row != len(b.ids) {
		return errors.Errorf("%s: %d compounds, the labels have %d", path, row, len(b.ids))
	}
	return nil
}

// join appends the test part to the training part.
func join(train, test *block, sparseNames []string, minShare float64) (*datasets.Set, error) {
	if a, b := strings.Join(train.denseNames, ","), strings.Join(test.denseNames, ","); a != b {
		return nil, errors.New("tox21: dense training and test descriptors have other names")
	}
	n := len(train.ids) + len(test.ids)
	dense, err := datasets.NewDense(n, len(train.denseNames), append(train.dense, test.dense...))
	if err != nil {
		return nil, err
	}
	all, err := stack(len(sparseNames), train, test)
	if err != nil {
		return nil, err
	}
	frequent := frequentColumns(train.sparse, minShare)
	sparse, err := all.SelectColumns(frequent)
	if err != nil {
		return nil, err
	}
	set := &datasets.Set{Name: "tox21-descriptors", Tasks: Tasks()}
	if set.Features, err = datasets.NewConcat(dense, sparse); err != nil {
		return nil, err
	}
	set.FeatureNames = train.denseNames
	for _, c := range frequent {
		set.FeatureNames = append(set.FeatureNames, sparseNames[c])
	}
	addRows(set, train, datasets.Train)
	addRows(set, test, datasets.Test)
	return set, set.Validate()
}

// stack returns the sparse columns of several blocks, one after the other.
func stack(cols int, blocks ...*block) (*datasets.Sparse, error) {
	start, index, value := []int{0}, []int32(nil), []float32(nil)
	for _, b := range blocks {
		for _, s := range b.sparse.Start[1:] {
			start = append(start, s+len(index))
		}
		index, value = append(index, b.sparse.Index...), append(value, b.sparse.Value...)
	}
	return datasets.NewSparse(cols, start, index, value)
}

// addRows adds the names and labels of a block to a set.
func addRows(set *datasets.Set, b *block, part datasets.Part) {
	set.IDs = append(set.IDs, b.ids...)
	for _, l := range b.labels {
		set.Labels, set.Part = append(set.Labels, l[:]...), append(set.Part, part)
	}
}

// frequentColumns returns the columns with a value in more than the share of rows.
func frequentColumns(m *formats.Matrix, share float64) []int {
	count := make([]int, m.Cols)
	for k, c := range m.Index {
		if m.Value[k] != 0 {
			count[c]++
		}
	}
	var cols []int
	for c, n := range count {
		if float64(n) > share*float64(m.Rows) {
			cols = append(cols, c)
		}
	}
	return cols
}

// addParts fills in folds and the leaderboard part, where the table of compounds is there.
func addParts(dir string, set *datasets.Set) error {
	path, ok := exists(dir, compoundsName)
	if !ok {
		return nil
	}
	list, _, err := readTable(path, columns{id: "ID", part: "set", fold: "CVfold"})
	if err != nil {
		return err
	}
	row := make(map[string]*Compound, len(list))
	for i := range list {
		row[list[i].ID] = &list[i]
	}
	set.Fold = make([]int, set.Len())
	for i, id := range set.IDs {
		c := row[id]
		if c == nil || (c.Part == datasets.Test) != (set.Part[i] == datasets.Test) {
			return errors.Errorf("tox21: %s: compound %s is not there as %s", path, formats.Quote(id), set.Part[i])
		}
		set.Part[i], set.Fold[i] = c.Part, c.Fold
	}
	return nil
}
