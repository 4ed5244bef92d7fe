package main

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// page holds the rows of docs/paper.md.
type page struct {
	rows []row
	// kernels are those with which the kept results were computed, such as avx512. On others the same trials differ in the last digits.
	kernels string
}

// row is a line of a table that has a column Command.
type row struct {
	line       int
	item, text string
	command    []string // nil if the row has none
	figures    []string // numbers of the column Ours that the command prints
	results    []string // kept files or folders of a search, relative to the root of the project
}

var (
	code        = regexp.MustCompile("`([^`]+)`")
	resultsLink = regexp.MustCompile(`\]\((results/[^)#]+)\)`)
	kernelsSaid = regexp.MustCompile("with the `(\\w+)` kernels")
	shellSyntax = regexp.MustCompile(`[|;&<>$'"*?()\\]`)
)

// parsePage reads the tables of a page.
func parsePage(text string) (page, error) {
	var p page
	if m := kernelsSaid.FindStringSubmatch(text); m != nil {
		p.kernels = m[1]
	}
	var columns []string // of the table
	for i, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			columns = nil
			continue
		}
		cells := cellsOf(line)
		if columns == nil {
			columns = lower(cells)
			continue
		}
		if strings.HasPrefix(cells[0], "---") || !slices.Contains(columns, "command") {
			continue
		}
		if len(cells) != len(columns) {
			return p, errors.Errorf("line %d: %d cells below %d columns", i+1, len(cells), len(columns))
		}
		r := row{line: i + 1, item: cells[0], text: line}
		if err := r.parse(columns, cells); err != nil {
			return p, errors.Wrapf(err, "line %d", i+1)
		}
		p.rows = append(p.rows, r)
	}
	if len(p.rows) == 0 {
		return p, errors.New("no table with a column Command")
	}
	return p, nil
}

// parse reads the cells of a row.
func (r *row) parse(columns, cells []string) error {
	for i, column := range columns {
		spans := code.FindAllStringSubmatch(cells[i], -1)
		switch column {
		case "command":
			if len(spans) > 1 {
				return errors.Errorf("%d commands in one row", len(spans))
			}
			if len(spans) == 0 {
				continue
			}
			line := spans[0][1]
			if !strings.HasPrefix(line, "go run ") && !strings.HasPrefix(line, "go test ") {
				return errors.Errorf("%q does not begin with go run or go test", line)
			}
			if shellSyntax.MatchString(line) {
				return errors.Errorf("%q needs a shell", line)
			}
			r.command = strings.Fields(line)
		case "ours":
			for _, s := range spans {
				r.figures = append(r.figures, s[1])
			}
		}
	}
	for _, link := range resultsLink.FindAllStringSubmatch(r.text, -1) {
		r.results = append(r.results, path.Join("docs", link[1]))
	}
	return nil
}

func (r row) commandLine() string { return strings.Join(r.command, " ") }

// cellsOf returns the cells of a line of a table, without the spaces around them.
func cellsOf(line string) (cells []string) {
	line = strings.TrimSuffix(strings.TrimSpace(line), "|")
	for _, cell := range strings.Split(strings.TrimPrefix(line, "|"), "|") {
		cells = append(cells, strings.TrimSpace(cell))
	}
	return cells
}

func lower(cells []string) []string {
	out := slices.Clone(cells)
	for i := range out {
		out[i] = strings.ToLower(out[i])
	}
	return out
}
