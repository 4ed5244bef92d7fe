package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/molfiles"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/examples/internal/answers"
)

// The name of the standard input in flags, and in errors.
const standardInput, standardInputName = "-", "standard input"

// stdin is the standard input.
var stdin io.Reader = os.Stdin

// molecules are those of -predict: one that was given as a SMILES, or a file.
type molecules struct {
	one   *chem.Mol
	name  string // of the file
	input *answers.Input
	*molfiles.Reader
}

// findMolecules returns the molecules that -predict names. A file of that name comes before a SMILES; notes says so.
func findMolecules(ctx context.Context, arg string, notes io.Writer) (*molecules, error) {
	if arg == standardInput {
		return openMolecules(answers.StandardInput(ctx, standardInputName, stdin))
	}
	info, err := os.Stat(arg)
	m, syntaxErr := parseMolecule(arg)
	switch {
	case err == nil && !info.IsDir():
		if syntaxErr == nil {
			fmt.Fprintf(notes, "tox21: -predict %s: there is a file of this name, which is read; it is not taken as a SMILES\n", arg)
		}
		input, err := answers.OpenInput(ctx, arg)
		if err != nil {
			return nil, err
		}
		return openMolecules(input)
	case syntaxErr == nil:
		return &molecules{one: m}, nil
	case err == nil:
		return nil, errors.Errorf("-predict %s: no such file, and no SMILES: it is a folder", arg)
	case errors.Is(err, fs.ErrPermission):
		return nil, errors.Errorf("-predict: %v", err)
	}
	return nil, errors.Errorf("-predict %s: no such file, and no SMILES: %v", short(arg), syntaxErr)
}

func openMolecules(input *answers.Input) (*molecules, error) {
	m := &molecules{name: input.Name, input: input}
	rows, err := input.Parquet()
	switch {
	case err != nil:
	case rows != nil:
		m.Reader, err = molfiles.FromRows(input.Name, rows)
	default:
		m.Reader, err = molfiles.New(input.Name, input)
	}
	if err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// Close closes the file.
func (m *molecules) Close() { m.input.Close() }

// parseMolecule reads a SMILES, which a name may follow.
func parseMolecule(text string) (*chem.Mol, error) {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		text = text[:i]
	}
	m, err := smiles.Parse(text)
	if err == nil && len(m.Atoms()) == 0 {
		err = errors.New("a molecule without atoms")
	}
	return m, err
}

// short cuts a long argument for an error.
func short(arg string) string {
	const most = 100
	if len(arg) <= most {
		return arg
	}
	return strings.ToValidUTF8(arg[:most], "") + "..."
}
