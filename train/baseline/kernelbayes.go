package baseline

import (
	"context"
	"math"
	"slices"
	"sort"
)

// KernelNaiveBayes is naive Bayes in which, within a class, each feature has a density that is estimated from the rows of the class: the mean of
// normal densities around their values (John and Langley 1995). Their standard deviation is the range of these values divided by the square root of
// their number, and at least a sixth of the mean distance between neighbouring different values of the feature over all rows, as in Weka. A score is
// the probability of the class. A feature that is constant is not used.
type KernelNaiveBayes struct{}

// Name implements Method.
func (KernelNaiveBayes) Name() string { return "naive Bayes with kernel densities" }

// Fit implements Method.
func (b KernelNaiveBayes) Fit(ctx context.Context, x Matrix, labels []int, classes int) (Classifier, error) {
	if err := check(ctx, b.Name(), x, labels, classes); err != nil {
		return nil, err
	}
	n := &kernelBayes{columns: x.Columns, prior: make([]float64, classes), densities: make([]density, classes*x.Columns)}
	for _, k := range labels {
		n.prior[k]++
	}
	for k, count := range n.prior {
		n.prior[k] = math.Log(count / float64(x.Rows)) // -Inf for a class without rows
	}
	for j := range x.Columns {
		all := make([]float64, x.Rows)
		byClass := make([][]float64, classes)
		for i, k := range labels {
			all[i] = x.row(i)[j]
			byClass[k] = append(byClass[k], all[i])
		}
		least := meanGap(all) / 6
		for k, values := range byClass {
			if least > 0 && len(values) > 0 {
				n.densities[k*x.Columns+j] = newDensity(values, least)
			}
		}
	}
	return n, nil
}

// meanGap returns the mean distance between neighbours among the different values, 0 if there is one alone. It sorts them.
func meanGap(values []float64) float64 {
	slices.Sort(values)
	different := slices.Compact(values)
	if len(different) < 2 {
		return 0
	}
	gaps := float64(len(different) - 1)
	return different[len(different)-1]/gaps - different[0]/gaps // the range may be beyond the greatest float
}

// density is the mean of normal densities around values, which are sorted. Without values, it is 1.
type density struct {
	values []float64
	sd     float64
}

func newDensity(values []float64, least float64) density {
	slices.Sort(values)
	root := math.Sqrt(float64(len(values)))
	return density{values, max(least, values[len(values)-1]/root-values[0]/root)}
}

// far is the exponent, below that of the nearest value, from which a value does not count: e^-40.
const far = 40

// log returns the logarithm of the density at x, without the factor of the normal density's constant, which is the same for all classes. It is accurate
// far from all values, too.
func (d density) log(x float64) float64 {
	if len(d.values) == 0 {
		return 0
	}
	above := sort.SearchFloat64s(d.values, x)
	nearest := math.Inf(-1) // the exponent of the nearest value
	for _, i := range []int{above - 1, above} {
		if i >= 0 && i < len(d.values) {
			nearest = max(nearest, d.exponent(x, i))
		}
	}
	total := 0.0
	for i := above; i < len(d.values) && d.exponent(x, i)-nearest > -far; i++ {
		total += math.Exp(d.exponent(x, i) - nearest)
	}
	for i := above - 1; i >= 0 && d.exponent(x, i)-nearest > -far; i-- {
		total += math.Exp(d.exponent(x, i) - nearest)
	}
	return nearest + math.Log(total/float64(len(d.values))) - math.Log(d.sd)
}

// exponent returns -(x - values[i])^2 / (2 sd^2), limited so that differences of two are numbers.
func (d density) exponent(x float64, i int) float64 {
	z := (x - d.values[i]) / d.sd
	return max(-z*z/2, -math.MaxFloat64/4)
}

type kernelBayes struct {
	columns   int
	prior     []float64 // logarithms
	densities []density // class after class
}

// Scores implements Classifier.
func (n *kernelBayes) Scores(x Matrix) ([]float64, error) {
	if err := checkColumns(KernelNaiveBayes{}.Name(), x, n.columns); err != nil {
		return nil, err
	}
	classes := len(n.prior)
	scores := make([]float64, x.Rows*classes)
	for i := range x.Rows {
		out := scores[i*classes : (i+1)*classes]
		for k := range out {
			out[k] = n.logOf(k, x.row(i))
		}
		if top := out[largest(out)]; top <= lowest {
			copy(out, n.prior) // the row is too far from all classes to compare them
		}
		softmax(out)
	}
	return scores, nil
}

// lowest bounds the logarithm of a class that has rows.
const lowest = -math.MaxFloat64 / 2

// logOf returns the logarithm of the prior times the density of a class, -Inf for a class without rows.
func (n *kernelBayes) logOf(k int, row []float64) float64 {
	if math.IsInf(n.prior[k], -1) {
		return n.prior[k]
	}
	sum := n.prior[k]
	for j, v := range row {
		sum += n.densities[k*n.columns+j].log(v)
	}
	return max(sum, lowest)
}
