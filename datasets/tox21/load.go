package tox21

import (
	"context"
	"os"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// Source is one of the published forms of the data.
type Source string

// The sources. The first two are the challenge's compounds with its split; the third has no split.
const (
	DeepTox    Source = "deeptox"  // tox21_compoundData.csv and tox21.sdf.gz, see [ReadDeepTox]
	SMILESFile Source = "smiles"   // tox21.smiles.csv.gz, see [ReadSMILES]
	DeepChem   Source = "deepchem" // deepchem_tox21.csv.gz or tox21.csv.gz, see [ReadDeepChem]
)

// Options determine where the data comes from. The zero value uses local files, or otherwise the embedded compounds.
type Options struct {
	datasets.Options

	// Source is the form to read. Empty means the first one in the above order that a folder has; then a download fetches [DeepTox]. The
	// embedded compounds have the form [SMILESFile].
	Source Source
	// Progress, if not nil, is called with the number of bytes received so far; total is -1 if it is unknown.
	Progress func(file string, done, total int64)
}

// reader is a source: the files that it needs, and the function that reads them.
type reader struct {
	source Source
	has    func(dir string) bool
	read   func(ctx context.Context, dir string, threads int) (*Data, error)
}

var readers = []reader{
	{
		DeepTox,
		func(dir string) bool {
			_, table := exists(dir, compoundsName)
			_, drawings := exists(dir, sdfName)
			return table && drawings
		},
		ReadDeepTox,
	}, {
		SMILESFile,
		func(dir string) bool { _, ok := exists(dir, smilesName); return ok },
		func(ctx context.Context, dir string, threads int) (*Data, error) {
			return ReadSMILES(ctx, filepath.Join(dir, smilesName), threads)
		},
	}, {
		DeepChem,
		func(dir string) bool { _, ok := exists(dir, deepChemNames...); return ok },
		func(ctx context.Context, dir string, threads int) (*Data, error) {
			path, _ := exists(dir, deepChemNames...)
			return ReadDeepChem(ctx, path, threads)
		},
	},
}

// Load reads the compounds from the first place that has them, in the order of package datasets: the given folder (or the given file, see
// [ReadFile]), the folder under
// $SELFNORM_DATA, the cache (after a download, if you request one), and finally the program itself ([Embedded]). With StandIn it returns
// [Synthetic] instead. It returns an error if a file is damaged, the files of a given Source are not found, a download fails, or ctx is
// done; it never replaces a damaged file with other data.
func Load(ctx context.Context, o Options) (*Data, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.StandIn {
		return Synthetic(ctx, o.Seed, o.Threads)
	}
	if o.Dir != "" {
		info, err := os.Stat(o.Dir)
		if err != nil {
			return nil, errors.Wrap(err, "tox21")
		}
		if !info.IsDir() {
			return readFile(ctx, o.Dir, o.Source, o.Threads)
		}
	}
	find := func(dir string) (*reader, error) {
		for i := range readers {
			if r := &readers[i]; (o.Source == "" || o.Source == r.source) && r.has(dir) {
				return r, nil
			}
		}
		if o.Source != "" {
			return nil, errors.Errorf("no files of the source %q", o.Source)
		}
		return nil, errors.Errorf("neither %s and %s, nor %s, nor %s", compoundsName, sdfName, smilesName, deepChemNames[0])
	}
	dir, err := datasets.Locate("tox21", o.Options, func(dir string) error { _, err := find(dir); return err })
	if errors.Is(err, datasets.ErrNoFiles) {
		switch {
		case o.Download && o.Source == DeepChem:
			dir, err = download(ctx, o, deepChemURL, deepChemFiles)
		case o.Download:
			dir, err = download(ctx, o, deepToxURL, deepToxFiles)
		case o.Source == "" || o.Source == SMILESFile:
			return Embedded(ctx, o.Threads)
		}
	}
	if err != nil {
		return nil, err
	}
	r, err := find(dir)
	if err != nil {
		return nil, errors.Wrapf(err, "tox21: %s", dir)
	}
	return r.read(ctx, dir, o.Threads)
}

func (o *Options) check() error {
	switch o.Source {
	case "", DeepTox, DeepChem:
	case SMILESFile:
		if o.Download {
			return errors.Errorf("tox21: the source %q is not published for download", o.Source)
		}
	default:
		return errors.Errorf("tox21: unknown source %q", o.Source)
	}
	return nil
}
