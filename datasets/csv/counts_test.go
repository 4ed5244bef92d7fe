package csv

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// poisson draws a count by Knuth's method.
func poisson(r *rand.Rand, mean float64) (n int) {
	for p := r.Float64(); p > math.Exp(-mean); p *= r.Float64() {
		n++
	}
	return n
}

// Counts are a regression and numbers of classes are classes; either is said, with the option that overrules it.
func TestCountsAndClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var counts, classes strings.Builder
	counts.WriteString("a,b,city,y\n")
	classes.WriteString("a,b,c,y\n")
	for i := range 400 {
		a := r.NormFloat64()
		fmt.Fprintf(&counts, "%.3f,%.3f,%s,%d\n", a, r.NormFloat64(), []string{"x", "z"}[i%2], min(10, poisson(r, 2*math.Exp(0.5*a))))
		k := r.IntN(8) * r.IntN(2) // class 0 is the commonest
		fmt.Fprintf(&classes, "%.3f,%.3f,%.3f,%d\n", float64(k*5%8)+r.NormFloat64(), float64(k*3%8)+r.NormFloat64(), r.NormFloat64(), k)
	}
	for _, c := range []struct {
		text string
		want Problem
		say  string
	}{
		{counts.String(), Regression, "Problem: \"classes\""},
		{classes.String(), Classes, "Problem: \"regression\""},
		{strings.Replace(counts.String(), "city,y", "city,class", 1), Classes, "Problem: \"regression\""},
	} {
		table := read(t, c.text, Options{Target: "-1"})
		if said := strings.Join(table.Decisions(), "\n"); table.Problem() != c.want || !strings.Contains(said, c.say) {
			t.Errorf("%s, want %s and %s in %s", table.Problem(), c.want, c.say, said)
		}
		for _, p := range []Problem{Classes, Regression} {
			if table := read(t, c.text, Options{Target: "-1", Problem: p}); table.Problem() != p {
				t.Errorf("%s was asked for, not %s", p, table.Problem())
			}
		}
	}
}
