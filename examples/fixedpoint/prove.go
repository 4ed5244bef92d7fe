package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/nn/theory"
	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

// proof are the flags that ask for certificates alone.
type proof struct{ of, alphaTimes string }

// globalClaim is a claim about all networks of some weights, from far away, in decimal numbers.
type globalClaim struct {
	of, picture string
	strips      int
	// start and target have the bounds of mu and of nu, weights those of omega and of tau.
	start, target, weights [4]string
}

var (
	everywhere   = [4]string{"-1", "1", "0.02", "16"}
	domain1      = [4]string{"-0.1", "0.1", "0.8", "1.5"}
	weightsOf1   = [4]string{"-0.1", "0.1", "0.95", "1.1"}
	globalClaims = []globalClaim{
		{"global", "global", 0, everywhere, domain1, weightsOf1},
		{"open", "open", 0, [4]string{"-1", "1", "0.24", "3"}, domain1, weightsOf1},
		{"rectangles", "rectangles", 1, everywhere, domain1, weightsOf1},
		{"variance", "", 0, everywhere, [4]string{"-1", "1", "0.16", "3"}, [4]string{"-0.1", "0.1", "0.8", "1.25"}},
		{"variance", "", 0, everywhere, [4]string{"-1", "1", "0.24", "3"}, [4]string{"-0.1", "0.1", "0.9", "1.25"}},
		{"variance", "", 0, everywhere, [4]string{"-0.1", "0.2", "0.4", "2.25"}, [4]string{"-0.1", "0.1", "0.8", "1.25"}},
	}
	proofs = []string{"theorems", "global", "open", "rectangles", "variance"}
)

// register adds the flags.
func (p *proof) register(f *flag.FlagSet) {
	f.StringVar(&p.of, "prove", "", "print only certificates, and draw only with -out:\n"+
		"theorems    the paper's three\n"+
		"global      from mean -1 to 1 and variance 0.02 to 16 to the domain of theorem 1\n"+
		"open        the same from variance 0.24 to 3, between theorems 3 and 2\n"+
		"rectangles  global, with one rectangle per layer\n"+
		"variance    bounds of the variance for the weights of theorems 2 and 3")
	f.StringVar(&p.alphaTimes, "alpha-times", "1", "prove it for SELU's alpha times this number")
}

func (p *proof) checkOf() program.Check {
	return program.Check{Flag: "prove", OK: p.of == "" || slices.Contains(proofs, p.of), Got: p.of, Want: strings.Join(proofs, ", ")}
}

func (p *proof) checkAlpha() program.Check {
	x, err := interval.Decimal(p.alphaTimes)
	return program.Check{Flag: "alpha-times", OK: err == nil && x.Lo > 0 && x.Hi <= 1000 && (p.of != "" || x == interval.Point(1)), Got: p.alphaTimes,
		Want: "a positive number up to 1000, with -prove"}
}

// certify prints the certificates that were asked for, and draws what can be reached into the folder -out, if that was given among the flags. A proof that
// fails is an error, which names the box.
func (p *proof) certify(ctx context.Context, flags *flag.FlagSet, w io.Writer) error {
	dir := ""
	flags.Visit(func(f *flag.Flag) {
		if f.Name == "out" {
			dir = f.Value.String()
		}
	})
	alpha, err := interval.Decimal("1.6732632423543772848170429916717")
	times, err2 := interval.Decimal(p.alphaTimes)
	if err = program.Join(err, err2); err != nil {
		return err
	}
	prover := theory.Prover{Alpha: alpha.Mul(times)}
	if p.of == "theorems" {
		return threeTheorems(ctx, prover, w)
	}
	var files program.Files
	for _, claim := range globalClaims {
		if claim.of == p.of && claim.picture != "" && dir != "" {
			files.OutFolder("-out", dir, claim.picture+".svg", claim.picture+".png")
		}
	}
	if err := files.Try(); err != nil {
		return err
	}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	for _, claim := range globalClaims {
		if claim.of != p.of {
			continue
		}
		if err := claim.certify(ctx, prover, dir, w); err != nil {
			return err
		}
	}
	return nil
}

// threeTheorems prints the certificates of the paper's theorems.
func threeTheorems(ctx context.Context, prover theory.Prover, w io.Writer) error {
	for _, theorem := range []theory.Theorem{theory.Theorem1, theory.Theorem2, theory.Theorem3} {
		certificate, err := prover.Prove(ctx, theorem)
		if err != nil {
			return err // it names the box where the theorem fails
		}
		fmt.Fprint(w, certificate)
	}
	return nil
}

// certify prints the certificate of a claim and draws it.
func (c globalClaim) certify(ctx context.Context, prover theory.Prover, dir string, w io.Writer) error {
	var sides []interval.Interval
	for i, bounds := range [][4]string{c.start, c.target, c.weights} {
		for k := 0; k < 4; k += 2 {
			lo, err1 := interval.Decimal(bounds[k])
			hi, err2 := interval.Decimal(bounds[k+1])
			if err := program.Join(err1, err2); err != nil {
				return err
			}
			side := lo.Hull(hi)
			if i == 1 { // a target may be narrower by a rounding, but not wider
				side = interval.Interval{Lo: lo.Hi, Hi: hi.Lo}
			}
			sides = append(sides, side)
		}
	}
	certificate, err := prover.ProveGlobal(ctx, theory.Global{
		Start: theory.Region{Mu: sides[0], Nu: sides[1]}, Target: theory.Region{Mu: sides[2], Nu: sides[3]}, Omega: sides[4], Tau: sides[5], Strips: c.strips,
	})
	if certificate.Layers != nil || err == nil {
		fmt.Fprint(w, certificate)
	}
	if err != nil || dir == "" || c.picture == "" {
		return err
	}
	return errors.Wrap(drawReached(dir, c.picture, certificate), c.picture)
}
