package report

import (
	"fmt"
	"strings"

	"github.com/selfnorm/selfnorm/internal/english"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// tile is a number at the top of the page.
type tile struct{ Name, Value, Note string }

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
	out = append(out, curveTiles(r, len(out) == 0)...)
	if s := r.Progress; s.Step > 0 {
		add("steps", english.Thousands(r.steps()), r.stepsNote())
	}
	if r.Seconds > 0 {
		note := ""
		if !r.Began.IsZero() {
			note = "since " + r.Began.Format("2006-01-02 15:04")
		}
		if r.resumedAt() > 0 {
			note = strings.TrimSpace("since it was resumed " + strings.TrimPrefix(note, "since "))
		}
		add("time", duration(r.Seconds), note)
	}
	if r.Params > 0 {
		note := "trainable"
		if r.ensemble() {
			note += ", of each network"
		}
		add("weights", english.Thousands(r.Params), note)
	}
	return out
}

// curveTiles are the losses, and the metric if asked for, of the epochs whose weights the networks have: means over those of an ensemble.
func curveTiles(r *Run, withMetric bool) (out []tile) {
	var loss, validation, value []float64
	when, h := "last epoch", (*callback.History)(nil)
	for _, n := range r.networks() {
		e := keptEpoch(n.History)
		if e == nil {
			continue
		}
		h = n.History
		if loss = append(loss, e.Loss); h.Best > 0 {
			when = "kept epoch " + english.Thousands(e.Number)
		}
		if v := h.Last(); v != nil {
			if h.Best == 0 && v.Number != e.Number {
				when = "epoch " + english.Thousands(v.Number)
			}
			if e.Validated {
				v = e
			}
			validation, value = append(validation, v.ValidationLoss), append(value, v.ValidationMetric)
		}
	}
	if h == nil {
		if r.Progress.Step > 0 {
			out = append(out, tile{"training loss", significant(r.Progress.Loss), "last step"})
		}
		return out
	}
	if r.ensemble() {
		when = fmt.Sprintf("mean of %d networks, kept epochs", len(loss))
	}
	if len(validation) > 0 {
		if hasMetric(h) && withMetric {
			out = append(out, tile{shorten(h.Metric, maxName), significant(mean(value)), r.validation() + ", " + when})
		}
		out = append(out, tile{"loss, " + r.validation(), significant(mean(validation)), when})
	}
	return append(out, tile{"training loss", significant(mean(loss)), when + ", dropout on"})
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

// steps counts the steps of all networks.
func (r *Run) steps() int {
	n := r.Progress.Step
	for _, f := range r.Finished {
		if f.History != nil && len(f.History.Epochs) > 0 {
			n += f.History.Epochs[len(f.History.Epochs)-1].Step
		}
	}
	return n
}

func (r *Run) stepsNote() string {
	s := r.Progress
	switch {
	case r.ensemble():
		return fmt.Sprintf("of %d networks", len(r.Finished)+1)
	case s.Steps == 0:
		return ""
	case s.Step == s.Steps:
		return fmt.Sprintf("in %s epochs", english.Thousands(s.Epochs))
	case r.ended && s.Step < s.Steps:
		return fmt.Sprintf("stopped after %s of %s epochs", english.Thousands(s.Epoch), english.Thousands(s.Epochs))
	}
	return fmt.Sprintf("of %s in %s epochs", english.Thousands(s.Steps), english.Thousands(s.Epochs))
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
		note += fmt.Sprintf(", %s tasks", english.Thousands(result.Outputs))
	}
	if r2, err := metric.R2.Compute(result); err == nil {
		note += ", R\u00b2 " + significant(r2)
	}
	return name, significant(v), strings.TrimPrefix(note, ", ")
}
