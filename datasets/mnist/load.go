package mnist

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

func init() {
	datasets.MustRegister("mnist", func(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
		return Load(ctx, "mnist", o)
	})
	datasets.MustRegister("mnist10k", func(ctx context.Context, o datasets.Options) (*datasets.Set, error) {
		return Load(ctx, "mnist10k", o)
	})
}

const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// needed returns the files of a set.
func needed(name string) []string {
	if name == "mnist10k" {
		return []string{testImages, testLabels}
	}
	return []string{trainImages, trainLabels, testImages, testLabels}
}

// Load reads the set mnist or mnist10k from the first place that has its files, in the order of package datasets: the given folder, the
// folder with the set's name under $SELFNORM_DATA, the cache (after a download, if you request one), and finally the stand-in of
// [Synthetic]. The files are those of the original distribution, plain or as .gz. It returns an error if a file is damaged, images and
// labels do not match, a download fails, or ctx is done; it never uses the stand-in instead.
func Load(ctx context.Context, name string, o datasets.Options) (*datasets.Set, error) {
	if name != "mnist" && name != "mnist10k" {
		return nil, errors.Errorf("mnist: there is no set %q", name)
	}
	if o.StandIn {
		return Synthetic(o.Seed)
	}
	files := needed(name)
	dir, err := datasets.Locate(name, o, func(dir string) error {
		for _, f := range files {
			if _, err := find(dir, f); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, datasets.ErrNoFiles) {
		switch {
		case o.Download:
			dir, err = download(ctx, name, o)
		case !o.RealOnly:
			return Synthetic(o.Seed)
		}
	}
	if err != nil {
		return nil, err
	}
	if name == "mnist10k" {
		return loadTest(dir)
	}
	return loadAll(dir)
}

// loadAll reads training and test images.
func loadAll(dir string) (*datasets.Set, error) {
	images, labels, err := readPair(dir, trainImages, trainLabels)
	if err != nil {
		return nil, err
	}
	more, moreLabels, err := readPair(dir, testImages, testLabels)
	if err != nil {
		return nil, err
	}
	if images.Height != more.Height || images.Width != more.Width {
		return nil, errors.Errorf("mnist: %s: training images have %d x %d pixels, test images %d x %d",
			dir, images.Height, images.Width, more.Height, more.Width)
	}
	train := images.Count
	images.Count += more.Count
	images.Pixels = append(images.Pixels, more.Pixels...)
	set := newSet("mnist", images, append(labels, moreLabels...))
	for r := train; r < images.Count; r++ {
		set.Part[r] = datasets.Test
	}
	set.Notes = "MNIST: " + strconv.Itoa(train) + " training and " + strconv.Itoa(more.Count) + " test images from " + dir
	return set, nil
}

// splitSeed splits the images of mnist10k. Do not change it: results would no longer be comparable.
const splitSeed = 1

// loadTest reads the test images as a separate small set.
func loadTest(dir string) (*datasets.Set, error) {
	images, labels, err := readPair(dir, testImages, testLabels)
	if err != nil {
		return nil, err
	}
	set := newSet("mnist10k", images, labels)
	set.Notes = "MNIST: " + strconv.Itoa(images.Count) + " images, the test part of the original, from " + dir
	_, test, err := datasets.StratifiedSplit(set.Rows(datasets.Train), set.Class, 0.2, splitSeed)
	for _, r := range test {
		set.Part[r] = datasets.Test
	}
	return set, errors.Wrap(err, "mnist")
}

// readPair reads images and their labels.
func readPair(dir, imageFile, labelFile string) (*Images, []byte, error) {
	path, err := find(dir, imageFile)
	if err != nil {
		return nil, nil, errors.Wrapf(err, "mnist: %s", dir)
	}
	images, err := readFile(path, ReadImages)
	if err != nil {
		return nil, nil, err
	}
	if path, err = find(dir, labelFile); err != nil {
		return nil, nil, errors.Wrapf(err, "mnist: %s", dir)
	}
	labels, err := readFile(path, ReadLabels)
	if err != nil {
		return nil, nil, err
	}
	if len(labels) != images.Count {
		return nil, nil, errors.Errorf("mnist: %s: %d labels for %d images", path, len(labels), images.Count)
	}
	for i, y := range labels {
		if y > 9 {
			return nil, nil, errors.Errorf("mnist: %s: label %d is %d, want 0 to 9", path, i, y)
		}
	}
	return images, labels, nil
}

func newSet(name string, images *Images, labels []byte) *datasets.Set {
	set := &datasets.Set{
		Name: name, Features: (*pixels)(images), Tasks: []string{"digit"},
		Labels: make([]float32, len(labels)), Part: make([]datasets.Part, len(labels)),
	}
	for i, y := range labels {
		set.Labels[i] = float32(y)
	}
	for k := range 10 {
		set.Classes = append(set.Classes, strconv.Itoa(k))
	}
	return set
}

// find returns the path of a file in a folder: plain or compressed, with a hyphen or, as some programs write it, a dot.
func find(dir, name string) (string, error) {
	dotted := strings.Replace(name, "-idx", ".idx", 1)
	for _, n := range []string{name, name + ".gz", dotted, dotted + ".gz"} {
		path := filepath.Join(dir, n)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", errors.Errorf("no %s or %s.gz", name, name)
}
