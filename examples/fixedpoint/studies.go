package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/nn/theory"
)

// studies are the flags that ask another question than the program without them does.
type studies struct {
	fixed                          []theory.Moments
	bounds, init, perturb, density bool
	epochs, repeats, training      int
	synthetic                      bool
}

// study is the answer to such a question.
type study struct {
	flag  string
	asked bool
	// files are the names of the pictures, without .svg and .png.
	files []string
	run   func(context.Context, options, io.Writer) error
}

// register adds the flags.
func (s *studies) register(f *flag.FlagSet) {
	f.Func("fixed", "mean,variance of a fixed point to prove theorems about; may be repeated", s.addFixed)
	f.BoolVar(&s.bounds, "bounds", false, "certified bounds of the derivatives of the Jacobian, table A6 of the paper")
	f.BoolVar(&s.init, "init", false, "compare normal, truncated normal and uniform weights")
	f.BoolVar(&s.perturb, "perturb", false, "follow a perturbation of the first layer through layers and steps")
	f.BoolVar(&s.density, "density", false, "draw the density of pre-activations before and after training on Tox21, Figure A8")
	f.IntVar(&s.epochs, "epochs", 0, "epochs of the trained networks of -init, -perturb and -density; 0 means 10, 2 and 40")
	f.IntVar(&s.training, "training", 0, "rows that they are trained on; 0 means all")
	f.BoolVar(&s.synthetic, "synthetic", false, "train -init, -perturb and -density on made-up data instead of the real ones")
	f.IntVar(&s.repeats, "repeats", 5, "trained networks for each initialization of -init")
}

// addFixed adds a fixed point.
func (s *studies) addFixed(text string) error {
	mean, variance, ok := strings.Cut(text, ",")
	m, err1 := strconv.ParseFloat(mean, 64)
	v, err2 := strconv.ParseFloat(variance, 64)
	if !ok || err1 != nil || err2 != nil {
		return errors.New("want mean,variance such as 0,2")
	}
	s.fixed = append(s.fixed, theory.Moments{Mean: m, Variance: v})
	return nil
}

// all lists the studies.
func (s *studies) all() []study {
	return []study{
		{"fixed", len(s.fixed) > 0, nil, otherFixedPoints},
		{"bounds", s.bounds, nil, derivativeBounds},
		{"init", s.init, []string{"init"}, compareInitializations},
		{"perturb", s.perturb, []string{"perturb"}, followPerturbations},
		{"density", s.density, []string{"density"}, preActivations},
	}
}

// chosen returns the study that is asked for, or nil.
func (s *studies) chosen() *study {
	for _, x := range s.all() {
		if x.asked {
			return &x
		}
	}
	return nil
}

// some returns the rows to train on, the first ones unless all are.
func (s *studies) some(rows []int) []int {
	if s.training > 0 && s.training < len(rows) {
		return rows[:s.training]
	}
	return rows
}

// check returns an error for flags that make no sense.
func (s *studies) check() error {
	first := ""
	for _, x := range s.all() {
		if x.asked && first != "" {
			return errors.Errorf("-%s: want it without -%s", x.flag, first)
		}
		if x.asked {
			first = x.flag
		}
	}
	return program.CheckAll(
		program.Check{Flag: "epochs", OK: s.epochs >= 0 && s.epochs <= 1000, Got: s.epochs, Want: "0 to 1000"},
		program.Check{Flag: "training", OK: s.training == 0 || s.training >= 100, Got: s.training, Want: "0, or at least 100"},
		program.Check{Flag: "repeats", OK: s.repeats >= 1 && s.repeats <= 100, Got: s.repeats, Want: "1 to 100"},
	)
}

// conduct answers the question of a study, and tries its outputs first.
func (o options) conduct(ctx context.Context, s study, w io.Writer) error {
	if len(s.files) > 0 {
		var files program.Files
		var names []string
		for _, name := range s.files {
			names = append(names, name+".svg", name+".png")
		}
		files.OutFolder("-out", o.out, names...)
		if err := files.Try(); err != nil {
			return err
		}
		if err := os.MkdirAll(o.out, 0o777); err != nil {
			return errors.Wrap(err, "-out")
		}
	}
	return s.run(ctx, o, w)
}

// picture is the path of a picture in the folder -out, without .svg and .png.
func (o options) picture(name string) string { return filepath.Join(o.out, name) }
