package theory

import (
	"context"
	"runtime"
	"time"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// Theorem is one of the theorems of Klambauer et al. 2017.
type Theorem int

// The theorems of the paper, about mean mu and variance nu of the inputs of a unit, sum omega and sum of squares tau of its weights.
const (
	// Theorem1: for mu, omega in [-0.1, 0.1], nu in [0.8, 1.5], tau in [0.95, 1.1] the map (mu, nu) -> g(mu, nu) is a contraction that
	// stays in the domain of mu and nu, and its fixed point has mu in [-0.03106, 0.06773], nu in [0.80009, 1.48617].
	Theorem1 Theorem = 1
	// Theorem2: for mu in [-1, 1], omega in [-0.1, 0.1], nu in [3, 16], tau in [0.8, 1.25] the variance decreases. The mean need not stay in
	// [-1, 1], so this says nothing about the layer after; [Prover.ProveGlobal] does.
	Theorem2 Theorem = 2
	// Theorem3: for mu, omega in [-0.1, 0.1] and nu in [0.02, 0.16], tau in [0.8, 1.25] or nu in [0.02, 0.24], tau in [0.9, 1.25] the variance
	// increases. The paper's appendix shows it for nu >= 0.05.
	Theorem3 Theorem = 3
)

// Prove proves a theorem for the paper's lambda and alpha on all cores. The error is a [*ProofError] if the theorem is false, or so close
// to false that the proof cannot decide.
func Prove(t Theorem) (Certificate, error) { return Prover{}.Prove(context.Background(), t) }

// Prover proves theorems about the moment map of a SELU. The zero value proves them for the SELU of the paper, on all cores.
type Prover struct {
	// Lambda and Alpha contain the parameters of the SELU; the proof holds for each number in them. [0, 0] means
	// lambda01 and alpha01 of the paper.
	Lambda, Alpha interval.Interval
	// AllVariables searches the domain in all four variables, instead of the two-dimensional part of it where, by an argument
	// in docs/theory.md, each claim is hardest. It takes about a hundred times as long.
	AllVariables bool
	// Workers is the number of threads, at most 256, which does not change the result. 0 means one per core.
	Workers int
}

const maxWorkers = 256

// Prove examines boxes that cover the domain of the theorem until each of its claims holds in all of them, by interval
// arithmetic with outward rounding. It returns a [*ProofError], with the claims proven so far, for the first claim that fails, and the
// error of ctx if that ends first. A claim takes at most a few million boxes, whatever lambda and alpha.
func (p Prover) Prove(ctx context.Context, t Theorem) (Certificate, error) {
	begin := time.Now()
	if ctx == nil {
		return Certificate{}, errors.New("theory: the context is nil")
	}
	p, err := p.withDefaults()
	if err != nil {
		return Certificate{}, err
	}
	claims, ok := theorems[t]
	if !ok {
		return Certificate{}, errors.Errorf("theory: there is no theorem %d", t)
	}
	c := Certificate{Theorem: t, Lambda: p.Lambda, Alpha: p.Alpha}
	for _, claim := range claims {
		proven, err := p.search(ctx, claim)
		if failed := (*ProofError)(nil); errors.As(err, &failed) {
			failed.Theorem = t
			proven.Failure = failed
			if claim.beyond {
				err = nil
			}
		}
		c.add(proven)
		c.Elapsed = time.Since(begin)
		if err != nil {
			return c, errors.WithStack(err)
		}
	}
	return c, nil
}

func (p Prover) withDefaults() (Prover, error) {
	if p.Lambda == (interval.Interval{}) {
		p.Lambda = decimal("1.0507009873554804934193349852946")
	}
	if p.Alpha == (interval.Interval{}) {
		p.Alpha = decimal("1.6732632423543772848170429916717")
	}
	for _, x := range []interval.Interval{p.Lambda, p.Alpha} {
		if !(x.Lo <= x.Hi && x.Width() < 1) {
			return p, errors.Errorf("theory: lambda %v, alpha %v: want short intervals", p.Lambda, p.Alpha)
		}
	}
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	p.Workers = min(p.Workers, maxWorkers)
	return p, nil
}
