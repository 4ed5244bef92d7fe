package csv

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Tally counts what a person who uses predictions for the rows of a [Stream] may want to know. It can be saved as JSON.
type Tally struct {
	Rows int64    `json:"rows"`
	Odd  []Oddity `json:"odd,omitempty"`
}

// Oddity is something odd about some rows.
type Oddity struct {
	Column string `json:"column,omitempty"`
	What   string `json:"what"`
	Rows   int64  `json:"rows"`
	Text   string `json:"text,omitempty"` // of the first row
	Line   int    `json:"line"`           // of the first row
}

// The kinds of oddity.
const (
	oddNumber   = "no number"
	oddDate     = "no date"
	oddCategory = "unknown category"
	oddExtra    = "extra fields"
	oddFar      = "far outside"
)

// Add adds the counts of rows that follow.
func (t *Tally) Add(more Tally) {
	t.Rows += more.Rows
	for _, o := range more.Odd {
		t.add(o)
	}
}

func (t *Tally) add(o Oddity) {
	for i := range t.Odd {
		if have := &t.Odd[i]; have.Column == o.Column && have.What == o.What {
			have.Rows += o.Rows
			return
		}
	}
	t.Odd = append(t.Odd, o)
}

// Notices returns the counts in sentences, as [Encoder.Notices] does.
func (t Tally) Notices() (notices []string) {
	for _, o := range t.Odd {
		notices = append(notices, o.notice(t.Rows))
	}
	return notices
}

func (o Oddity) notice(rows int64) string {
	text := formats.Quote(o.Text)
	switch o.What {
	case oddExtra:
		return fmt.Sprintf("%d of %d lines end in empty fields for which there is no column; they are ignored.", o.Rows, rows)
	case oddFar:
		return fmt.Sprintf("Column %s: %d of %d rows are far outside the range of the rows to train on, such as %s on line %d; they count as its end. Is the unit another one?",
			formats.Quote(o.Column), o.Rows, rows, text, o.Line)
	case oddCategory:
		return fmt.Sprintf("Column %s: %d of %d rows have a category that no row to train on has, such as %s on line %d.", formats.Quote(o.Column), o.Rows, rows, text, o.Line)
	}
	what := "number"
	if o.What == oddDate {
		what = "date that can be read"
	}
	return fmt.Sprintf("Column %s: %d of %d rows have no %s but a text, such as %s on line %d; it counts as missing.", formats.Quote(o.Column), o.Rows, rows, what, text, o.Line)
}
