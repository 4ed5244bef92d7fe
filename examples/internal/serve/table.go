package serve

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// tableMemory bounds the table of one request in bytes.
const tableMemory = 256 << 20

// table is the task of a model of examples/tabular.
type table struct {
	encoder *csv.Encoder
	inputs  []column
	number  []bool // by input: a column of numbers
	members *members.Members
}

func loadTable(path string) (train.Ensemble, task, error) {
	t := &table{encoder: &csv.Encoder{}}
	networks, arrays, err := tabular.LoadBundle(path, t.encoder)
	if err != nil {
		return nil, nil, err
	}
	outputs, loss := len(t.encoder.Tasks()), graphs.MSE
	switch t.encoder.Problem() {
	case csv.Classes:
		outputs, loss = len(t.encoder.Classes()), graphs.CrossEntropy
	case csv.Binary:
		loss = graphs.BCE
	}
	for _, c := range t.encoder.Columns() {
		datatype := "BYTES"
		if c.Kind == csv.Numeric {
			datatype = "FP64"
		}
		t.inputs, t.number = append(t.inputs, column{c.Name, datatype}), append(t.number, c.Kind == csv.Numeric)
	}
	inputs := len(t.encoder.FeatureNames())
	if err := training.CheckNetworks(path, networks, inputs, outputs, loss); err != nil {
		return nil, nil, err
	}
	t.members, err = members.Unpack(networks[0].Metadata[members.Key], arrays, inputs, outputs)
	return networks, t, errors.Wrap(err, path)
}

func (t *table) shares(networks int) []members.Share { return t.members.Shares(networks) }
func (t *table) rule() string                        { return molecular.Odds }

func (t *table) byKind(_ context.Context, networks []float64, f *features) ([][]float64, error) {
	return t.members.Scores(networks, f.matrix)
}

func (t *table) pool(all [][]float64) ([]float64, error) { return t.members.Pool(all) }

func (t *table) kind() string      { return tabular.Program }
func (t *table) columns() []column { return t.inputs }

// rowsName stands for the rows in errors of package csv.
const rowsName = "rows"

// read reads rows as examples/tabular -predict reads a file: it writes them as one. So texts, categories and missing cells mean the same.
func (t *table) read(_ context.Context, r *rows) (*features, error) {
	for i := range r.n {
		for k := range t.inputs {
			if s := strings.TrimSpace(r.cells[i*len(t.inputs)+k]); t.number[k] {
				if v, err := strconv.ParseFloat(s, 64); v == v && (math.IsInf(v, 0) || errors.Is(err, strconv.ErrRange)) {
					return nil, badCell(i, t.inputs[k].name, "%s is not a finite number", quote(s))
				}
			}
		}
	}
	text, lines := t.file(r)
	read, err := t.encoder.ReadNewFrom(rowsName, strings.NewReader(text), csv.NewRows{Predict: true, MaxMemory: tableMemory, Setting: func(string, string) string { return "fewer rows" }})
	if err != nil {
		return nil, placed(err, lines)
	}
	set, err := t.encoder.Set(read)
	if err != nil {
		return nil, placed(err, lines)
	}
	f := &features{rows: r.n}
	if set.Len() != r.n {
		return nil, errors.Errorf("%d rows were read as %d", r.n, set.Len())
	}
	for _, notice := range t.encoder.Notices(read) {
		f.notes = append(f.notes, onLine.ReplaceAllStringFunc(notice, func(s string) string {
			line, _ := strconv.Atoi(strings.TrimPrefix(s, "on line "))
			return fmt.Sprintf("in row %d", rowOf(line, lines))
		}))
	}
	f.all = set.Features
	return f, nil
}

// file writes rows as CSV, and returns the line on which each begins. A first line names the separator, so that it is not guessed.
func (t *table) file(r *rows) (text string, lines []int) {
	var b strings.Builder
	b.WriteString("sep=,\n")
	line := 2
	write := func(cells []string) {
		lines = append(lines, line)
		for i, s := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(s, `"`, `""`) + `"`)
			line += strings.Count(s, "\n")
		}
		b.WriteByte('\n')
		line++
	}
	n := len(t.inputs)
	if t.encoder.Header() == csv.HeaderYes {
		names := make([]string, n)
		for i, c := range t.inputs {
			names[i] = c.name
		}
		write(names)
		lines = nil
		for i := range r.n {
			write(r.cells[i*n:][:n])
		}
		return b.String(), lines
	}
	place, width := make([]int, n), 0
	for i, c := range t.inputs { // columns are named by their numbers
		k, _ := strconv.Atoi(c.name)
		place[i] = max(0, k-1)
		width = max(width, k)
	}
	record := make([]string, max(1, width))
	for i := range r.n {
		for k, s := range r.cells[i*n:][:n] {
			record[place[k]] = s
		}
		write(record)
	}
	return b.String(), lines
}

var (
	// atLine matches the place in errors of package csv.
	atLine = regexp.MustCompile(`^(?:csv: )?` + rowsName + `:(\d+)(?::\d+)?: (?:column ("(?:[^"\\]|\\.)*"): )?`)
	onLine = regexp.MustCompile(`on line \d+`)
)

// placed turns an error that names a line into one that names the row and the column.
func placed(err error, lines []int) error {
	m := atLine.FindStringSubmatch(err.Error())
	if m == nil {
		return &requestError{status: 400, text: strings.TrimPrefix(err.Error(), "csv: "), row: -1}
	}
	line, _ := strconv.Atoi(m[1])
	field, _ := strconv.Unquote(m[2])
	return badCell(rowOf(line, lines), field, "%s", err.Error()[len(m[0]):])
}

// rowOf returns the row that a line belongs to.
func rowOf(line int, lines []int) int { return max(0, sort.SearchInts(lines, line+1)-1) }

func (t *table) outputs() []output {
	tasks := t.encoder.Tasks()
	floats := func(values []float64) (all []any) {
		for _, v := range values {
			all = append(all, v)
		}
		return all
	}
	switch t.encoder.Problem() {
	case csv.Classes:
		classes := t.encoder.Classes()
		return []output{
			{name: tasks[0], datatype: "BYTES", of: func(values []float64) []any { return []any{classes[best(values)]} }},
			{name: "probabilities", datatype: "FP64", width: len(classes), names: classes, of: floats},
		}
	case csv.Binary:
		return []output{{name: "probabilities", datatype: "FP64", width: len(tasks), names: tasks, of: floats}}
	}
	return []output{{name: "values", datatype: "FP64", width: len(tasks), names: tasks, of: func(values []float64) (all []any) {
		for k, v := range values {
			all = append(all, t.encoder.Value(k, v))
		}
		return all
	}}}
}

// answer returns the columns that examples/tabular -predict writes for a row.
func (t *table) answer(values []float64) map[string]any {
	tasks, a := t.encoder.Tasks(), map[string]any{}
	switch t.encoder.Problem() {
	case csv.Classes:
		classes := t.encoder.Classes()
		a[tasks[0]] = classes[best(values)]
		for k, v := range values {
			a[tasks[0]+"="+classes[k]] = v
		}
	case csv.Binary:
		for k, v := range values {
			a[tasks[k]], a[tasks[k]+"=1"] = 0, v
			if v > 0.5 {
				a[tasks[k]] = 1
			}
		}
	default:
		for k, v := range values {
			a[tasks[k]] = t.encoder.Value(k, v)
		}
	}
	return a
}

// best returns the index of the largest value, the first of several.
func best(values []float64) int {
	k := 0
	for i, v := range values {
		if v > values[k] {
			k = i
		}
	}
	return k
}
