package train

import (
	"context"
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress shows a bar with the current loss and validation metric. It is silent when its file is not a terminal.
type Progress struct {
	// File is where to show it. Nil means the standard error.
	File *os.File

	bar     *progressbar.ProgressBar
	started bool
}

// AfterStep implements StepCallback.
func (p *Progress) AfterStep(_ context.Context, s *State) error {
	if s.Step == 1 || !p.started { // a resumed run begins later
		p.start(s.Steps)
	}
	if p.bar == nil {
		return nil
	}
	text := fmt.Sprintf("epoch %d/%d  loss %.4f", s.Epoch, s.Epochs, s.Loss)
	if n := len(s.History.Epochs); n > 0 && s.History.Epochs[n-1].ValidationMetric != 0 {
		text += fmt.Sprintf("  validation %s %.4f", s.History.Metric, s.History.Epochs[n-1].ValidationMetric)
	}
	p.bar.Describe(text)
	return p.bar.Set(s.Step)
}

func (p *Progress) start(steps int) {
	p.bar, p.started = nil, true
	if p.File == nil {
		p.File = os.Stderr
	}
	if !term.IsTerminal(int(p.File.Fd())) {
		return
	}
	p.bar = progressbar.NewOptions(steps,
		progressbar.OptionSetWriter(p.File), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(65_000_000),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("steps"),
		progressbar.OptionFullWidth(), progressbar.OptionSetPredictTime(true))
}

// AfterEpoch implements Callback.
func (p *Progress) AfterEpoch(context.Context, *State) error { return nil }

// AtEnd removes the bar.
func (p *Progress) AtEnd(context.Context, *State) error {
	p.started = false
	if p.bar == nil {
		return nil
	}
	return p.bar.Finish()
}
