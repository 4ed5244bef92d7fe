package graphs

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// specsKey is the name of the descriptions of several networks in the metadata of a file, as a JSON array.
const specsKey = tensorfile.Reserved + "networks"

// prefix begins the names of the parameters of network k, counted from 0, in a file of several.
func prefix(k int) string { return fmt.Sprintf("network%d.", k+1) }

// SaveAll writes several networks, such as those of a train.Ensemble, to one file from which LoadAll makes them again. Of each
// model it needs Layer, Loss, Params and Spec.Inputs, with what Save asks of them; all have one dtype. The parameters are
// named "network1.hidden1.dense1.weight" and so on. The file of a single network is that of Save.
func SaveAll(path string, models []*Model, metadata map[string]string) error {
	if len(models) == 1 {
		m := models[0]
		return Save(path, m.Layer, m.Params, m.Spec.Inputs, m.Loss, metadata)
	}
	f, err := fileOf(models, metadata)
	if err != nil {
		return errors.Wrapf(err, "graphs: save %s", path)
	}
	return errors.Wrap(tensorfile.Write(path, f), "graphs")
}

func fileOf(models []*Model, metadata map[string]string) (f tensorfile.File, err error) {
	if len(models) == 0 {
		return f, errors.New("there are no networks")
	}
	if err := tensorfile.CheckMetadata(metadata); err != nil {
		return f, err
	}
	var specs []Spec
	for k, m := range models {
		s, err := describe(m.Layer, m.Params, m.Spec.Inputs, m.Loss)
		if err != nil {
			return f, errors.Wrapf(err, "network %d", k+1)
		}
		specs = append(specs, s)
		if k == 0 {
			if f.Params, err = nn.NewParams(m.Params.Dtype(), 0); err != nil {
				return f, err
			}
		}
		for _, p := range m.Params.All() {
			if err := f.Params.Add(prefix(k)+p.Name, p.Value, p.Trainable); err != nil {
				return f, err
			}
		}
	}
	text, err := json.Marshal(specs)
	f.Metadata = map[string]string{specsKey: string(text)}
	maps.Copy(f.Metadata, metadata)
	return f, err
}

// LoadAll reads the networks of a file of SaveAll or Save; each has the metadata of the file. The errors are those of Load.
func LoadAll(path string) ([]*Model, error) {
	f, err := tensorfile.Read(path)
	if err != nil {
		return nil, errors.Wrap(err, "graphs")
	}
	models, err := modelsOf(f)
	return models, errors.Wrapf(err, "graphs: %s", path)
}

func modelsOf(f tensorfile.File) ([]*Model, error) {
	text, ok := f.Metadata[specsKey]
	if !ok {
		m, err := modelOf(f)
		return []*Model{m}, err
	}
	var specs []json.RawMessage
	if err := json.Unmarshal([]byte(text), &specs); err != nil || len(specs) == 0 {
		return nil, errors.Errorf("%s: want an array of descriptions of networks", specsKey)
	}
	all, err := divide(f.Params, len(specs))
	if err != nil {
		return nil, err
	}
	var models []*Model
	for k, spec := range specs {
		info := maps.Clone(f.Metadata)
		delete(info, specsKey)
		info[SpecKey] = string(spec)
		m, err := modelOf(tensorfile.File{Params: all[k], Metadata: info})
		if err != nil {
			return nil, errors.Wrapf(err, "network %d of %d", k+1, len(specs))
		}
		models = append(models, m)
	}
	return models, nil
}

// divide gives each of n networks its parameters, under their own names.
func divide(params *nn.Params, n int) ([]*nn.Params, error) {
	all := make([]*nn.Params, n)
	k := 0 // they stand in the order of the networks
	for _, p := range params.All() {
		name, ok := strings.CutPrefix(p.Name, prefix(k))
		if !ok && k+1 < n {
			k++
			name, ok = strings.CutPrefix(p.Name, prefix(k))
		}
		if !ok {
			return nil, errors.Errorf("parameter %q belongs to none of %d networks", p.Name, n)
		}
		if all[k] == nil {
			var err error
			if all[k], err = nn.NewParams(params.Dtype(), 0); err != nil {
				return nil, err
			}
		}
		if err := all[k].Add(name, p.Value, p.Trainable); err != nil {
			return nil, err
		}
	}
	return all, nil
}
