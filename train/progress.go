package train

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows how far a training is: epoch, loss, the last metrics of the validation data, time left and speed. On a terminal that is
// one line with a bar, which is gone when the training ends; what does not fit into it is left out. In a file or a pipe it is a line
// for each epoch. What cannot be written is not shown: the training goes on.
type Progress struct {
	// File is where to show it. Nil means the standard error.
	File *os.File

	history *History // of the run that is shown
	bar     *progressbar.ProgressBar
	begin   time.Time
	before  int // steps of the run before begin
}

// barRoom is the width of the percentage and the frame of the bar. The bar takes what the text leaves.
const barRoom = 11

// AfterStep implements StepCallback.
func (p *Progress) AfterStep(_ context.Context, s *State) error {
	p.start(s)
	if p.bar == nil {
		return nil
	}
	width, _, err := term.GetSize(int(p.File.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	p.bar.Describe(fitting(width-barRoom, p.parts(s, s.Loss)))
	p.bar.Set(s.Step)
	return nil
}

// AfterEpoch implements Callback.
func (p *Progress) AfterEpoch(_ context.Context, s *State) error {
	p.start(s)
	if p.bar == nil {
		fmt.Fprintln(p.File, strings.Join(p.parts(s, s.History.Epochs[len(s.History.Epochs)-1].Loss), "  "))
	}
	return nil
}

// AtFailure removes the bar: a message follows.
func (p *Progress) AtFailure(*State, error) {
	if p.bar != nil {
		p.bar.Clear()
	}
	p.history, p.bar = nil, nil
}

// AtEnd removes the bar.
func (p *Progress) AtEnd(context.Context, *State) error {
	if p.bar != nil {
		p.bar.Finish()
	}
	p.history, p.bar = nil, nil
	return nil
}

// start begins with a new run. Time is taken from the end of its first step, and a resumed run has steps before that.
func (p *Progress) start(s *State) {
	if p.history == s.History {
		return
	}
	p.history, p.bar, p.begin, p.before = s.History, nil, time.Now(), s.Step
	if p.File == nil {
		p.File = os.Stderr
	}
	if !term.IsTerminal(int(p.File.Fd())) || os.Getenv("TERM") == "dumb" {
		return
	}
	p.bar = progressbar.NewOptions(s.Steps, progressbar.OptionSetWriter(p.File), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(65*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false))
}

// parts are what there is to tell, the most important first.
func (p *Progress) parts(s *State, loss float64) []string {
	parts := []string{fmt.Sprintf("epoch %d/%d", s.Epoch, s.Epochs), "loss " + shown(loss)}
	metrics := lastMetrics(s)
	if len(metrics) > 0 {
		parts, metrics = append(parts, metrics[0]), metrics[1:]
	}
	if done, took := float64(s.Step-p.before), time.Since(p.begin).Seconds(); done > 0 && took > 0 {
		speed := done / took
		left := time.Duration(float64(s.Steps-s.Step) / speed * float64(time.Second))
		format := "%.0f steps/s"
		if speed < 10 {
			format = "%.2g steps/s"
		}
		parts = append(parts, fmt.Sprintf("%v left", left.Round(time.Second)), fmt.Sprintf(format, speed))
	}
	return append(parts, metrics...)
}

// lastMetrics are those of the validation data after the last epoch, if there are any, and Config.Metric first.
func lastMetrics(s *State) (parts []string) {
	n := len(s.History.Epochs)
	if n == 0 || !s.Validated {
		return nil
	}
	e := s.History.Epochs[n-1]
	if s.History.Metric != Loss.Name {
		parts = append(parts, s.History.Metric+" "+shown(e.ValidationMetric))
	}
	parts = append(parts, "validation loss "+shown(e.ValidationLoss))
	for i, v := range e.ValidationMetrics {
		parts = append(parts, s.History.Metrics[i]+" "+shown(v))
	}
	return parts
}

// shown writes a number with a width that does not change from step to step where that is possible.
func shown(v float64) string {
	if a := math.Abs(v); a == 0 || a >= 1e-3 && a < 1000 {
		return fmt.Sprintf("%.4f", v)
	}
	return fmt.Sprintf("%.3e", v)
}

// fitting joins as many parts as fit into a width, at least one.
func fitting(width int, parts []string) string {
	text := parts[0]
	for _, part := range parts[1:] {
		if len(text)+2+len(part) > width {
			break
		}
		text += "  " + part
	}
	return text
}
