package molecular

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/members"
)

// Networks is the name of the networks among the members of an ensemble.
const Networks = "networks"

// Kind is a kind of members that are no networks.
type Kind struct {
	Name string
	// Unit names what the number of a member counts; it describes a kind without a number.
	Unit string

	number, quick int // the default, and that of -quick; 0 for a kind without a number
	compares      []substructure
	fit           func(ctx context.Context, d *Data, number, model int, rows []int) (model, error)
	load          func(a *members.Arrays, prefix string, columns int) (model, error)
}

// kinds are all kinds, in the order of tables.
var kinds = []Kind{
	{"forest", "trees", 200, 10, nil, fitForest, loadTrees},
	{"extratrees", "trees", 200, 10, nil, fitExtraTrees, loadTrees},
	{"neighbours", "neighbours", 50, 50, []substructure{circular}, fitNeighbours, loadNeighbours},
	{"kernel", "ridge regression", 0, 0, kernelSubstructures, fitKernel, loadKernel},
}

// model predicts the probabilities of all tasks. It is safe for concurrent use.
type model interface {
	// scores returns them for some molecules, row-major. The number of threads does not change them.
	scores(ctx context.Context, x Inputs, threads int) ([]float64, error)
	// pack adds the arrays of the model, whose names begin with a prefix.
	pack(arrays map[string]any, prefix string) error
}

// Member is a kind of members with its number of trees or neighbours.
type Member struct {
	Kind
	Number int
}

// Settings describes the member, such as "200 trees".
func (m Member) Settings() string {
	if m.number == 0 {
		return m.Unit
	}
	return fmt.Sprintf("%d %s", m.Number, m.Unit)
}

const maxNumber = 10_000

// Parse reads a list of members, such as "neighbours:20,kernel". An empty text means none. Numbers that are not there are the usual ones, smaller if quick is set.
func Parse(text string, quick bool) (all []Member, err error) {
	if text == "" {
		return nil, nil
	}
	for _, part := range strings.Split(text, ",") {
		name, number, given := strings.Cut(part, ":")
		k := indexOf(name)
		if k < 0 {
			return nil, errors.Errorf("want %s", Syntax())
		}
		m := Member{kinds[k], kinds[k].number}
		if quick {
			m.Number = m.quick
		}
		if given && m.number == 0 {
			return nil, errors.Errorf("%s has no number", name)
		}
		if given {
			if m.Number, err = strconv.Atoi(number); err != nil || m.Number < 1 || m.Number > maxNumber {
				return nil, errors.Errorf("%s:%s, want 1 to %d %s", name, number, maxNumber, m.Unit)
			}
		}
		if slices.ContainsFunc(all, func(other Member) bool { return other.Name == name }) {
			return nil, errors.Errorf("%s is there twice", name)
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Member) int { return indexOf(a.Name) - indexOf(b.Name) })
	return all, nil
}

func indexOf(name string) int {
	return slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
}

// Syntax describes the texts that Parse reads.
func Syntax() string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ") + ", several with commas, with the number of trees or neighbours if you like, as in forest:500,neighbours:50"
}

// Fixed describes the settings of all kinds that are not chosen by anyone.
func Fixed() string { return strings.TrimSuffix(fmt.Sprintln(forestTree, neighbourRadius), "\n") }
