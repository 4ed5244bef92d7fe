package tox21

import (
	"encoding/json"
	"io"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// featurizerVersion is the version of the features. Raise it whenever a molecule gets other features than before, or this program would
// misread older files: networks would get inputs that they were not trained on. TestFeaturesVersion notices; docs/CONTRIBUTING.md says what to do.
//
//   - 1: up to version 0.2.0
//   - 2: molecules, identifiers and descriptors corrected to those of RDKit 2022.09
const featurizerVersion = 2

// maxFeaturizer limits the file of a featurizer in bytes. That of the challenge has about one million.
const maxFeaturizer = 1 << 26

type featurizerJSON struct {
	Version  int       `json:"version"`
	Families []*fitted `json:"families"`
}

// MarshalJSON writes columns and scales with all digits. It returns an error if the featurizer was not fitted.
func (f *Featurizer) MarshalJSON() ([]byte, error) {
	if len(f.fitted()) == 0 {
		return nil, errors.New("tox21: a featurizer that was not fitted")
	}
	return json.Marshal(featurizerJSON{featurizerVersion, f.families})
}

// UnmarshalJSON reads the output of MarshalJSON. It returns an error, and leaves f unchanged, if the features are of another version, columns and scales do
// not agree, or this program does not compute one of the columns.
func (f *Featurizer) UnmarshalJSON(data []byte) error {
	if f == nil {
		return errors.New("tox21: the featurizer to read into is nil")
	}
	var in featurizerJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return errors.Wrap(err, "tox21: featurizer")
	}
	switch {
	case in.Version < featurizerVersion:
		return errors.Errorf("tox21: the featurizer has version %d, this program computes features of version %d, which differ: train again with this program",
			in.Version, featurizerVersion)
	case in.Version > featurizerVersion:
		return errors.Errorf("tox21: the featurizer has version %d, this program computes features of version %d, which differ: use the program that wrote it",
			in.Version, featurizerVersion)
	}
	families := make([]Family, len(in.Families))
	for i, fit := range in.Families {
		if fit == nil || fit.Scaler == nil || fit.cols() == 0 || fit.Scaler.Cols() != fit.cols() {
			return errors.Errorf("tox21: featurizer: columns and scale of family %d do not agree", i)
		}
		families[i] = fit.Family
	}
	if err := checkFamilies(families); err != nil {
		return err
	}
	for _, fit := range in.Families {
		if err := fit.find(); err != nil {
			return err
		}
	}
	*f = newFeaturizer(in.Families)
	return nil
}

// Save writes the featurizer to a file, which appears only when it is complete.
func (f *Featurizer) Save(path string) error {
	data, err := f.MarshalJSON()
	if err != nil {
		return err
	}
	err = output.Write(path, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
	return errors.Wrap(err, "tox21")
}

// LoadFeaturizer reads a file that Save wrote. Errors are as in UnmarshalJSON and name the file.
func LoadFeaturizer(path string) (*Featurizer, error) {
	file, err := pipe.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFeaturizer+1))
	if err != nil {
		return nil, errors.Wrap(err, "tox21")
	}
	if len(data) > maxFeaturizer {
		return nil, errors.Errorf("tox21: %s: more than the limit of %d bytes", path, maxFeaturizer)
	}
	var f Featurizer
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, errors.Wrap(err, path)
	}
	return &f, nil
}
