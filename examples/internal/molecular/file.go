package molecular

import (
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// Format identifies the files of examples/tox21, which hold the networks, a tox21.Featurizer, and the other members of the ensemble.
var Format = training.Format{Program: "tox21", Version: 1}

// The names of texts in a file: Synthetic is there if its networks were trained on made-up molecules, and Split says how the compounds were divided.
const (
	Synthetic = "synthetic"
	Split     = "split"
)

// File is the content of a file.
type File struct {
	Networks   train.Ensemble
	Members    *Members // the other members, nil if there are none
	Featurizer *tox21.Featurizer
}

// Load reads the members of a file and the featurizer of their molecules. Errors name the file.
func Load(path string) (*File, error) {
	f := &File{Featurizer: &tox21.Featurizer{}}
	networks, arrays, err := Format.LoadBundle(path, f.Featurizer)
	if err != nil {
		return nil, err
	}
	f.Networks = networks
	if err := training.CheckNetworks(path, networks, f.Featurizer.Cols(), tox21.NumTasks, graphs.BCE); err != nil {
		return nil, err
	}
	f.Members, err = Unpack(networks[0].Metadata[members.Key], arrays, f.Featurizer.Cols())
	return f, errors.Wrap(err, path)
}

// Set returns molecules without labels whose features f has computed. names are those of the featurizer.
func Set(f *tox21.Featurizer, names []string, features datasets.Features) *datasets.Set {
	rows, _ := features.Dims()
	labels := make([]float32, rows*tox21.NumTasks)
	for i := range labels {
		labels[i] = float32(math.NaN())
	}
	return &datasets.Set{Name: "molecules", Features: features, FeatureNames: names, Tasks: tox21.Tasks(), Labels: labels, Sparse: f.Sparse()}
}
