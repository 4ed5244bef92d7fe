package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

const (
	maxText     = 20_000 // maximum bytes of a text
	maxWarnings = 50
	maxRows     = 200 // maximum rows of the table of epochs
)

// parts are the parts of the page that change while a training runs.
type parts struct {
	Title    string
	Config   []Setting
	Notes    []string
	Model    string
	Banner   string
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
	Bars     []contributionsView
	Networks *table
	Epochs   *table
	Last     string // names the network of an ensemble that curves and histograms belong to
}

// tile is a number at the top of the page.
type tile struct{ Name, Value, Note string }

func newParts(r *Run) parts {
	p := parts{
		Failure: shorten(r.Failure, maxText), Verdict: r.verdict(), Moments: momentsTable(r), Epochs: epochsTable(r), Tiles: tiles(r),
		Networks: networksTable(r), Last: r.lastNetwork(), Banner: shorten(r.Banner, maxText),
		Title: shorten(r.Title, maxName), Notes: r.Notes, Model: shorten(r.Model, maxText),
	}
	if p.Title == "" {
		p.Title = "Training"
	}
	for _, s := range r.Config {
		p.Config = append(p.Config, Setting{shorten(s.Name, maxName), shorten(s.Value, maxText)})
	}
	p.State, p.Status, p.Percent = r.state()
	if at := r.resumedAt(); at > 0 {
		p.Resumed = fmt.Sprintf("The run was interrupted and continued from a checkpoint after step %s.", grouped(at))
	}
	warnings := r.warnings()
	p.More = max(0, len(warnings)-maxWarnings)
	for _, w := range warnings[:len(warnings)-p.More] {
		p.Warnings = append(p.Warnings, shorten(w, 1000))
	}
	return p
}

// state reports how far the run is, in a word and in a text.
func (r *Run) state() (state, text string, percent int) {
	s := r.Progress
	phase := r.Phase
	if phase == "" && r.live && r.History == nil {
		phase = "reading data"
	}
	switch {
	case r.Failure != "":
		return "failed", "ended early", 0
	case s.Steps > 0 && s.Step < s.Steps && !r.ended:
		text = fmt.Sprintf("epoch %d of %d", max(1, s.Epoch), s.Epochs)
		percent = int(100 * (float64(s.Step) / float64(s.Steps)))
		if s.Step > r.resumedAt() && r.trained > 1 {
			text += ", " + r.left() + " left"
		}
		if r.Phase != "" {
			text = r.Phase + ", " + text
		}
		return "running", text, percent
	case phase != "" && !r.over:
		return "running", phase, 0
	}
	return "done", "done", 100
}

