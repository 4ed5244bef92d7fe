package main

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// A large table has 30 columns of the kinds that it should have, is the same each time, and a longer one begins like a shorter one.
func TestLargeTable(t *testing.T) {
	code, text, stderr := programtest.Run(run, "-large", "300")
	_, more, _ := programtest.Run(run, "-large", "400")
	if code != 0 || stderr != "" || !strings.HasPrefix(more, text) {
		t.Fatalf("exit code %d: %s; the longer table begins like the shorter one: %t", code, stderr, strings.HasPrefix(more, text))
	}
	table, err := csv.ReadFrom("large.csv", strings.NewReader(text), csv.Options{Targets: []string{"label"}, Auto: true})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[csv.Kind]int{}
	for _, c := range table.Columns() {
		kinds[c.Kind]++
	}
	if table.Len() != 300 || kinds[csv.Numeric] != numberColumns || kinds[csv.Categorical] != 3 || table.Problem() != csv.Classes {
		t.Errorf("%d rows, columns %v, problem %s", table.Len(), kinds, table.Problem())
	}
}
