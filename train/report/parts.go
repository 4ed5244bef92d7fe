package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/selfnorm/selfnorm/train/metric"
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
}

// tile is a number at the top of the page.
type tile struct{ Name, Value, Note string }

func newParts(r *Run) parts {
	p := parts{Failure: shorten(r.Failure, maxText), Verdict: r.verdict(), Moments: momentsTable(r), Epochs: epochsTable(r), Tiles: tiles(r)}
	s := r.Progress
	switch {
	case r.Failure != "":
		p.State, p.Status = "failed", "ended early"
	case s.Steps > 0 && s.Step < s.Steps && !r.ended:
		p.State, p.Status = "running", fmt.Sprintf("epoch %d of %d", max(1, s.Epoch), s.Epochs)
		p.Percent = int(100 * (float64(s.Step) / float64(s.Steps)))
		if s.Step > r.resumedAt() && r.Seconds > 1 {
			p.Status += ", " + r.left() + " left"
		}
	default:
		p.State, p.Status = "done", "done"
	}
	if at := r.resumedAt(); at > 0 {
		p.Resumed = fmt.Sprintf("The run was interrupted and continued from a checkpoint after step %s.", grouped(at))
	}
	if r.History != nil {
		for i, w := range r.History.Warnings {
			if i == maxWarnings {
				p.More = len(r.History.Warnings) - i
				break
			}
			p.Warnings = append(p.Warnings, shorten(w, 1000))
		}
	}
	return p
}

func (r *Run) resumedAt() int {
	if r.History == nil {
		return 0
	}
	return r.History.ResumedAt
}

// left is the remaining time of a running training. Seconds is the time since it was started or resumed.
func (r *Run) left() string {
	s := r.Progress
	return duration(r.Seconds * (float64(s.Steps) - float64(s.Step)) / float64(s.Step-r.resumedAt()))
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
		if v := h.Last(); v != nil {
			when := "last epoch"
			if v.Number != e.Number {
				when = fmt.Sprintf("epoch %d", v.Number)
			}
			if hasMetric(h) && len(out) == 0 {
				add(h.Metric, significant(v.ValidationMetric), r.validation()+", "+when)
			}
			add("loss, "+r.validation(), significant(v.ValidationLoss), when)
		}
		add("training loss", significant(e.Loss), "last epoch")
	} else if r.Progress.Step > 0 {
		add("training loss", significant(r.Progress.Loss), "last step")
	}
	if s := r.Progress; s.Step > 0 {
		add("steps", grouped(s.Step), fmt.Sprintf("of %s in %d epochs", grouped(s.Steps), s.Epochs))
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
		add("weights", grouped(r.Params), "trainable")
	}
	return out
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

// significant formats a number with four digits.
func significant(v float64) string {
	if !finite(v) {
		return "\u2013"
	}
	if math.Abs(v) >= 0.001 && math.Abs(v) < 10 {
		return strconv.FormatFloat(v, 'f', 4, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// grouped formats an integer with thin spaces between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}
