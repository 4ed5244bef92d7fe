package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// membersKey is the name of the text that a file has if networks are not its only members: a memberFile as JSON.
const membersKey = "members"

// memberFile describes the members of a file.
type memberFile struct {
	Combine string        `json:"combine"`
	Weight  float64       `json:"networks_weight"` // each group has the weight 1
	Groups  []memberGroup `json:"groups"`
	// Calibration is that of the log-odds of each group; the networks have their own.
	Calibration *graphs.Calibration `json:"calibration,omitempty"`
}

// memberGroup describes the members of a kind. The networks are not among them: they describe themselves.
type memberGroup struct {
	Name     string `json:"name"`
	Settings string `json:"settings"`
	Models   int    `json:"models"` // one, or one for each fold
}

// group is a kind of members with its models, whose predictions are averaged.
type group struct {
	member
	models []model
	by     *graphs.Calibration // pools the tasks
}

// prefixOf begins the names of the arrays of model k, counted from 0.
func prefixOf(group string, k int) string { return fmt.Sprintf("%s/%d/", group, k+1) }

// packGroups returns the text and the arrays for a file.
func packGroups(rule string, groups []*group) (text string, arrays map[string]any, err error) {
	if len(groups) == 0 {
		return "", nil, nil
	}
	f, arrays := memberFile{Combine: rule, Weight: networksWeight, Calibration: groups[0].by}, map[string]any{}
	for _, g := range groups {
		f.Groups = append(f.Groups, memberGroup{g.name, g.settings(), len(g.models)})
		for k, m := range g.models {
			if err := m.pack(arrays, prefixOf(g.name, k)); err != nil {
				return "", nil, err
			}
		}
	}
	raw, err := json.Marshal(f)
	return string(raw), arrays, errors.WithStack(err)
}

// arrayFile are the arrays of a file that no model has taken yet.
type arrayFile struct{ arrays map[string]any }

// take returns the arrays whose names begin with a prefix, without it.
func (f *arrayFile) take(prefix string) baseline.Arrays {
	taken := baseline.Arrays{}
	for name, array := range f.arrays {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			taken[rest] = array
			delete(f.arrays, name)
		}
	}
	return taken
}

// unpackGroups returns the members of a file with features of that many columns, and the description of the file.
func unpackGroups(text string, arrays map[string]any, columns int) (f memberFile, groups []*group, err error) {
	if text == "" && len(arrays) == 0 {
		return f, nil, nil
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return f, nil, errors.Wrap(err, membersKey)
	}
	if _, err := combine(f.Combine, f.Weight, [][]float64{nil}); err != nil {
		return f, nil, errors.Wrap(err, membersKey)
	}
	if err := pool(make([]float64, tox21.NumTasks), f.Calibration); err != nil {
		return f, nil, errors.Wrap(err, membersKey)
	}
	if len(f.Groups) == 0 {
		return f, nil, errors.Errorf("%s: there are none", membersKey)
	}
	rest := &arrayFile{arrays}
	for _, d := range f.Groups {
		k := kindIndex(d.Name)
		known := slices.ContainsFunc(groups, func(g *group) bool { return g.name == d.Name })
		if k < 0 || known || d.Models < 1 || d.Models > maxNumber {
			return f, nil, errors.Errorf("%s: %d models of the kind %.60q", membersKey, d.Models, d.Name)
		}
		g := &group{member: member{memberKind: memberKinds[k]}, by: f.Calibration}
		for i := range d.Models {
			m, err := g.load(rest, prefixOf(g.name, i), columns)
			if err != nil {
				return f, nil, err
			}
			g.models = append(g.models, m)
		}
		groups = append(groups, g)
	}
	for name := range rest.arrays {
		return f, nil, errors.Errorf("%s: the array %.60q belongs to no member", membersKey, name)
	}
	return f, groups, nil
}
