// Package htru2 loads HTRU2: 17,898 pulsar candidates of the High Time Resolution Universe Survey (South), 1,639 of them
// pulsars, each described by eight statistics (R. J. Lyon et al. 2016, "Fifty years of pulsar candidate selection",
// MNRAS 459(1), 1104; UCI Machine Learning Repository, doi 10.24432/C5DK6R, CC BY 4.0).
//
//	set, err := htru2.Load(ctx, datasets.Options{})
//	folds, err := htru2.Folds(set, seed)
//	for _, f := range folds {
//		scaled, err := htru2.Scaled(set, f.Fit)
//		... // choose on f.Held, report on f.Test
//	}
//
// datasets.Open("htru2", ...) gives the set with the parts of the first fold, scaled by its fitting rows.
package htru2

import (
	"bytes"
	"context"
	_ "embed"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
	"github.com/selfnorm/selfnorm/datasets/internal/numbers"
)

// columns are the features in the order of the file: statistics of the integrated pulse profile, and of the curve of the signal-to-noise
// ratio over the dispersion measure. They have no units.
var columns = [...]string{
	"profile mean", "profile sd", "profile excess kurtosis", "profile skewness",
	"DM-SNR mean", "DM-SNR sd", "DM-SNR excess kurtosis", "DM-SNR skewness",
}

func init() { datasets.MustRegister("htru2", open) }

// openSeed splits the rows for datasets.Open. Do not change it: results would no longer be comparable.
const openSeed = 1

func open(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
	set, err := Load(ctx, o)
	if err != nil {
		return nil, err
	}
	folds, err := Folds(set, openSeed)
	if err != nil {
		return nil, err
	}
	if set, err = Scaled(set, folds[0].Fit); err != nil {
		return nil, err
	}
	set.Part = make([]datasets.Part, set.Len())
	for _, r := range folds[0].Held {
		set.Part[r] = datasets.Validation
	}
	for _, r := range folds[0].Test {
		set.Part[r] = datasets.Test
	}
	return set, nil
}

// Load reads the candidates from the first place that has them, in the order of package datasets: the given folder, the folder htru2 under
// $SELFNORM_DATA, the cache (after a download, if you request one), and finally the program itself ([Embedded]). With StandIn it returns
// [Synthetic] instead. Features are as in the file; the only task is whether the candidate is a pulsar. It returns an error if the file is
// damaged, a download fails, or ctx is done; it never replaces a damaged file with other data.
func Load(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
	if ctx != nil && ctx.Err() != nil {
		return nil, errors.Wrap(ctx.Err(), "htru2")
	}
	if o.StandIn {
		return Synthetic(o.Seed)
	}
	dir, err := datasets.Locate("htru2", o, func(dir string) error {
		_, err := find(dir)
		return err
	})
	if errors.Is(err, datasets.ErrNoFiles) {
		if !o.Download {
			return Embedded()
		}
		dir, err = download(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	path, err := find(dir)
	if err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	return Read(path)
}

// embedded is the data set; data/README.md gives its origin, licence and counts.
//
//go:embed data/HTRU_2.csv.gz
var embedded []byte

// origin ends the notes of the real candidates.
const origin = "the real pulsar candidates of HTRU2 (Lyon et al. 2016, UCI Machine Learning Repository, CC BY 4.0)"

// Embedded returns the candidates embedded in the program, all 17,898 of HTRU2. It reads no file.
func Embedded() (*datasets.Set, error) {
	f, err := formats.New(fileName, bytes.NewReader(embedded))
	if err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	return read(f, origin+", built into the program")
}

// Read reads a plain or gzip file with a line for each candidate: the eight statistics, then 1 for a pulsar or 0 for anything else. If a
// line has another form, the error names the file and the line.
func Read(path string) (*datasets.Set, error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	defer f.Close()
	return read(f, filepath.Base(path)+": "+origin)
}

// read is Read for an open file.
func read(f *formats.File, notes string) (*datasets.Set, error) {
	var x, labels []float32
	err := numbers.ReadFrom(f.Path, f, func(v []float64) error {
		if len(v) != len(columns)+1 {
			return errors.Errorf("%d numbers, want %d", len(v), len(columns)+1)
		}
		y := v[len(columns)]
		if y != 0 && y != 1 {
			return errors.Errorf("class is %v, want 0 or 1", y)
		}
		labels = append(labels, float32(y))
		for i, f := range v[:len(columns)] {
			if f > maxValue || f < -maxValue {
				return errors.Errorf("field %d: %v is out of range", i+1, f)
			}
			x = append(x, float32(f))
		}
		return nil
	})
	if err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	return newSet(x, labels, notes)
}

// maxValue is far beyond any possible statistic of a curve.
const maxValue = 1e12

func newSet(x, labels []float32, notes string) (*datasets.Set, error) {
	features, err := datasets.NewDense(len(labels), len(columns), x)
	if err != nil {
		return nil, errors.Wrap(err, "htru2")
	}
	return &datasets.Set{
		Name: "htru2", Notes: notes,
		Features: features, FeatureNames: append([]string(nil), columns[:]...),
		Tasks: []string{"pulsar"}, Labels: labels,
	}, nil
}
