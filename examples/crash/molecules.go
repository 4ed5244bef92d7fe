package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/internal/output"
)

// badEvery is how many lines there are for one that is no molecule.
const badEvery = 100

// bad is the number of lines that are no molecules.
func bad(n int) int { return (n + badEvery - 1 - badEvery/2) / badEvery }

// isBad reports whether a line is no molecule.
func isBad(i int) bool { return i%badEvery == badEvery/2 }

// A molecule is changed by one of these in front of it, if it stays one.
var changes = []string{"", "C", "N", "O", "CC", "F", "Cl", "CCC", "NC", "OC", "c1ccccc1", "C(=O)", "CN", "S", "Br", "CCO", "C1CC1", "FC", "CCN", "C(C)"}

// broken are ends that make a SMILES one that cannot be read.
var broken = []string{"(", "[", "=(", "%", "[Xx]"}

// writeMolecules writes a file of n lines: the compounds of Tox21 again and again, each time with another change, and one line in a hundred
// that is none.
func writeMolecules(ctx context.Context, path string, n int) error {
	data, err := tox21.Embedded(ctx, 0)
	if err != nil {
		return err
	}
	var compounds []string
	for _, c := range data.Compounds {
		if c.Mol != nil && c.SMILES != "" {
			compounds = append(compounds, c.SMILES)
		}
	}
	return output.Write(path, func(w io.Writer) error {
		for i := range n {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			text := changed(compounds[i%len(compounds)], i/len(compounds))
			if isBad(i) {
				text += broken[i/badEvery%len(broken)]
			}
			if _, err := fmt.Fprintf(w, "%s m%d\n", text, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// changed changes a molecule, in another way each time.
func changed(text string, time int) string {
	for i := range time + 1 {
		front := ""
		for k := time + i; k > 0; k /= len(changes) {
			front += changes[k%len(changes)]
		}
		if m, err := smiles.Parse(front + text); err == nil && len(m.Atoms()) > 0 {
			return front + text
		}
	}
	return text
}

// checkAnswers returns an error unless a file of predictions answers each line of a file of molecules, once and in order, and those and only those that can be read
// by probabilities.
func checkAnswers(predictions, molecules string) error {
	p, err := os.Open(predictions)
	if err != nil {
		return errors.WithStack(err)
	}
	defer p.Close()
	m, err := os.Open(molecules)
	if err != nil {
		return errors.WithStack(err)
	}
	defer m.Close()
	rows, lines := csv.NewReader(bufio.NewReader(p)), bufio.NewScanner(m)
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil {
		return errors.Wrap(err, predictions)
	}
	for i := 0; lines.Scan(); i++ {
		row, err := rows.Read()
		if err != nil {
			return errors.Wrapf(err, "%s: row %d", predictions, i)
		}
		text, name, _ := strings.Cut(lines.Text(), " ")
		numbers := 0
		for _, v := range row[2 : len(row)-1] {
			if p, err := strconv.ParseFloat(v, 64); err == nil && p >= 0 && p <= 1 {
				numbers++
			}
		}
		want := tox21.NumTasks
		if isBad(i) {
			want = 0
		}
		if row[0] != text || row[1] != name || numbers != want || (row[len(row)-1] != "") != isBad(i) {
			return errors.Errorf("%s: row %d is %q for the line %q", predictions, i, row, lines.Text())
		}
	}
	if _, err := rows.Read(); err != io.EOF {
		return errors.Errorf("%s has more rows than %s (%v)", predictions, molecules, err)
	}
	return errors.WithStack(lines.Err())
}
