// Package classics holds four small real data sets, for first steps and for tests. They are embedded in the program: nothing is read or
// downloaded.
//
//	set, err := classics.Iris()
//
// Importing the package also registers them for datasets.Open, as iris, wine, breast-cancer and digits; the options of Open have no effect
// on them. Each has classes, a training part with four fifths of the rows and a test part with the same proportions of classes, split with
// a fixed seed. The features are standardized by the training part.
//
// # Origin
//
// All four come from the UCI Machine Learning Repository, licence CC BY 4.0, and were changed only in form: a header and class names were
// added; the values are as published.
//
//   - Iris: R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7(2), 1936,
//     doi 10.24432/C56C76. The two rows in which the repository's file differs have the values of the paper.
//   - Wine: S. Aeberhard and M. Forina, 1992, doi 10.24432/C5PC7J.
//   - Breast Cancer Wisconsin (Diagnostic): W. Wolberg, O. Mangasarian, N. Street and W. Street, 1993,
//     doi 10.24432/C5DW2B.
//   - Optical Recognition of Handwritten Digits, the 1,797 images of its test part: E. Alpaydin and C. Kaynak, 1998,
//     doi 10.24432/C50P49.
package classics

import (
	"bytes"
	"compress/gzip"
	"context"
	"embed"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
)

//go:embed data/*.csv.gz
var files embed.FS

// table describes a data set: the column to predict and the origin.
type table struct{ target, notes string }

var tables = map[string]table{
	"iris":          {"species", "Iris: 150 flowers of three species, Fisher 1936"},
	"wine":          {"cultivar", "Wine: 178 wines of three cultivars, Aeberhard and Forina 1992"},
	"breast-cancer": {"diagnosis", "Breast Cancer Wisconsin (Diagnostic): 569 images, Wolberg et al. 1993"},
	"digits":        {"digit", "Digits: 1,797 handwritten digits, Alpaydin and Kaynak 1998"},
}

func init() {
	for name := range tables {
		datasets.MustRegister(name, func(context.Context, datasets.Options) (*datasets.Set, error) { return load(name) })
	}
}

// Names returns the names of the data sets, sorted.
func Names() []string { return slices.Sorted(maps.Keys(tables)) }

// Iris returns the sepals and petals of 150 irises of three species: length and width in cm.
func Iris() (*datasets.Set, error) {
	return load("iris")
}

// Wine returns thirteen chemical measures of 178 wines from three cultivars.
func Wine() (*datasets.Set, error) {
	return load("wine")
}

// BreastCancer returns thirty measures of the cell nuclei in 569 images of breast tissue: for each of ten properties
// the mean over the nuclei, its standard error and the mean of the largest values. The classes are benign and malignant.
func BreastCancer() (*datasets.Set, error) {
	return load("breast-cancer")
}

// Digits returns 1,797 handwritten digits of 8 x 8 pixels, row after row; a pixel counts dark points, 0 to 16, and is
// standardized like all features.
func Digits() (*datasets.Set, error) {
	return load("digits")
}

// seed splits the rows between training and test. Published results depend on it: do not change it.
const seed = 1

func load(name string) (*datasets.Set, error) {
	text, err := open(name)
	if err != nil {
		return nil, err
	}
	set, _, err := csv.LoadFrom(name, text, csv.Options{Target: tables[name].target, Problem: csv.Classes, Seed: seed})
	if err != nil {
		return nil, errors.Wrap(err, "classics")
	}
	set.Notes = notes(name)
	return set, nil
}

func notes(name string) string {
	return tables[name].notes + " (UCI Machine Learning Repository, CC BY 4.0)"
}

// Table returns a data set by name as a table with its target, for your own encoder and split, and a line about its origin.
func Table(name string) (t *csv.Table, origin string, err error) {
	text, err := open(name)
	if err != nil {
		return nil, "", err
	}
	t, err = csv.ReadFrom(name, text, csv.Options{Target: tables[name].target, Problem: csv.Classes})
	return t, notes(name), errors.Wrap(err, "classics")
}

func open(name string) (io.Reader, error) {
	data, err := files.ReadFile("data/" + name + ".csv.gz")
	if err != nil {
		return nil, errors.Errorf("classics: no data set %q; there are %s", name, strings.Join(Names(), ", "))
	}
	text, err := gzip.NewReader(bytes.NewReader(data))
	return text, errors.Wrapf(err, "classics: %s", name)
}
