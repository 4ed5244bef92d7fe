package stream

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Progress shows on a terminal, in one line, how far a run has come. In a file or a pipe it writes a line a minute. It ignores write errors. Use it
// from one goroutine.
type Progress struct {
	// W receives the output. It is a terminal if it has a method Fd whose descriptor is one.
	W io.Writer
	// Label begins the line, and Unit names the records, such as "molecules".
	Label, Unit string
	// Fraction returns the part of the source that has been read, from 0 to 1. Nil means that it is not known.
	Fraction func() float64

	begun    bool
	began    time.Time
	before   float64 // part of the source when it began
	shown    time.Time
	terminal bool
	rows     int64 // of this process
	drawn    bool
}

const (
	perTerminal = 200 * time.Millisecond
	perLine     = time.Minute
)

// Begin starts the clock, behind the records that an earlier process has answered.
func (p *Progress) Begin() {
	if p == nil || p.W == nil {
		return
	}
	now := time.Now()
	p.begun, p.began, p.shown, p.before = true, now, now, p.fraction()
	f, ok := p.W.(interface{ Fd() uintptr })
	p.terminal = ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// Add counts some more records whose answers have been written; all is the number of those of all processes.
func (p *Progress) Add(rows, all int64) {
	if p == nil || !p.begun {
		return
	}
	p.rows += rows
	now, every := time.Now(), perLine
	if p.terminal {
		every = perTerminal
	}
	if now.Sub(p.shown) < every {
		return
	}
	p.shown = now
	line := p.line(now, all)
	if p.terminal {
		fmt.Fprintf(p.W, "\r%s\x1b[K", line)
		p.drawn = true
		return
	}
	fmt.Fprintln(p.W, line)
}

// Clear removes the line: a message follows.
func (p *Progress) Clear() {
	if p != nil && p.drawn {
		fmt.Fprint(p.W, "\r\x1b[K")
		p.drawn = false
	}
}

func (p *Progress) fraction() float64 {
	if p.Fraction == nil {
		return 0
	}
	return min(1, max(0, p.Fraction()))
}

func (p *Progress) line(now time.Time, all int64) string {
	took := now.Sub(p.began).Seconds()
	line := fmt.Sprintf("%s: %d %s, %.0f a second", p.Label, all, p.Unit, float64(p.rows)/max(took, 1e-9))
	if f := p.fraction(); f > 0 {
		line += fmt.Sprintf(", %.1f %%", 100*f)
		if f > p.before && f < 1 {
			left := time.Duration((1 - f) / (f - p.before) * took * float64(time.Second))
			line += fmt.Sprintf(", %v left", left.Round(time.Second))
		}
	}
	return line
}