// warnings are those of all networks, each once.
func (r *Run) warnings() (all []string) {
	for _, h := range append(histories(r.Networks), r.History) {
		if h == nil {
			continue
		}
		for _, w := range h.Warnings {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

func (r *Run) resumedAt() int {
	if r.History == nil {
		return 0
	}
	return r.History.ResumedAt
}

// left is the remaining time of the network that is trained, from the time since it was started or resumed.
func (r *Run) left() string {
	s := r.Progress
	return duration(r.trained * (float64(s.Steps) - float64(s.Step)) / float64(s.Step-r.resumedAt()))
}

// tiles are the numbers known so far.
func tiles(r *Run) []tile {
	var out []tile
	add := func(name, value, note string) { out = append(out, tile{name, value, note}) }
	for _, result := range r.Results {
		if name, value, note := headline(result); value != "" {
			add(name, value, note)
			break
		}
	}
	if h := r.History; h != nil && len(h.Epochs) > 0 {
		e := h.Epochs[len(h.Epochs)-1]
		if v := kept(h); v != nil {
			when := "last epoch"
			switch {
			case h.Best > 0:
				when = fmt.Sprintf("epoch %s, which was kept", grouped(v.Number))
			case v.Number != e.Number:
				when = "epoch " + grouped(v.Number)
			}
			if hasMetric(h) && len(out) == 0 {
				add(h.Metric, significant(v.ValidationMetric), r.validation()+", "+when)
			}
			loss := v.ValidationLoss
			if mean, ok := r.networksMean(kept, func(e *callback.Epoch) float64 { return e.ValidationLoss }); ok {
				loss, when = mean, r.meanNote()
			}
			add("loss, "+r.validation(), significant(loss), when)
		}
		from, when := trained(h), "last epoch"
		if h.Best > 0 {
			when = fmt.Sprintf("epoch %s, which was kept", grouped(from.Number))
		}
		loss := from.Loss
		if mean, ok := r.networksMean(trained, func(e *callback.Epoch) float64 { return e.Loss }); ok {
			loss, when = mean, r.meanNote()
		}
		add("training loss", significant(loss), when)
	} else if r.Progress.Step > 0 {
		add("training loss", significant(r.Progress.Loss), "last step")
	}
	if s := r.Progress; s.Step > 0 {
		if n := len(r.Networks); n > 1 {
			add("steps", grouped(r.networksSteps()), fmt.Sprintf("of %s networks, up to %s epochs each", grouped(n), grouped(s.Epochs)))
		} else {
			add("steps", grouped(s.Step), r.stepsNote())
		}
	}
	if r.Seconds > 0 {
		note := ""
		if n := len(r.Networks); n > 1 {
			note = grouped(n) + " networks, "
		}
		if !r.Began.IsZero() {
			note += "since " + r.Began.Format("2006-01-02 15:04")
		}
		if r.resumedAt() > 0 {
			note = strings.TrimSpace("since it was resumed " + strings.TrimPrefix(note, "since "))
		}
		add("time", duration(r.Seconds), note)
	}
	if r.Params > 0 {
		add("weights", grouped(r.Params), "trainable")
	}
	return out
}

func (r *Run) stepsNote() string {
	s := r.Progress
	note := fmt.Sprintf("of %s in %s epochs", grouped(s.Steps), grouped(s.Epochs))
	if s.Epochs == 1 {
		note = fmt.Sprintf("of %s in 1 epoch", grouped(s.Steps))
	}
	return note
}

func (r *Run) meanNote() string { return fmt.Sprintf("mean of %s networks", grouped(len(r.Networks))) }

// kept is the epoch whose weights were kept, or the last validated one.
func kept(h *callback.History) *callback.Epoch {
	for i := range h.Epochs {
		if h.Epochs[i].Number == h.Best && h.Epochs[i].Validated {
			return &h.Epochs[i]
		}
	}
	return h.Last()
}

// trained is the epoch whose weights were kept, or the last one.
func trained(h *callback.History) *callback.Epoch {
	if e := kept(h); e != nil && h.Best > 0 {
		return e
	}
	return &h.Epochs[len(h.Epochs)-1]
}

// headline is the main number of a result.
func headline(r Result) (name, value, note string) {
	result, _, err := r.judged()
	if err != nil || result.Rows == 0 {
		return "", "", ""
	}
	m := metric.MeanROCAUC
	switch {
	case result.Kind == metric.Values:
		m = metric.RMSE
	case isClasses(result.Kind):
		m = metric.Accuracy
	}
	v, err := m.Compute(result)
	if err != nil {
		return "", "", ""
	}
	name, note = m.Name, r.Name
	if !isClasses(result.Kind) && result.Outputs > 1 {
		name = "mean " + name
		note += fmt.Sprintf(", %d tasks", result.Outputs)
	}
	if r2, err := metric.R2.Compute(result); err == nil {
		note += ", R\u00b2 " + significant(r2)
	}
	return name, significant(v), strings.TrimPrefix(note, ", ")
}

// momentsTable holds the layers at the last probe.
func momentsTable(r *Run) *table {
	if r.History == nil || len(r.History.Moments) == 0 {
		return nil
	}
	t := &table{Columns: []column{{Name: "layer"}, col("mean", "of the activations", 4), col("variance", "of the activations", 4),
		col("mean before", "of the pre-activations", 4), col("variance before", "of the pre-activations", 4),
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
