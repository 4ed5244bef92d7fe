package tox21

import (
	"context"
	"slices"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// ReadFile reads one file with all compounds, plain or gzip, by whatever name: the table of the DeepChem project or one as of [ReadSMILES], which
// its columns tell. Errors are as in [ReadDeepChem], and one for a file with other columns.
func ReadFile(ctx context.Context, path string, threads int) (*Data, error) {
	return readFile(ctx, path, "", threads)
}

// readFile is ReadFile for a file that must be of the given source, unless that is empty.
func readFile(ctx context.Context, path string, want Source, threads int) (*Data, error) {
	source, err := sourceOf(path)
	switch {
	case err != nil:
		return nil, errors.Wrap(err, "tox21")
	case want != "" && want != source:
		return nil, errors.Errorf("tox21: %s is of the source %q, not %q", path, source, want)
	case source == DeepChem:
		return ReadDeepChem(ctx, path, threads)
	}
	return ReadSMILES(ctx, path, threads)
}

// sourceOf returns the source of which a file has the columns.
func sourceOf(path string) (Source, error) {
	f, err := formats.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	c, err := formats.NewCSV(path, f)
	if err != nil {
		return "", err
	}
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(c.Header(), n) })
	}
	switch {
	case has("official_set"):
		return SMILESFile, nil
	case has("mol_id") || has("smiles", dashed(tasks[0])):
		return DeepChem, nil
	case has("sdftitle"):
		return "", errors.Errorf("%s: this table needs the drawings in %s; name the folder with both", path, sdfName)
	}
	return "", errors.Errorf("%s:1: neither the columns of DeepChem's table (mol_id, smiles, %s, ...) nor those of %s (id, smiles, official_set, cvfold, %s, ...)",
		path, dashed(tasks[0]), smilesName, tasks[0])
}
