package paper

import (
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/baseline"
	"github.com/selfnorm/selfnorm/train/search"
)

// Methods are the names of the methods that are no networks, as Settings knows them.
var Methods = []string{"knn", "naivebayes", "logistic", "tree", "forest", "svm"}

// Setting is a method with its hyperparameters.
type Setting struct {
	baseline.Method
	// Values are the hyperparameters by name.
	Values search.Values
}

// Trees is the number of trees of a random forest.
const Trees = 500

// Settings returns what to try for a method on rows with so many features: the usual setting first, then those around it, so that a
// later one must be better to be chosen. seed is that of random forests.
func Settings(name string, features int, seed uint64) (settings []Setting, err error) {
	add := func(m baseline.Method, values search.Values) { settings = append(settings, Setting{m, values}) }
	switch name {
	case "knn":
		for _, k := range []int{5, 3, 11, 1} {
			add(baseline.Neighbours{K: k}, search.Values{"k": float64(k)})
		}
	case "naivebayes":
		for _, s := range []float64{1e-9, 1e-3, 1e-2, 1e-1} {
			add(baseline.NaiveBayes{Smoothing: s}, search.Values{"smoothing": s})
		}
	case "logistic":
		for _, c := range []float64{1, 0.1, 10, 0.01, 100} {
			add(baseline.Logistic{C: c}, search.Values{"C": c})
		}
	case "tree":
		for _, confidence := range []float64{0.25, 0.1, 0.01, 0} { // 0 means not pruned
			for _, leaf := range []int{2, 5} {
				tree := baseline.C45()
				tree.Confidence, tree.MinLeaf = confidence, leaf
				add(tree, search.Values{"confidence": confidence, "leaf": float64(leaf)})
			}
		}
	case "forest":
		root := math.Sqrt(float64(features))
		for _, factor := range []float64{1, 0.5, 2} {
			n := min(max(1, int(root*factor)), features)
			if !slices.ContainsFunc(settings, func(s Setting) bool { return s.Values["features"] == float64(n) }) {
				add(baseline.Forest{Trees: Trees, Features: n, Seed: seed}, search.Values{"features": float64(n)})
			}
		}
	case "svm":
		return svms(features), nil
	default:
		return nil, errors.Errorf("%q is none of %q", name, Methods)
	}
	return settings, nil
}

// svms returns the coarse grid of the guide to LIBSVM, C = 2^-5, 2^-3 ... 2^15 and gamma = 2^-15, 2^-13 ... 2^3, beginning with what is nearest
// to LIBSVM's default, C = 1 and gamma = 1/features.
func svms(features int) (settings []Setting) {
	type exponents struct{ c, gamma int }
	var all []exponents
	for c := -5; c <= 15; c += 2 {
		for gamma := -15; gamma <= 3; gamma += 2 {
			all = append(all, exponents{c, gamma})
		}
	}
	usual := -math.Log2(float64(features))
	distance := func(e exponents) float64 { return math.Abs(float64(e.c)) + math.Abs(float64(e.gamma)-usual) }
	slices.SortStableFunc(all, func(a, b exponents) int {
		switch d := distance(a) - distance(b); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	for _, e := range all {
		c, gamma := math.Ldexp(1, e.c), math.Ldexp(1, e.gamma)
		settings = append(settings, Setting{baseline.SVM{C: c, Gamma: gamma}, search.Values{"C": c, "gamma": gamma}})
	}
	return settings
}
