package csv

import "sort"

// lines are the lines of the file on which the rows start. Where each row takes one line, only the first of them is kept.
type lines struct {
	runs []run
	rows int
}

// run is a run of rows on successive lines.
type run struct{ row, line int }

// runSize is the memory of a run in bytes.
const runSize = 16

// add adds the line of the next row, and returns the memory it takes.
func (l *lines) add(line int) (held int) {
	n := len(l.runs)
	if n == 0 || line-l.runs[n-1].line != l.rows-l.runs[n-1].row {
		l.runs = append(l.runs, run{l.rows, line})
		held = runSize
	}
	l.rows++
	return held
}

// of returns the line of a row.
func (l *lines) of(row int) int {
	r := l.runs[sort.Search(len(l.runs), func(i int) bool { return l.runs[i].row > row })-1]
	return r.line + row - r.row
}
