package chemtest

import (
	"compress/gzip"
	"embed"
	"encoding/csv"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"
)

//go:embed testdata
var shipped embed.FS

// Open opens reference files, named such as chem/rdkit_oracle.csv.gz, and unpacks those whose names end in .gz. It takes
// them all from the first place that has them all: the folder named by the variable SELFNORM_ORACLES, the one named by
// SELFNORM_DATA, the sample that ships with the tests. If there is none the test is skipped, but fails where
// SELFNORM_REQUIRE_DATA is set.
func Open(t testing.TB, names ...string) []io.Reader {
	t.Helper()
	var places []fs.FS
	for _, variable := range []string{"SELFNORM_ORACLES", "SELFNORM_DATA"} {
		if dir := os.Getenv(variable); dir != "" {
			places = append(places, os.DirFS(dir))
		}
	}
	sample, err := fs.Sub(shipped, "testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range append(places, sample) {
		if files := openAll(t, place, names); files != nil {
			return files
		}
	}
	if os.Getenv("SELFNORM_REQUIRE_DATA") != "" {
		t.Fatalf("no reference files %v: set SELFNORM_ORACLES or SELFNORM_DATA", names)
	}
	t.Skipf("no reference files %v: set SELFNORM_ORACLES or SELFNORM_DATA", names)
	return nil
}

// openAll opens all files in one place, nil if one is not there.
func openAll(t testing.TB, place fs.FS, names []string) []io.Reader {
	t.Helper()
	var files []io.Reader
	for _, name := range names {
		f, err := place.Open(path.Clean(name))
		if err != nil {
			return nil
		}
		t.Cleanup(func() { f.Close() })
		if !strings.HasSuffix(name, ".gz") {
			files = append(files, f)
			continue
		}
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		files = append(files, z)
	}
	return files
}

// Table is a CSV file with a header.
type Table struct {
	Rows   [][]string
	name   string
	column map[string]int
}

// Tables reads CSV files, all from the same place (see Open).
func Tables(t testing.TB, names ...string) []Table {
	t.Helper()
	tables := make([]Table, len(names))
	for k, f := range Open(t, names...) {
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", names[k], err)
		}
		if len(rows) < 2 {
			t.Fatalf("%s has no rows", names[k])
		}
		tables[k] = Table{Rows: rows[1:], name: names[k], column: map[string]int{}}
		for c, column := range rows[0] {
			tables[k].column[column] = c
		}
	}
	return tables
}

// Has reports whether there is a column of that name.
func (x Table) Has(column string) bool {
	_, ok := x.column[column]
	return ok
}

// Text returns a field.
func (x Table) Text(t testing.TB, row int, column string) string {
	t.Helper()
	k, ok := x.column[column]
	if !ok {
		t.Fatalf("%s: no column %q", x.name, column)
	}
	return x.Rows[row][k]
}

// Number returns a field as a number.
func (x Table) Number(t testing.TB, row int, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(x.Text(t, row, column), 64)
	if err != nil {
		t.Fatalf("%s: row %d, %s: %v", x.name, row+1, column, err)
	}
	return v
}
