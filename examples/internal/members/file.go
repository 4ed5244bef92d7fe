package members

import (
	"encoding/json"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// Key is the name of the text that a file has if networks are not its only members.
const Key = "members"

// file describes the members of a file.
type file struct {
	Kinds   []fileKind `json:"kinds"`
	Weights []float64  `json:"weights"` // of the networks, and of each kind
}

// fileKind describes the members of a kind.
type fileKind struct {
	Name   string `json:"name"`
	Trees  int    `json:"trees"`
	Models int    `json:"models"` // one for each fold
}

// maxModels bounds the models of a kind.
const maxModels = 10_000

// Pack returns the text, for Key, and the arrays of the members for a file. Both are empty without members.
func (m *Members) Pack() (text string, arrays map[string]any, err error) {
	if m == nil {
		return "", nil, nil
	}
	f, arrays := file{Weights: m.Weights}, map[string]any{}
	for k, models := range m.models {
		f.Kinds = append(f.Kinds, fileKind{m.Kinds[k].Name, m.Kinds[k].Trees, len(models)})
		for i, model := range models {
			packed, err := baseline.Pack(model)
			if err != nil {
				return "", nil, err
			}
			Add(arrays, Prefix(m.Kinds[k].Name, i), packed)
		}
	}
	raw, err := json.Marshal(f)
	return string(raw), arrays, errors.WithStack(err)
}

// Unpack returns the members that Pack has written, for networks with these numbers of inputs and classes, and nil for an empty text without arrays.
// It returns an error for anything that is not such a file.
func Unpack(text string, arrays map[string]any, columns, classes int) (*Members, error) {
	if text == "" && len(arrays) == 0 {
		return nil, nil
	}
	var f file
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, errors.Wrap(err, Key)
	}
	if err := f.check(); err != nil {
		return nil, errors.Wrap(err, Key)
	}
	m := &Members{Weights: f.Weights, columns: columns, classes: classes}
	rest := NewArrays(arrays)
	for _, d := range f.Kinds {
		var models []baseline.Classifier
		for i := range d.Models {
			model, err := rest.Classifier(Prefix(d.Name, i), columns, classes)
			if err == nil && model == nil {
				err = errors.Errorf("%s has no arrays", Prefix(d.Name, i))
			}
			if err != nil {
				return nil, errors.Wrap(err, Key)
			}
			models = append(models, model)
		}
		m.Kinds, m.models = append(m.Kinds, Kind{d.Name, d.Trees}), append(m.models, models)
	}
	return m, errors.Wrap(rest.Done(), Key)
}

func (f *file) check() error {
	if len(f.Kinds) == 0 || len(f.Weights) != len(f.Kinds)+1 {
		return errors.Errorf("%d kinds with %d weights", len(f.Kinds), len(f.Weights))
	}
	for i, d := range f.Kinds {
		known := slices.ContainsFunc(kinds, func(k Kind) bool { return k.Name == d.Name })
		twice := slices.ContainsFunc(f.Kinds[:i], func(other fileKind) bool { return other.Name == d.Name })
		if !known || twice || d.Models < 1 || d.Models > maxModels {
			return errors.Errorf("%d models of the kind %.60q", d.Models, d.Name)
		}
	}
	for _, w := range f.Weights {
		if !(w >= 0 && w <= maxWeight) {
			return errors.Errorf("the weight %v", w)
		}
	}
	return nil
}
