package members

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/baseline"
)

// Kind is a kind of members with its number of trees in all folds together.
type Kind struct {
	Name  string
	Trees int
}

// kinds are the names of the known kinds with the number of trees that Parse gives them.
var kinds = []Kind{{"forest", 250}, {"extratrees", 250}}

// maxTrees bounds the trees of a kind.
const maxTrees = 10_000

// Syntax describes the texts that Parse reads.
const Syntax = "forest and extratrees, each with a number of trees in all if you like, as in forest:500,extratrees"

// Default returns all kinds with the usual number of trees, in text for Parse.
func Default() string { return "forest,extratrees" }

// Parse reads a list of kinds, such as "forest:500,extratrees". An empty text means none.
func Parse(text string) (all []Kind, err error) {
	if text == "" {
		return nil, nil
	}
	for _, part := range strings.Split(text, ",") {
		name, number, given := strings.Cut(part, ":")
		at := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
		if at < 0 || slices.ContainsFunc(all, func(k Kind) bool { return k.Name == name }) {
			return nil, errors.Errorf("%q: want %s", text, Syntax)
		}
		k := kinds[at]
		if given {
			if k.Trees, err = strconv.Atoi(number); err != nil || k.Trees < 1 || k.Trees > maxTrees {
				return nil, errors.Errorf("%q: want 1 to %d trees", part, maxTrees)
			}
		}
		all = append(all, k)
	}
	return all, nil
}

// fit trains one model on some rows of a table.
func (k Kind) fit(ctx context.Context, x *baseline.Table, rows, labels []int, classes, trees int, seed uint64, threads int) (baseline.Classifier, error) {
	f := baseline.Forest{Trees: trees, Seed: seed, Threads: threads}
	switch k.Name {
	case "forest":
		return f.FitTable(ctx, x, rows, labels, classes)
	case "extratrees":
		return baseline.ExtraTrees(f).FitTable(ctx, x, rows, labels, classes)
	}
	return nil, errors.Errorf("members: there is no kind %q", k.Name)
}

// String describes the kind, such as "forest of 250 trees".
func (k Kind) String() string { return fmt.Sprintf("%s of %d trees", k.Name, k.Trees) }
