package uci

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/archive"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
)

func init() {
	datasets.MustRegisterFamily("uci", func(ctx context.Context, name string, o datasets.Options) (*datasets.Set, error) {
		t, err := Open(ctx, name, o)
		if err != nil {
			return nil, err
		}
		return t.Set, t.setPart(0)
	})
}

// The address at which the authors of the paper publish the tasks. The checksum of the archive is unknown: the checksums inside it and the
// checks of [Load] protect the data.
const (
	archiveURL  = "http://www.bioinf.jku.at/people/klambauer/"
	archiveName = "data_py.zip"
)

// Open loads a task from the first place that has tasks, in the order of package datasets: the given folder, the folder uci under
// $SELFNORM_DATA, the cache (after a download of all tasks, 39 MB, if you request one), and finally the stand-in of [Synthetic]. If the
// folder that it finds lacks the task, or the task is damaged, it returns an error and never uses the stand-in instead.
func Open(ctx context.Context, task string, o datasets.Options) (*Task, error) {
	if o.StandIn {
		return Synthetic(o.Seed)
	}
	dir, err := Dir(ctx, o)
	if errors.Is(err, datasets.ErrNoFiles) && !o.RealOnly {
		return Synthetic(o.Seed)
	}
	if err != nil {
		return nil, err
	}
	return Load(dir, task)
}

// Dir returns the folder with the tasks for [Tasks] and [Load], found in the same way as by [Open]. If there is none, the error is of kind
// datasets.ErrNoFiles. A folder given by Options.Dir needs no index.csv.
func Dir(ctx context.Context, o datasets.Options) (string, error) {
	if o.Dir != "" {
		_, err := os.Stat(o.Dir)
		return o.Dir, errors.Wrap(err, "uci")
	}
	dir, err := datasets.Locate("uci", o, func(dir string) error {
		_, err := os.Stat(filepath.Join(dir, indexName))
		return err
	})
	if errors.Is(err, datasets.ErrNoFiles) && o.Download {
		return download(ctx, o)
	}
	return dir, err
}

// download fetches the archive into the cache, unpacks it, and at the end writes the index of the tasks that can be loaded.
func download(ctx context.Context, o datasets.Options) (string, error) {
	dir, err := datasets.CacheDir("uci")
	if err != nil {
		return "", err
	}
	base := archiveURL
	if o.URL != "" {
		base = strings.TrimSuffix(o.URL, "/") + "/"
	}
	var client fetch.Client
	zip, err := client.Get(ctx, dir, fetch.File{Name: archiveName, URL: base + archiveName})
	if err != nil {
		return "", err
	}
	var names []string
	if _, err := archive.Unzip(zip, dir, func(name string) string {
		task, place := place(name)
		if place != "" && !slices.Contains(names, task) {
			names = append(names, task)
		}
		return place
	}); err != nil {
		return "", errors.Wrap(err, "uci")
	}
	slices.Sort(names)
	var list []Info
	for _, name := range names {
		if ctx.Err() != nil {
			return "", errors.WithStack(ctx.Err())
		}
		_, info, err := load(filepath.Join(dir, name), name)
		if err == nil { // for the others, Load reports the reason
			list = append(list, info)
		}
	}
	if len(list) == 0 {
		return "", errors.Errorf("uci: %s has no tasks", zip)
	}
	if err := writeIndex(dir, list); err != nil {
		return "", errors.Wrap(err, "uci")
	}
	os.Remove(zip) // an index means that the archive was unpacked
	return dir, nil
}

// place returns the task that a file of the archive belongs to and its destination, which is empty if the file is not needed.
func place(name string) (task, to string) {
	folder, file := path.Split(path.Clean(strings.ReplaceAll(name, `\`, "/")))
	task = path.Base(folder)
	if !isName(task) || task == "data" || !strings.HasSuffix(file, "_py.dat") {
		return "", ""
	}
	switch file {
	case "labels_py.dat", "folds_py.dat", "validation_folds_py.dat":
	default:
		file = task + "_py.dat"
	}
	return task, filepath.Join(task, file)
}
