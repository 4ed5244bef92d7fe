package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// Bundle is a file of networks with other things that predict, such as the random forest of an ensemble.
type Bundle struct {
	Networks []*Network
	// Arrays hold the other things as plain arrays by name: []float32, []float64, []int32, []uint16 or []uint8, none empty. Their content is
	// up to the caller.
	Arrays map[string]any
}

// Save writes the file as SaveAll does, with the arrays. LoadAll and older programs refuse a file with arrays: they would predict with a
// part of it.
func (b Bundle) Save(path string) error {
	f, err := fileOf(b.Networks)
	if err != nil {
		return errors.Wrapf(err, "graphs: save %s", path)
	}
	f.Arrays = b.Arrays
	return errors.Wrap(tensorfile.Write(path, f), "graphs")
}

// LoadBundle reads a file of Bundle.Save, SaveAll or Network.Save. It returns the errors of LoadAll.
func LoadBundle(path string) (Bundle, error) {
	f, err := tensorfile.ReadChecked(path, matchHead)
	if err != nil {
		return Bundle{}, errors.Wrap(err, "graphs")
	}
	all, err := networksOf(f)
	if err != nil {
		return Bundle{}, errors.Wrapf(err, "graphs: %s", path)
	}
	return Bundle{all, f.Arrays}, nil
}
