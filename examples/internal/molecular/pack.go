package molecular

import (
	"encoding/json"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/graphs"
)

// packed describes the members of a file, as JSON in the text members.Key.
type packed struct {
	Combine string        `json:"combine"`
	Weight  float64       `json:"networks_weight"` // each group has the weight 1
	Groups  []packedGroup `json:"groups"`
	// Calibration is that of the log-odds of each group; the networks have their own.
	Calibration *graphs.Calibration `json:"calibration,omitempty"`
}

// packedGroup describes the members of a kind. The networks are not among them: they describe themselves.
type packedGroup struct {
	Name     string `json:"name"`
	Settings string `json:"settings"`
	Models   int    `json:"models"` // one, or one for each fold
}

// Pack returns the text, for members.Key, and the arrays for a file. Both are empty without members.
func (m *Members) Pack() (text string, arrays map[string]any, err error) {
	if m == nil || len(m.Groups) == 0 {
		return "", nil, nil
	}
	f, arrays := packed{Combine: m.Rule, Weight: m.Weight, Calibration: m.Groups[0].By}, map[string]any{}
	for _, g := range m.Groups {
		f.Groups = append(f.Groups, packedGroup{g.Name, g.Settings, len(g.models)})
		for k, one := range g.models {
			if err := one.pack(arrays, members.Prefix(g.Name, k)); err != nil {
				return "", nil, err
			}
		}
	}
	raw, err := json.Marshal(f)
	return string(raw), arrays, errors.WithStack(err)
}

// Unpack returns the members of a file with features of that many columns, and nil for an empty text without arrays. It returns an error for anything
// that is not such a file.
func Unpack(text string, arrays map[string]any, columns int) (*Members, error) {
	if text == "" && len(arrays) == 0 {
		return nil, nil
	}
	m, err := unpack(text, arrays, columns)
	return m, errors.WithMessage(err, members.Key)
}

func unpack(text string, arrays map[string]any, columns int) (*Members, error) {
	var f packed
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return nil, errors.WithStack(err)
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	m, rest := &Members{Rule: f.Combine, Weight: f.Weight}, members.NewArrays(arrays)
	for _, d := range f.Groups {
		g := &Group{Kind: kinds[indexOf(d.Name)], Settings: d.Settings, By: f.Calibration}
		for i := range d.Models {
			one, err := g.load(rest, members.Prefix(g.Name, i), columns)
			if err != nil {
				return nil, err
			}
			g.models = append(g.models, one)
		}
		m.Groups = append(m.Groups, g)
	}
	return m, rest.Done()
}

// check returns an error unless the description makes sense.
func (f *packed) check() error {
	if _, err := Combine(f.Combine, f.Weight, [][]float64{nil}); err != nil {
		return err
	}
	if err := Pool(make([]float64, numTasks), f.Calibration); err != nil {
		return err
	}
	if len(f.Groups) == 0 {
		return errors.New("there are none")
	}
	for i, d := range f.Groups {
		twice := slices.ContainsFunc(f.Groups[:i], func(other packedGroup) bool { return other.Name == d.Name })
		if indexOf(d.Name) < 0 || twice || d.Models < 1 || d.Models > maxNumber {
			return errors.Errorf("%d models of the kind %.60q", d.Models, d.Name)
		}
	}
	return nil
}
