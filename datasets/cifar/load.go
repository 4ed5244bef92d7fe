package cifar

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

func init() { datasets.MustRegister("cifar10", Load) }

// batches are the files, those for training first, and perFile the number of images of each.
var batches = []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"}

const perFile = 10_000

// folderName is the folder of the batches in the archive.
const folderName = "cifar-10-batches-bin"

// Load reads CIFAR-10 from the first place that has it, in the order of package datasets: the given folder, the folder cifar10 under
// $SELFNORM_DATA, the cache (after a download, if you request one), and finally the stand-in of [Synthetic]. A folder has the six binary
// batches, plain or as .gz, or their folder cifar-10-batches-bin, or the archive cifar-10-binary.tar.gz. The first 50,000 images are for
// training. It needs 184 MB of memory. It returns an error if a file is damaged, a download fails, or ctx is done; it never uses the
// stand-in instead.
func Load(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	if o.StandIn {
		return Synthetic(o.Seed)
	}
	dir, err := datasets.Locate("cifar10", o, func(dir string) error {
		_, err := find(dir)
		return err
	})
	if errors.Is(err, datasets.ErrNoFiles) {
		switch {
		case o.Download:
			dir, err = download(ctx, o)
		case !o.RealOnly:
			return Synthetic(o.Seed)
		}
	}
	if err != nil {
		return nil, err
	}
	images, err := readFolder(ctx, dir, perFile)
	if err != nil {
		return nil, err
	}
	set := newSet(images, len(images.Labels)/len(batches))
	set.Notes = fmt.Sprintf("CIFAR-10: %d training and %d test images from %s", len(set.Rows(datasets.Train)), len(set.Rows(datasets.Test)), dir)
	return set, nil
}

// find returns the paths of the batches in a folder, or the path of the archive alone.
func find(dir string) ([]string, error) {
	var first error
	for _, in := range []string{dir, filepath.Join(dir, folderName)} {
		paths, err := findBatches(in)
		if err == nil {
			return paths, nil
		}
		if first == nil {
			first = err
		}
	}
	if path := filepath.Join(dir, archiveName); isFile(path) {
		return []string{path}, nil
	}
	return nil, errors.Wrapf(first, "no %s, and", archiveName)
}

func findBatches(dir string) (paths []string, err error) {
	for _, name := range batches {
		path := filepath.Join(dir, name)
		switch {
		case isFile(path):
		case isFile(path + ".gz"):
			path += ".gz"
		default:
			return nil, errors.Errorf("no %s or %s.gz", name, name)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir()
}

// readFolder reads the batches, of count images each, or the archive with them.
func readFolder(ctx context.Context, dir string, count int) (*Images, error) {
	paths, err := find(dir)
	if err != nil {
		return nil, errors.Wrapf(err, "cifar: %s", dir)
	}
	images := newImages(len(batches) * count)
	if len(paths) == 1 {
		return images, readArchive(ctx, paths[0], images, count)
	}
	for i, path := range paths {
		if err := ctx.Err(); err != nil {
			return nil, errors.Wrap(err, "cifar")
		}
		if err := readFile(path, images, i*count, count); err != nil {
			return nil, err
		}
	}
	return images, nil
}

// readFile reads a plain or gzip batch.
func readFile(path string, images *Images, first, count int) error {
	f, err := formats.Open(path)
	if err != nil {
		return errors.Wrap(err, "cifar")
	}
	defer f.Close()
	return images.read(path, f, first, count)
}

// newSet returns the set of the images, the last ones for the test.
func newSet(images *Images, test int) *datasets.Set {
	n := len(images.Labels)
	set := &datasets.Set{
		Name: "cifar10", Features: (*pixels)(images), Tasks: []string{"object"}, Classes: append([]string(nil), Classes...),
		Labels: make([]float32, n), Part: make([]datasets.Part, n),
	}
	for i, y := range images.Labels {
		set.Labels[i] = float32(y)
	}
	for r := n - test; r < n; r++ {
		set.Part[r] = datasets.Test
	}
	return set
}
