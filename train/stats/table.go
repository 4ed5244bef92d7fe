package stats

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/pkg/errors"
)

// Table is a table of results that can be written as Markdown, CSV or aligned text.
type Table struct {
	Columns []Column
	// Rows hold one cell per column: a string, a number, or anything that fmt can print. nil and NaN give an empty cell.
	Rows [][]any
}

// Column describes a column.
type Column struct {
	Name string
	// Format is the fmt verb for the numbers of the column, such as "%.4f". Empty means four significant digits for floats. CSV does not
	// use it.
	Format string
	// Right aligns a text column to the right. Columns of numbers are always aligned to the right.
	Right bool
}

// Add appends a row. A nil table stays without rows, and to write it is an error.
func (t *Table) Add(cells ...any) {
	if t != nil {
		t.Rows = append(t.Rows, cells)
	}
}

// missing stands for an empty cell in Markdown and text.
const missing = "-"

// Markdown writes the table in the syntax of GitHub, padded so that the source is readable too.
func (t *Table) Markdown(w io.Writer) error {
	lines, right, err := t.cells(escapeMarkdown)
	if err != nil {
		return err
	}
	var b strings.Builder
	widths := widthsOf(lines, 3)
	for i, line := range lines {
		for j, cell := range line {
			fmt.Fprintf(&b, "| %s ", pad(cell, widths[j], right[j]))
		}
		b.WriteString("|\n")
		if i > 0 {
			continue
		}
		for j := range line {
			rule := strings.Repeat("-", widths[j])
			if right[j] {
				rule = rule[1:] + ":"
			}
			fmt.Fprintf(&b, "| %s ", rule)
		}
		b.WriteString("|\n")
	}
	return writeAll(w, b.String())
}

// Text writes the table in columns that are two spaces apart, under a line of dashes.
func (t *Table) Text(w io.Writer) error {
	lines, right, err := t.cells(oneLine)
	if err != nil {
		return err
	}
	var b strings.Builder
	widths := widthsOf(lines, 0)
	for i, line := range lines {
		writeLine(&b, line, widths, right)
		if i == 0 {
			dashes := make([]string, len(line))
			for j, width := range widths {
				dashes[j] = strings.Repeat("-", width)
			}
			writeLine(&b, dashes, widths, right)
		}
	}
	return writeAll(w, b.String())
}

// CSV writes the table for other programs, with numbers in full precision and empty cells left empty.
func (t *Table) CSV(w io.Writer) error {
	if err := t.check(); err != nil {
		return err
	}
	if w == nil {
		return errNoWriter
	}
	c := csv.NewWriter(w)
	line := make([]string, len(t.Columns))
	for j, column := range t.Columns {
		line[j] = column.Name
	}
	if err := c.Write(line); err != nil {
		return errors.Wrap(err, "stats: table")
	}
	for _, row := range t.Rows {
		for j, cell := range row {
			line[j] = exactly(cell)
		}
		if err := c.Write(line); err != nil {
			return errors.Wrap(err, "stats: table")
		}
	}
	c.Flush()
	return errors.Wrap(c.Error(), "stats: table")
}

var errNoWriter = errors.New("stats: table: the writer is nil")

func writeAll(w io.Writer, text string) error {
	if w == nil {
		return errNoWriter
	}
	_, err := io.WriteString(w, text)
	return errors.Wrap(err, "stats: table")
}

// markdown escapes characters that would end a cell or start markup.
var markdown = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "`", "\\`", "<", `\<`)

func escapeMarkdown(s string) string { return markdown.Replace(oneLine(s)) }

// oneLine puts text with line breaks on one line.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, isBreak), " ") }

func isBreak(r rune) bool { return r == '\n' || r == '\r' }

func widthsOf(lines [][]string, least int) []int {
	widths := make([]int, len(lines[0]))
	for j := range widths {
		widths[j] = least
		for _, line := range lines {
			widths[j] = max(widths[j], utf8.RuneCountInString(line[j]))
		}
	}
	return widths
}

func pad(s string, width int, right bool) string {
	spaces := strings.Repeat(" ", width-utf8.RuneCountInString(s))
	if right {
		return spaces + s
	}
	return s + spaces
}

func writeLine(b *strings.Builder, line []string, widths []int, right []bool) {
	var text strings.Builder
	for j, cell := range line {
		if j > 0 {
			text.WriteString("  ")
		}
		text.WriteString(pad(cell, widths[j], right[j]))
	}
	b.WriteString(strings.TrimRight(text.String(), " ") + "\n")
}
