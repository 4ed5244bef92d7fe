package cifar

import (
	"archive/tar"
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// The archive on the authors' page, which gives its MD5, c32a1d4ab5d03f1284b67883e8d87530. archiveSum is the SHA-256 of the same bytes, as
// several projects that load them record it.
const (
	archiveURL  = "https://www.cs.toronto.edu/~kriz/"
	archiveName = "cifar-10-binary.tar.gz"
	archiveSum  = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
)

// maxUnpacked bounds what is decompressed of an archive. The original has 184 MB.
const maxUnpacked = 1 << 30

// download fetches the archive into the cache and returns its folder. The archive stays packed.
func download(ctx context.Context, o datasets.Options) (string, error) {
	dir, err := datasets.CacheDir("cifar10")
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
	_, err := client.Get(ctx, dir, file)
	return errors.Wrap(err, "cifar")
}

// readArchive reads the batches, of count images each, from a compressed tar file, in whatever order and folder it has them.
func readArchive(ctx context.Context, name string, images *Images, count int) error {
	f, err := formats.Open(name)
	if err != nil {
		return errors.Wrap(err, "cifar")
	}
	defer f.Close()
	limited := &io.LimitedReader{R: f, N: maxUnpacked}
	r := tar.NewReader(limited)
	read := make([]bool, len(batches))
	for {
		if err := ctx.Err(); err != nil {
			return errors.Wrap(err, "cifar")
		}
		h, err := r.Next()
		switch {
		case limited.N <= 0:
			return errors.Errorf("cifar: %s: more than %d bytes unpacked", name, maxUnpacked)
		case err == io.EOF:
			if _, err := io.Copy(io.Discard, limited); err != nil { // the checksum comes last
				return errors.Wrapf(err, "cifar: %s", name)
			}
			return complete(name, read)
		case err != nil:
			return errors.Wrapf(err, "cifar: %s", name)
		}
		i := slices.Index(batches, path.Base(h.Name))
		if i < 0 || h.Typeflag != tar.TypeReg {
			continue
		}
		if read[i] {
			return errors.Errorf("cifar: %s: two files %s", name, batches[i])
		}
		if err := images.read(name+": "+h.Name, r, i*count, count); err != nil {
			return err
		}
		read[i] = true
	}
}

// complete returns an error if a batch has not been read.
func complete(name string, read []bool) error {
	if i := slices.Index(read, false); i >= 0 {
		return errors.Errorf("cifar: %s: no %s in the archive", name, batches[i])
	}
	return nil
}
