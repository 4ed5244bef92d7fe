package mnist

import (
	"context"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
)

// mirrors host the files of the original distribution. They are tried in this order.
var mirrors = []string{
	"https://ossci-datasets.s3.amazonaws.com/mnist/",
	"https://storage.googleapis.com/cvdf-datasets/mnist/",
}

// sums are the SHA-256 of the compressed files.
var sums = map[string]string{
	trainImages: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
	trainLabels: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
	testImages:  "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
	testLabels:  "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}

// download fetches the files of a set into the cache and returns its folder.
func download(ctx context.Context, name string, o datasets.Options) (string, error) {
	dir, err := datasets.CacheDir(name)
	if err != nil {
		return "", err
	}
	from := mirrors
	if o.URL != "" {
		from = []string{strings.TrimSuffix(o.URL, "/") + "/"}
	}
	for _, file := range needed(name) {
		if err := fetchFrom(ctx, from, dir, fetch.File{Name: file + ".gz", SHA256: sums[file]}); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// fetchFrom fetches a file from the first mirror that has it; if none has, the error is that of the first one.
func fetchFrom(ctx context.Context, from []string, dir string, file fetch.File) error {
	var client fetch.Client
	var first error
	for _, base := range from {
		file.URL = base + file.Name
		_, err := client.Get(ctx, dir, file)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return errors.Wrap(first, "mnist")
}
