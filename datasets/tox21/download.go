package tox21

import (
	"context"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
)

// Where the files are published.
const (
	deepToxURL  = "http://bioinf.jku.at/research/DeepTox/"
	deepChemURL = "https://deepchemdata.s3-us-west-1.amazonaws.com/datasets/"
)

// remote is a published file.
type remote struct {
	name   string // in the cache
	remote string // name on the server, if different
	sum    string // SHA-256; empty if unknown, so that only gzip's own checksum protects the content
}

var deepToxFiles = []remote{
	{compoundsName, "", "5b54dd9a3fd7a928f6626ee42066683f597804573f8329bcff205e7f5895bca3"},
	{sdfName, "", "7d07358fa62655a8471f339dc6493fd852e9fbe0c079df57ba8cd2e5b2a803cf"},
}

var deepChemFiles = []remote{
	{deepChemNames[0], "tox21.csv.gz", "48b34e4e59a2bae6f95734cd206c1869ab355f50a5e50bb7371a21f861d5e297"},
}

var matrixFiles = []remote{
	{compoundsName, "", "5b54dd9a3fd7a928f6626ee42066683f597804573f8329bcff205e7f5895bca3"},
	{"tox21_labels_train.csv.gz", "", "a70b4ee3c3f36717c23c7b3095b5e1a8355e778a0fc6299f96261def8bfa369f"},
	{"tox21_labels_test.csv.gz", "", "14eb2c3f5183e40e89903fd89d7f3da35b9200b6d640a65bd61f2a9c19e4aa8d"},
	{"tox21_dense_train.csv.gz", "", ""},
	{"tox21_dense_test.csv.gz", "", "0fb070673956964d0ed7237abe047f54a27761c9c70af81d098e1fd4e16891cc"},
	{"tox21_sparse_train.mtx.gz", "", ""},
	{"tox21_sparse_test.mtx.gz", "", "40abe2f3c2b3fac9e3a24971d5ac1e8d2a140944d398b1d0253e71f47935b8c0"},
	{"tox21_sparse_rownames_train.txt.gz", "", "cb77e1578088919f6302796d53125a680ae2e92159787cfbe663aa3dd802f24b"},
	{"tox21_sparse_rownames_test.txt.gz", "", "b938b462bcae0416ecb79ea6b45420a61796d996a9db2ea839dbd057e017cc84"},
	{"tox21_sparse_colnames.txt.gz", "", "4fac302db764ea30f95d3e931b81cac524e849fd7397de3256aed75d624df4fd"},
}

// download fetches files into the cache and returns its folder.
func download(ctx context.Context, o Options, base string, files []remote) (string, error) {
	dir, err := datasets.CacheDir("tox21")
	if err != nil {
		return "", err
	}
	if o.URL != "" {
		base = o.URL
	}
	client := fetch.Client{Progress: o.Progress}
	for _, f := range files {
		name := f.remote
		if name == "" {
			name = f.name
		}
		_, err := client.Get(ctx, dir, fetch.File{
			Name: f.name, URL: strings.TrimSuffix(base, "/") + "/" + name, SHA256: f.sum,
		})
		if err != nil {
			return "", err
		}
	}
	return dir, nil
}
