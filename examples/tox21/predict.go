package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/train"
)

// predictMolecules writes the probabilities for the molecules of -predict: a table for one SMILES, CSV for a file.
func predictMolecules(ctx context.Context, o options, w io.Writer) error {
	var lines []line
	var isFile, synthetic bool
	load := func() (train.Ensemble, train.Data, error) {
		networks, featurizer, err := load(o.Model)
		if err != nil {
			return nil, nil, err
		}
		synthetic = networks[0].Metadata[syntheticKey] != ""
		if lines, isFile, err = readMolecules(o.Predict); err != nil {
			return nil, nil, err
		}
		set, err := molecules(ctx, lines, featurizer, o.Threads)
		return networks, set, err
	}
	write := func(w io.Writer, p *train.Predictions) error {
		if isFile {
			return writeCSV(w, lines, p)
		}
		return writeTable(w, p, synthetic)
	}
	return training.Predict(ctx, &o.Flags, load, write, w)
}

// line is a SMILES and its place, for error messages.
type line struct{ text, place string }

// readMolecules returns the SMILES of -predict: the first word of each line if it is a file, else the text itself.
func readMolecules(arg string) (smiles []line, isFile bool, err error) {
	info, err := os.Stat(arg)
	if err != nil || info.IsDir() {
		return []line{{arg, fmt.Sprintf("-predict %q", arg)}}, false, nil
	}
	f, err := os.Open(arg)
	if err != nil {
		return nil, true, err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for n := 1; scanner.Scan(); n++ {
		if fields := strings.Fields(scanner.Text()); len(fields) > 0 {
			smiles = append(smiles, line{fields[0], fmt.Sprintf("%s:%d", arg, n)})
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, true, errors.Wrap(err, arg)
	}
	if len(smiles) == 0 {
		return nil, true, errors.Errorf("%s holds no SMILES", arg)
	}
	return smiles, true, nil
}

func parseMolecule(text string) (*chem.Mol, error) {
	m, err := smiles.Parse(text)
	if err == nil && len(m.Atoms()) == 0 {
		err = errors.New("a molecule without atoms")
	}
	return m, err
}

// molecules returns the features of molecules, without labels.
func molecules(ctx context.Context, lines []line, featurizer *tox21.Featurizer, threads int) (*datasets.Set, error) {
	mols := make([]*chem.Mol, len(lines))
	var err error
	for i, s := range lines {
		if mols[i], err = parseMolecule(s.text); err != nil {
			return nil, errors.Wrap(err, s.place)
		}
	}
	features, err := featurizer.Transform(ctx, mols, threads)
	if err != nil {
		return nil, err
	}
	labels := make([]float32, len(lines)*tox21.NumTasks)
	for i := range labels {
		labels[i] = float32(math.NaN())
	}
	return &datasets.Set{Name: "molecules", Features: features, FeatureNames: featurizer.Names(), Tasks: tox21.Tasks(), Labels: labels}, nil
}

func writeTable(out io.Writer, p *train.Predictions, synthetic bool) error {
	if synthetic {
		fmt.Fprintln(out, "These networks were trained on SYNTHETIC data: the probabilities say nothing about this compound.")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "task\tprobability\t\n")
	for task, name := range tox21.Tasks() {
		fmt.Fprintf(w, "%s\t%.4f\t\n", name, p.Row(0)[task])
	}
	return w.Flush()
}

func writeCSV(out io.Writer, lines []line, p *train.Predictions) error {
	return program.WriteCSV(out, append([]string{"smiles"}, tox21.Tasks()...), len(lines), func(i int) []string {
		record := []string{lines[i].text}
		for _, v := range p.Row(i) {
			record = append(record, fmt.Sprintf("%.6f", v))
		}
		return record
	})
}
