package main

import (
	"encoding/json"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// tableKey is the name under which a weights file says what table its networks are for, as JSON of a saved.
const tableKey = "table"

// saved is what a prediction needs besides the networks, and what one wants to know of them later.
type saved struct {
	Version int               `json:"version"`
	Encoder *csv.Encoder      `json:"encoder"`
	Data    string            `json:"data"`
	Results map[string]values `json:"results"`
}

const savedVersion = 1

// save writes the networks and the encoder to one file.
func (p *problem) save(path string, networks train.Ensemble, r *report) error {
	text, err := json.Marshal(saved{savedVersion, p.encoder, r.Data, r.Results})
	if err != nil {
		return err
	}
	return graphs.SaveAll(path, networks, map[string]string{tableKey: string(text)})
}

// load reads a file that save has written.
func load(path string) (train.Ensemble, *csv.Encoder, error) {
	networks, err := graphs.LoadAll(path)
	if err != nil {
		return nil, nil, err
	}
	text, ok := networks[0].Metadata[tableKey]
	if !ok {
		return nil, nil, errors.Errorf("%s: a network, but not for a table; -out of this program writes one that is", path)
	}
	var s saved
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, nil, errors.Wrap(err, path)
	}
	if s.Version != savedVersion {
		return nil, nil, errors.Errorf("%s: version %d of the table, this program reads version %d", path, s.Version, savedVersion)
	}
	if s.Encoder == nil {
		return nil, nil, errors.Errorf("%s: there is no encoder of the table", path)
	}
	inputs, outputs := len(s.Encoder.FeatureNames()), len(s.Encoder.Tasks())
	if classes := s.Encoder.Classes(); classes != nil {
		outputs = len(classes)
	}
	for _, m := range networks {
		if loss := lossOf(s.Encoder); m.Spec.Inputs != inputs || m.Spec.Outputs != outputs || m.Loss.Name != loss.Name {
			return nil, nil, errors.Errorf("%s: a network of %d inputs and %d outputs for %s, but the table has %d features and %d outputs for %s",
				path, m.Spec.Inputs, m.Spec.Outputs, m.Loss.Name, inputs, outputs, loss.Name)
		}
	}
	return networks, s.Encoder, nil
}

// lossOf is the loss for the kind of target.
func lossOf(e *csv.Encoder) graphs.Loss {
	switch e.Problem() {
	case csv.Classes:
		return graphs.CrossEntropy
	case csv.Binary:
		return graphs.BCE
	}
	return graphs.MSE
}
