package train

import (
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// SaveWeights writes all parameters to a safetensors file, under their names, with the given metadata, whose names must not begin
// with "selfnorm.". The file appears when it is complete; on an error one that existed before is as it was.
// It does not describe the network; graphs.Save does.
func SaveWeights(path string, params *nn.Params, metadata map[string]string) error {
	err := tensorfile.CheckMetadata(metadata)
	if err == nil && params == nil {
		err = errors.New("there are no parameters")
	}
	if err != nil {
		return errors.Wrapf(err, "train: write %s", path)
	}
	return errors.Wrap(tensorfile.Write(path, tensorfile.File{Params: params, Metadata: metadata}), "train")
}

// LoadWeights reads the parameters and the metadata of a file of SaveWeights or graphs.Save, or of a checkpoint. Graphs built with
// the parameters use them by name; to take them over into others, (*nn.Params).CopyFrom tells every one that does not fit.
// An error names the file. Its cause is graphs.ErrDamaged, graphs.ErrForeign or graphs.ErrVersion if the file cannot be read.
func LoadWeights(path string) (*nn.Params, map[string]string, error) {
	f, err := tensorfile.Read(path)
	if err != nil {
		return nil, nil, errors.Wrap(err, "train")
	}
	for name := range f.Metadata {
		if strings.HasPrefix(name, tensorfile.Reserved) {
			delete(f.Metadata, name)
		}
	}
	return f.Params, f.Metadata, nil
}
