package htru2

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/archive"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
)

const fileName = "HTRU_2.csv"

// The archive published by the repository.
const (
	archiveURL  = "https://archive.ics.uci.edu/static/public/372/"
	archiveName = "htru2.zip"
	archiveSum  = "ba442c076dd22a8952700f26e38499fc1806037dcf7bea0e125e6bfba393f379"
)

// find returns the path of the file in a folder, plain or compressed.
func find(dir string) (string, error) {
	for _, name := range []string{fileName, fileName + ".gz"} {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", errors.Errorf("no %s or %s.gz", fileName, fileName)
}

// download fetches the archive into the cache, unpacks the file and returns its folder.
func download(ctx context.Context, o datasets.Options) (string, error) {
	dir, err := datasets.CacheDir("htru2")
	if err != nil {
		return "", err
	}
	file := fetch.File{Name: archiveName, URL: archiveURL + archiveName, SHA256: archiveSum}
	if o.URL != "" {
		file.URL = strings.TrimSuffix(o.URL, "/") + "/" + archiveName
	}
	return dir, fetchInto(ctx, dir, file)
}

func fetchInto(ctx context.Context, dir string, file fetch.File) error {
	var client fetch.Client
	zip, err := client.Get(ctx, dir, file)
	if err != nil {
		return err
	}
	n, err := archive.Unzip(zip, dir, func(name string) string {
		if path.Base(name) == fileName {
			return fileName
		}
		return ""
	})
	if err != nil {
		return errors.Wrap(err, "htru2")
	}
	if n == 0 {
		return errors.Errorf("htru2: %s has no %s", zip, fileName)
	}
	os.Remove(zip) // its contents are unpacked now
	return nil
}
