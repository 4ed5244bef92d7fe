package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
)

// networksName is the name of the networks among the members of an ensemble.
const networksName = "networks"

// memberKind is a kind of members that are no networks.
type memberKind struct {
	name, unit    string // unit names what the number counts; it describes a kind without a number
	number, quick int    // the default, and that of -quick; 0 for a kind without a number
	fit           func(ctx context.Context, e *experiment, number, model int, rows []int) (model, error)
	load          func(f *arrayFile, prefix string, columns int) (model, error)
}

// memberKinds are all kinds, in the order of tables.
var memberKinds = []memberKind{
	{"forest", "trees", 200, 10, fitForest, loadTrees},
	{"extratrees", "trees", 200, 10, fitExtraTrees, loadTrees},
	{"neighbours", "neighbours", 50, 50, fitNeighbours, loadNeighbours},
	{"kernel", "ridge regression", 0, 0, fitKernel, loadKernel},
}

// model predicts the probabilities of all tasks.
type model interface {
	// scores returns them for some compounds, row-major. The number of threads does not change them.
	scores(ctx context.Context, x inputs, threads int) ([]float64, error)
	// pack adds the arrays of the model, whose names begin with a prefix.
	pack(arrays map[string]any, prefix string) error
}

// inputs are the features and the molecules of some rows.
type inputs struct {
	features datasets.Features
	mols     []*chem.Mol
	rows     []int
}

// member is a kind of members with its number of trees or neighbours.
type member struct {
	memberKind
	chosen int
}

// settings describes the member, such as "200 trees".
func (m member) settings() string {
	if m.number == 0 {
		return m.unit
	}
	return fmt.Sprintf("%d %s", m.chosen, m.unit)
}

const maxNumber = 10_000

// parseMembers parses the flag -members.
func parseMembers(text string, quick bool) (members []member, err error) {
	if text == "" {
		return nil, nil
	}
	for _, part := range strings.Split(text, ",") {
		name, number, given := strings.Cut(part, ":")
		k := slices.IndexFunc(memberKinds, func(k memberKind) bool { return k.name == name })
		if k < 0 {
			return nil, errors.Errorf("-members %s: want %s", text, membersSyntax())
		}
		m := member{memberKinds[k], memberKinds[k].number}
		if quick {
			m.chosen = m.quick
		}
		if given && m.number == 0 {
			return nil, errors.Errorf("-members %s: %s has no number", text, name)
		}
		if given {
			if m.chosen, err = strconv.Atoi(number); err != nil || m.chosen < 1 || m.chosen > maxNumber {
				return nil, errors.Errorf("-members %s: %s:%s, want 1 to %d %s", text, name, number, maxNumber, m.unit)
			}
		}
		if slices.ContainsFunc(members, func(other member) bool { return other.name == name }) {
			return nil, errors.Errorf("-members %s: %s is there twice", text, name)
		}
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b member) int { return kindIndex(a.name) - kindIndex(b.name) })
	return members, nil
}

func kindIndex(name string) int {
	return slices.IndexFunc(memberKinds, func(k memberKind) bool { return k.name == name })
}

func membersSyntax() string {
	var names []string
	for _, k := range memberKinds {
		names = append(names, k.name)
	}
	return strings.Join(names, ", ") + ", several with commas, with the number of trees or neighbours if you like, as in forest:500,neighbours:50"
}
