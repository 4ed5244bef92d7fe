package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/attribution"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/ops/kernel"
)

// explaining are the flags of an explanation.
type explaining struct {
	explain, task, drawing string
}

func (e *explaining) register(f *flag.FlagSet) {
	f.StringVar(&e.explain, "explain", "", "a SMILES whose prediction for -task by the networks of -model is explained: what its atoms and other features contribute; -out FILE is a CSV table")
	f.StringVar(&e.task, "task", "", "task of -explain: "+strings.Join(tox21.Tasks(), ", "))
	f.StringVar(&e.drawing, "drawing", "", "SVG file for the molecule of -explain, its atoms coloured by what they contribute")
}

// index returns the index of -task, whose name may have dashes as well, or -1.
func (e *explaining) index() int {
	return slices.Index(tox21.Tasks(), strings.ReplaceAll(e.task, "-", "."))
}

// checkExplain chooses the explanation if its flag is given, and returns an error for flags that make no sense.
func (o *options) checkExplain(given map[string]bool) (chosen bool, err error) {
	if !given["explain"] {
		return false, program.CheckAll(
			program.Check{Flag: "task", OK: !given["task"], Got: o.task, Want: "-explain beside it"},
			program.Check{Flag: "drawing", OK: !given["drawing"], Got: o.drawing, Want: "-explain beside it"},
		)
	}
	o.action = explainMolecule
	if err := o.CheckUse("explain", o.explain, given, "out", "task", "drawing"); err != nil {
		return true, err
	}
	return true, program.CheckAll(program.Check{Flag: "task", OK: o.index() >= 0, Got: o.task, Want: "one of " + strings.Join(tox21.Tasks(), ", ")})
}

// explainMolecule explains the prediction for the molecule of -explain.
func explainMolecule(ctx context.Context, o options, w io.Writer) error {
	files := &program.Files{Overwrite: o.Overwrite}
	files.In("-model", o.Model)
	files.Out("-out", o.Out)
	files.Out("-drawing", o.drawing)
	if err := files.Try(); err != nil {
		return err
	}
	mol, err := parseMolecule(o.explain)
	if err != nil {
		return errors.Errorf("-explain %s: %v", short(o.explain), err)
	}
	s, err := molecular.Load(o.Model)
	if err != nil {
		return err
	}
	if s.Members != nil {
		fmt.Fprintln(o.stderr, "tox21: the ensemble has other members beside its networks; only the networks are explained")
	}
	if s.Networks[0].Metadata[molecular.Synthetic] != "" {
		fmt.Fprintln(o.stderr, "tox21: "+syntheticNote)
	}
	e, err := attribution.NewMolecules(s.Networks, s.Featurizer, kernel.Shared())
	if err != nil {
		return err
	}
	defer e.Close()
	x, err := e.Explain(ctx, mol, o.index())
	if err != nil {
		return program.MemoryHint(err)
	}
	if o.drawing != "" {
		svg, err := x.Draw()
		if err != nil {
			return err
		}
		if err := output.Write(o.drawing, func(w io.Writer) error { _, err := w.Write(svg); return err }); err != nil {
			return err
		}
	}
	if o.Out != "" {
		if err := output.Write(o.Out, x.WriteTable); err != nil {
			return err
		}
	}
	return printExplanation(program.Strict(w), x)
}

// printExplanation writes the parts of a sum, then the atoms.
func printExplanation(out io.Writer, x *attribution.Molecule) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s\tlog-odds\tprobability\t\n", x.Task)
	fmt.Fprintf(w, "baseline\t%.3f\t%.4f\t\n", x.Baseline, attribution.Probability(x.Baseline))
	names, sums := x.Parts()
	for k, name := range names {
		fmt.Fprintf(w, "%s\t%+.3f\t\t\n", name, sums[k])
	}
	fmt.Fprintf(w, "this molecule\t%.3f\t%.4f\t\n", x.Value, attribution.Probability(x.Value))
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\natom\tcontribution\t")
	for i, v := range x.Atoms {
		fmt.Fprintf(w, "%s %d\t%+.3f\t\n", chem.Symbol(x.Mol.Atoms()[i].Number), i+1, v)
	}
	return w.Flush()
}
