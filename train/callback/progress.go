package callback

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/schollz/progressbar/v3"
	"github.com/selfnorm/selfnorm/train/metric"
	"golang.org/x/term"
)

// Progress shows how far a run has come: epoch, loss, the last metrics of the validation data, time left and speed. On a terminal it draws
// one line with a bar, omits the parts that do not fit, and removes the line at the end. In a file or a pipe it writes a line for each
// epoch. It ignores write errors: the training continues.
type Progress struct {
	// File receives the output. Nil means standard error.
	File *os.File

	bar    *progressbar.ProgressBar
	begin  time.Time
	before int  // steps of the run before begin
	timed  bool // begin is set
}

// barRoom is the width of the percentage and the frame of the bar. The bar takes what the text leaves.
const barRoom = 11

var (
	_ StartCallback   = (*Progress)(nil)
	_ StepCallback    = (*Progress)(nil)
	_ EpochCallback   = (*Progress)(nil)
	_ EndCallback     = (*Progress)(nil)
	_ FailureCallback = (*Progress)(nil)
)

// AtStart implements StartCallback.
func (p *Progress) AtStart(_ context.Context, s *State) error {
	if p == nil || s == nil {
		return errors.New("progress: there is no run; give it to train.Fit")
	}
	p.bar, p.timed = nil, false
	if p.File == nil {
		p.File = os.Stderr
	}
	if s.Resumed {
		fmt.Fprintf(p.File, "resumed after step %d of %d\n", s.Step, s.Steps)
	}
	if !term.IsTerminal(int(p.File.Fd())) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p.bar = progressbar.NewOptions(s.Steps, progressbar.OptionSetWriter(p.File), progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(65*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(false))
	return nil
}

// AfterStep implements StepCallback.
func (p *Progress) AfterStep(_ context.Context, s *State) error {
	if p == nil || s == nil {
		return nil
	}
	if !p.timed { // the first step, which builds the graphs, is slower than the others
		p.timed, p.begin, p.before = true, time.Now(), s.Step
	}
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

// AfterEpoch implements EpochCallback.
func (p *Progress) AfterEpoch(_ context.Context, s *State) error {
	if e := s.LastEpoch(); p != nil && p.bar == nil && e != nil && p.File != nil {
		fmt.Fprintln(p.File, strings.Join(p.parts(s, e.Loss), "  "))
	}
	return nil
}

// AtFailure removes the bar: a message follows.
func (p *Progress) AtFailure(*State, error) {
	if p != nil && p.bar != nil {
		p.bar.Clear()
		p.bar = nil
	}
}

// AtEnd removes the bar.
func (p *Progress) AtEnd(context.Context, *State) error {
	if p != nil && p.bar != nil {
		p.bar.Finish()
		p.bar = nil
	}
	return nil
}

// parts are the parts of the line, the most important first.
func (p *Progress) parts(s *State, loss float64) []string {
	parts := []string{fmt.Sprintf("epoch %d/%d", s.Epoch, s.Epochs), "loss " + shown(loss)}
	metrics := lastMetrics(s)
	if len(metrics) > 0 {
		parts, metrics = append(parts, metrics[0]), metrics[1:]
	}
	if done, took := float64(s.Step-p.before), time.Since(p.begin).Seconds(); p.timed && done > 0 && took > 0 {
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

// lastMetrics are those of the validation data after the last validated epoch, if there is one, and Config.Metric first.
func lastMetrics(s *State) (parts []string) {
	e := s.History.Last()
	if e == nil {
		return nil
	}
	if s.History.Metric != metric.Loss.Name {
		parts = append(parts, s.History.Metric+" "+shown(e.ValidationMetric))
	}
	parts = append(parts, "validation loss "+shown(e.ValidationLoss))
	for i, v := range e.ValidationMetrics {
		if i < len(s.History.Metrics) {
			parts = append(parts, s.History.Metrics[i]+" "+shown(v))
		}
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
