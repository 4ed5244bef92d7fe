package training

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// Format identifies the files in which a program saves its networks.
type Format struct {
	// Program is the name of the program, and Version increases whenever older encoders would be misread.
	Program string
	Version int
}

// encoded is the encoder of a saved network as JSON.
type encoded struct {
	Program string          `json:"program"`
	Version int             `json:"version"`
	Encoder json.RawMessage `json:"encoder"`
}

// Encode returns the text that a network keeps as its encoder, so that the program of the format reads it: encoder as JSON.
func (f Format) Encode(encoder any) ([]byte, error) { return f.encode(encoder) }

func (f Format) encode(encoder any) ([]byte, error) {
	text, err := json.Marshal(encoder)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	text, err = json.Marshal(encoded{f.Program, f.Version, text})
	return text, errors.WithStack(err)
}

func (f Format) decode(text []byte, encoder any) error {
	if text == nil {
		return errors.Errorf("the networks lack the encoder of their inputs: the file was written by another program, or by version 0.1 "+
			"of %s, which this one does not read; train again with -out", f.Program)
	}
	var e encoded
	if err := json.Unmarshal(text, &e); err != nil {
		return errors.Wrap(err, "encoder")
	}
	switch {
	case e.Program != f.Program:
		return errors.Errorf("the encoder is of program %q, want %q", e.Program, f.Program)
	case e.Version != f.Version:
		return errors.Errorf("the encoder has version %d, want %d", e.Version, f.Version)
	case len(e.Encoder) == 0 || string(e.Encoder) == "null":
		return errors.New("the encoder is missing")
	}
	return json.Unmarshal(e.Encoder, encoder)
}

// Load reads the networks that a training has saved, and decodes their encoder, as in Problem.Encoder, into the value that encoder points
// to. Errors name the file.
func (f Format) Load(path string, encoder any) (train.Ensemble, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	networks, err := graphs.LoadAll(path)
	if err != nil {
		return nil, err
	}
	return networks, errors.Wrap(f.decode(networks[0].Encoder, encoder), path)
}

// LoadBundle is Load for a file that may have other members beside the networks. It returns their arrays as they are.
func (f Format) LoadBundle(path string, encoder any) (train.Ensemble, map[string]any, error) {
	if err := checkFile(path); err != nil {
		return nil, nil, err
	}
	b, err := graphs.LoadBundle(path)
	if err != nil {
		return nil, nil, err
	}
	return b.Networks, b.Arrays, errors.Wrap(f.decode(b.Networks[0].Encoder, encoder), path)
}

// checkFile returns an error for a folder.
func checkFile(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errors.Errorf("%s is a folder: version 0.1 saved its networks in one, now they are one file; train again with -out FILE", path)
	}
	return nil
}

// CheckNetworks returns an error unless the networks of a file have these numbers of inputs and outputs, and the loss.
func CheckNetworks(path string, networks train.Ensemble, inputs, outputs int, loss graphs.Loss) error {
	for _, n := range networks {
		if n.Columns() != inputs || n.Outputs[0].Width != outputs || lossKind(n.Loss().Name) != loss.Name {
			return errors.Errorf("%s: a network of %d inputs and %d outputs for the loss %s, but the encoder gives %d features and %d outputs for %s",
				path, n.Columns(), n.Outputs[0].Width, n.Loss().Name, inputs, outputs, loss.Name)
		}
	}
	return nil
}

// lossKind is the name of a loss without label smoothing, which matters in training alone.
func lossKind(name string) string {
	kind, _, _ := strings.Cut(name, "(smoothing=")
	return kind
}
