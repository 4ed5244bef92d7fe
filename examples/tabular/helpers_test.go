package main

import (
	stdcsv "encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// command runs the program and returns its exit code and what it printed.
func command(args ...string) (code int, stdout, stderr string) { return programtest.Run(run, args...) }

// must runs the program, which must succeed, and returns what it printed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := command(args...)
	if code != 0 || stderr != "" {
		t.Fatalf("%v: exit code %d: %s", args, code, stderr)
	}
	return stdout
}

// write writes a file and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// mixed is a table of numbers, categories, gaps and names of the rows, with a class, a value and two labels that depend on them.
func mixed(rows int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("name,size,color,noise,kind,price,hot,rare\n")
	for i := range rows {
		size, color := r.NormFloat64(), []string{"red", "green", "blue"}[r.IntN(3)]
		score := size
		if color == "red" {
			score += 1.5
		}
		kind := []string{"small", "medium", "large"}[min(2, max(0, int(math.Floor(score+1))))]
		gap := func(s string) string {
			if r.IntN(15) == 0 {
				return ""
			}
			return s
		}
		fmt.Fprintf(&b, "r%d,%s,%s,%.3f,%s,%.2f,%s,%s\n", i, gap(fmt.Sprintf("%.4f", size)), gap(color), r.NormFloat64(), kind, 1000+50*score,
			gap(fmt.Sprint(map[bool]int{true: 1}[score > 0.5])), gap(fmt.Sprint(map[bool]int{true: 1}[size > 1])))
	}
	return b.String()
}

// records reads CSV.
func records(t *testing.T, text string) [][]string {
	t.Helper()
	all, err := stdcsv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// reversed is a table with the columns in reverse order, without those of the given names.
func reversed(t *testing.T, text string, without ...string) string {
	t.Helper()
	all := records(t, text)
	var b strings.Builder
	w := stdcsv.NewWriter(&b)
	for _, rec := range all {
		var out []string
		for i := len(rec) - 1; i >= 0; i-- {
			if !strings.Contains(","+strings.Join(without, ",")+",", ","+all[0][i]+",") {
				out = append(out, rec[i])
			}
		}
		if err := w.Write(out); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	return b.String()
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
