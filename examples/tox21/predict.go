package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// predict prints the probabilities for the molecules of -predict: a table for one SMILES, CSV for a file.
func predict(ctx context.Context, o options, w io.Writer) error {
	lines, isFile, err := readMolecules(o.predict)
	if err != nil {
		return err
	}
	mols := make([]*chem.Mol, len(lines))
	for i, s := range lines {
		if mols[i], err = parseMolecule(s.text); err != nil {
			return errors.Wrap(err, s.place)
		}
	}
	model, err := load(o.out)
	if err != nil {
		return err
	}
	probabilities, err := model.predict(ctx, mols, o.Threads)
	if err != nil {
		return err
	}
	if isFile {
		return writeCSV(w, lines, probabilities)
	}
	return writeTable(w, model, probabilities)
}

// line is a SMILES and where it stands.
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

// predict returns the mean of the networks' probabilities, one row of tasks per molecule.
func (s *saved) predict(ctx context.Context, mols []*chem.Mol, threads int) ([]float64, error) {
	features, err := s.featurizer.Transform(ctx, mols, threads)
	if err != nil {
		return nil, err
	}
	p, err := s.networks.Predict(ctx, unlabelled{features}, kernel.Shared())
	if err != nil {
		return nil, err
	}
	return p.Values, nil
}

// unlabelled are features to predict on.
type unlabelled struct{ datasets.Features }

func (u unlabelled) Len() int    { rows, _ := u.Dims(); return rows }
func (u unlabelled) Inputs() int { _, cols := u.Dims(); return cols }

func (u unlabelled) Gather(rows []int, x, y, weights *tensor.Dense) error {
	if y != nil || weights != nil {
		return errors.New("there are no labels")
	}
	u.Features.Gather(x.Float32s(), u.Inputs(), rows)
	return nil
}

func writeTable(out io.Writer, s *saved, probabilities []float64) error {
	if s.synthetic {
		fmt.Fprintln(out, "These networks were trained on SYNTHETIC data: the numbers say nothing about this compound.")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "task\tprobability\t\n")
	for task, name := range tox21.Tasks() {
		fmt.Fprintf(w, "%s\t%.4f\t\n", name, probabilities[task])
	}
	return w.Flush()
}

func writeCSV(out io.Writer, lines []line, probabilities []float64) error {
	w := csv.NewWriter(out)
	if err := w.Write(append([]string{"smiles"}, tox21.Tasks()...)); err != nil {
		return err
	}
	for i, s := range lines {
		record := []string{s.text}
		for task := range tox21.NumTasks {
			record = append(record, fmt.Sprintf("%.6f", probabilities[i*tox21.NumTasks+task]))
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
