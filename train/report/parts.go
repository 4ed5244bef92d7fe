package report

import (
	"fmt"
	"math"
	"time"

	"github.com/selfnorm/selfnorm/internal/english"
)

const (
	maxText     = 20_000 // maximum bytes of a text
	maxWarnings = 50
	maxRows     = 200 // maximum rows of the table of epochs
)

// parts are the parts of the page that change while a training runs.
type parts struct {
	State    string // running, done or failed
	Status   string
	Percent  int
	Failure  string
	Resumed  string // reports that the run was interrupted
	Tiles    []tile
	Warnings []string
	More     int // warnings left out
	Verdict  string
	Results  []resultView
	Moments  *table
	Epochs   *table
	Networks *table

	Synthetic bool
	Config    []Setting
	Notes     []string
	Model     string
}

func newParts(r *Run) parts {
	p := parts{Failure: shorten(r.Failure, maxText), Verdict: r.verdict(), Moments: momentsTable(r), Epochs: epochsTable(r), Tiles: tiles(r),
		Networks: networksTable(r), Synthetic: r.Synthetic, Notes: r.Notes, Model: shorten(r.Model, maxText)}
	for _, s := range r.Config {
		p.Config = append(p.Config, Setting{shorten(s.Name, maxName), shorten(s.Value, maxText)})
	}
	p.State, p.Status = r.state()
	if p.State == "running" && !r.waiting && r.Stage == "" {
		p.Percent = int(100 * r.fraction())
	}
	if at := r.resumedAt(); at > 0 {
		p.Resumed = fmt.Sprintf("The run was interrupted and continued from a checkpoint after step %s.", english.Thousands(at))
	}
	warnings := r.warnings()
	if p.More = max(0, len(warnings)-maxWarnings); p.More > 0 {
		warnings = warnings[:maxWarnings]
	}
	for _, w := range warnings {
		p.Warnings = append(p.Warnings, shorten(w, 1000))
	}
	return p
}

// warnings are those of all networks, each once, with the name of the first network that it was given for.
func (r *Run) warnings() (out []string) {
	seen := map[string]bool{}
	for _, n := range r.networks() {
		for _, w := range n.History.Warnings {
			if seen[w] {
				continue
			}
			seen[w] = true
			if r.ensemble() {
				w = n.Name + ": " + w
			}
			out = append(out, w)
		}
	}
	return out
}

// state returns the kind of the state, and a text for people.
func (r *Run) state() (kind, text string) {
	s := r.Progress
	trains := s.Steps > 0 && s.Step < s.Steps && !r.ended
	switch {
	case r.Failure != "":
		return "failed", "ended early"
	case r.closed:
		return "done", "done"
	case r.Stage != "":
		return "running", shorten(r.Stage, maxName)
	case r.waiting:
		return "running", "waiting for the training"
	case !trains && r.position() >= len(r.Networks):
		return "done", "done"
	}
	if r.ensemble() {
		text = r.current() + ": "
	}
	text += fmt.Sprintf("epoch %s of %s", english.Thousands(max(1, s.Epoch)), english.Thousands(s.Epochs))
	if s.Step > r.resumedAt() && r.Seconds > 1 {
		text += ", " + r.left() + " left"
	}
	return "running", text
}

// over reports whether the current training has ended.
func (r *Run) over() bool {
	return r.ended || r.closed || r.Failure != "" || !r.waiting && r.Progress.Step >= r.Progress.Steps
}

// fraction is the part of the steps of all networks that is done.
func (r *Run) fraction() float64 {
	part := 0.0
	if r.Progress.Steps > 0 {
		part = float64(r.Progress.Step) / float64(r.Progress.Steps)
	}
	if n := len(r.Networks); n > 1 {
		return (float64(r.position()-1) + part) / float64(n)
	}
	return part
}

func (r *Run) resumedAt() int {
	if r.History == nil {
		return 0
	}
	return r.History.ResumedAt
}

// left is the remaining time of a running training, and of those of the networks after it.
func (r *Run) left() string {
	s, taken := r.Progress, r.taken // since it was started or resumed
	if taken == 0 {
		taken = r.Seconds
	}
	step := taken / float64(s.Step-r.resumedAt())
	return duration(step * (float64(s.Steps) - float64(s.Step) + float64(s.Steps)*float64(max(0, len(r.Networks)-r.position()))))
}

// momentsTable holds the layers at the last probe.
func momentsTable(r *Run) *table {
	if r.History == nil || len(r.History.Moments) == 0 {
		return nil
	}
	t := &table{Columns: []column{{Name: "layer"}, col("mean", "of the activations", 4), col("variance", "of the activations", measured),
		col("mean before", "of the pre-activations", 4), col("variance before", "of the pre-activations", measured),
		col("omega", "sum of a unit's weights, mean over the units", 4), col("tau", "sum of their squares, mean over the units", 4)}}
	for i, l := range r.History.Moments[len(r.History.Moments)-1].Layers {
		if i == maxRows {
			break
		}
		t.add(shorten(l.Name, maxName), l.Mean, l.Variance, l.PreMean, l.PreVariance, l.Omega, l.Tau)
	}
	return t
}

// duration formats a time for people.
func duration(seconds float64) string {
	if !(math.Abs(seconds) < 1e9) { // more than 30 years, or not a number
		return significant(seconds) + " s"
	}
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", seconds)
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", seconds)
	case d < time.Hour:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %02d min", int(d.Hours()), int(d.Minutes())%60)
}
