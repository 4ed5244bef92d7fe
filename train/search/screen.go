package search

import (
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/term"
)

// screen shows a search. On a terminal it writes a line per finished trial above a block that it redraws; elsewhere it writes only the
// lines.
type screen struct {
	w     io.Writer
	clock func() time.Time
	// size returns the columns and lines of the terminal. Nil means that there is none.
	size func() (columns, lines int)

	began   time.Time
	drawn   time.Time // when the block was drawn last
	height  int       // lines of the block on the terminal
	running []string  // by slot; empty if no trial runs there
	best    string    // the point last marked as the best
}

// pause is the minimum time between two drawings of the block.
const pause = 100 * time.Millisecond

func newScreen(w io.Writer, clock func() time.Time) *screen {
	s := &screen{w: w, clock: clock}
	if f, ok := w.(interface{ Fd() uintptr }); ok && term.IsTerminal(int(f.Fd())) {
		s.size = func() (int, int) {
			columns, lines, err := term.GetSize(int(f.Fd()))
			if err != nil {
				return 80, 24
			}
			return columns, lines
		}
	}
	return s
}

// show processes an event and writes the changes at once.
func (s *screen) show(e Event) {
	var b strings.Builder
	switch e.Type {
	case Began:
		s.began, s.running, s.best = s.clock(), nil, title(e.Best)
		if e.Resumed > 0 {
			fmt.Fprintf(&b, "continuing a search: %d of %d trials are done\n", e.Resumed, e.Total)
		}
	case Started:
		s.set(e.Slot, title(e.Trial))
		s.block(&b, e, false)
	case Reported:
		s.set(e.Slot, fmt.Sprintf("%s  epoch %d  %s", title(e.Trial), e.Epoch, short(e.Value)))
		s.block(&b, e, false)
	case Finished:
		s.set(e.Slot, "")
		s.erase(&b)
		s.line(&b, s.finished(e))
		s.block(&b, e, true)
	case Ended:
		s.erase(&b)
		s.line(&b, summary(e))
	}
	io.WriteString(s.w, b.String())
}

func (s *screen) set(slot int, text string) {
	for len(s.running) <= slot {
		s.running = append(s.running, "")
	}
	s.running[slot] = text
}

// block draws the block, unless it was drawn a moment ago.
func (s *screen) block(b *strings.Builder, e Event, now bool) {
	if s.size == nil || !now && s.clock().Sub(s.drawn) < pause {
		return
	}
	s.erase(b)
	s.drawn = s.clock()
	_, lines := s.size()
	state := fmt.Sprintf("%d of %d done, %d failed%s", e.Done, e.Total, e.Failed, s.left(e))
	if e.Best.Best > 0 {
		state += "; best " + outcome(e.Best) + ": " + title(e.Best)
	}
	s.line(b, state)
	s.height = 1
	more := 0
	for _, text := range s.running {
		switch {
		case text == "":
		case s.height >= lines-2:
			more++
		default:
			s.line(b, "  "+text)
			s.height++
		}
	}
	if more > 0 {
		s.line(b, fmt.Sprintf("  and %d more", more))
		s.height++
	}
}

// erase removes the block from the terminal.
func (s *screen) erase(b *strings.Builder) {
	if s.height > 0 {
		fmt.Fprintf(b, "\x1b[%dA\r\x1b[J", s.height) // up, to the left, clear what follows
		s.height = 0
	}
}

// line writes a line. On a terminal it is cut to fit, because a line that wraps could not be erased.
func (s *screen) line(b *strings.Builder, text string) {
	runes := []rune(strings.Map(printable, text))
	if s.size != nil {
		columns, _ := s.size()
		runes = runes[:min(len(runes), max(columns-1, 0))]
	}
	b.WriteString(string(runes) + "\n")
}

// printable keeps line breaks and escape sequences of error texts off the screen.
func printable(r rune) rune {
	if r < ' ' || r >= 0x7f && r < 0xa0 {
		return ' '
	}
	return r
}

func (s *screen) finished(e Event) string {
	text := fmt.Sprintf("%*d/%d  %s  %s", len(fmt.Sprint(e.Total)), e.Done, e.Total, title(e.Trial), outcome(e.Trial))
	if best := title(e.Best); e.Best.Best > 0 && best != s.best {
		s.best = best
		text += "  best so far"
	}
	if s.size == nil {
		text += s.left(e)
	}
	return text
}

// left is the remaining time, assuming that the remaining trials take as long as the finished trials of this run.
func (s *screen) left(e Event) string {
	done := e.Done - e.Resumed
	if done == 0 || e.Done == e.Total {
		return ""
	}
	perTrial := s.clock().Sub(s.began) / time.Duration(done)
	return "; " + duration(perTrial*time.Duration(e.Total-e.Done)) + " left"
}

func duration(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%ds", int(d.Seconds()))
}

func summary(e Event) string {
	text := fmt.Sprintf("%d of %d trials finished, %d failed", e.Done, e.Total, e.Failed)
	if e.Best.Best > 0 {
		text += "; best " + outcome(e.Best) + ": " + title(e.Best)
	}
	return text
}

// title names a trial.
func title(t TrialResult) string {
	switch {
	case t.Epochs > 0:
		return fmt.Sprintf("test of fold %d  %s", t.Fold, t.Point)
	case t.Fold > 0:
		return fmt.Sprintf("fold %d  %s", t.Fold, t.Point)
	}
	return t.Point.String()
}

// outcome is the result of a trial in words.
func outcome(t TrialResult) string {
	switch {
	case t.Failure != "":
		return "failed: " + t.Failure
	case t.Epochs > 0:
		return t.Values.String()
	case t.Best == 0:
		return "no score"
	}
	return fmt.Sprintf("%s at epoch %d", short(t.Score), t.Best)
}
