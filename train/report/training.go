package report

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/metric"
)

// The keys of the lines of the training loss.
const eachStep, epochMean = "training, each step", "training, mean of the epoch"

// trainingGroup are the curves of loss, metrics and learning rate. It is nil if there are none.
func trainingGroup(r *Run, limit int) *group {
	g := &group{ID: "training"}
	h := r.History
	if h == nil {
		h = &train.History{}
	}
	x := epochSteps(h.Epochs)
	g.add(lossChart(r, h, x, limit))
	g.add(metricChart(r, h, x, limit))
	if rates := epochValues(h.Epochs, func(e train.Epoch) float64 { return e.Rate }); varies(rates) {
		c := chart{ID: "rate", Title: "Learning rate", Note: "Factor of the learning rate, by schedule and callbacks.",
			X: axis{Name: "step"}, Y: axis{Name: "factor", Fixed: true}}
		c.line("factor", "", x, rates, limit)
		g.add(c)
	}
	if len(g.Charts) == 0 {
		return nil
	}
	for i, key := range []string{eachStep, epochMean, r.validation(), "factor"} {
		g.Legend = append(g.Legend, entry{Key: key, Color: []int{5, 0, 1, 2}[i]})
	}
	for i, name := range h.Metrics {
		g.Legend = append(g.Legend, entry{Key: name, Color: 3 + i})
	}
	return g
}

// lossChart shows the loss of the steps, of the epochs, and of the validation data.
func lossChart(r *Run, h *train.History, x []float64, limit int) chart {
	c := chart{ID: "loss", Title: "Loss", X: axis{Name: "step"}, Y: axis{Name: "loss"}}
	if s, ok := stepLosses(r.Losses, limit); ok {
		c.Series = append(c.Series, s)
		c.Note = "The training loss is taken with dropout on."
		if len(s.Low) > 0 {
			c.Note += " The area spans the steps of which the thin line is the mean."
		}
	}
	c.line(epochMean, "", x, epochValues(h.Epochs, func(e train.Epoch) float64 { return e.Loss }), limit)
	if hasValidation(h) {
		c.line(r.validation(), "", x, epochValues(h.Epochs, func(e train.Epoch) float64 { return e.ValidationLoss }), limit)
	}
	return c
}

// stepLosses is the line of the losses of the steps. The thin line may have as many points as a recorder keeps.
func stepLosses(losses []Losses, limit int) (s series, ok bool) {
	mean := make([]float64, len(losses))
	wide := false
	for i, l := range losses {
		mean[i] = l.Mean
		wide = wide || l.Last > l.First
	}
	s = series{Key: eachStep, Style: fine}
	for _, i := range thin(mean, limit) {
		l := losses[i]
		s.X, s.Y = append(s.X, number(float64(l.First+l.Last)/2)), append(s.Y, number(l.Mean))
		if wide {
			s.Low, s.High = append(s.Low, number(l.Min)), append(s.High, number(l.Max))
		}
	}
	return s, len(losses) > 0
}

// metricChart shows the metrics of the validation data.
func metricChart(r *Run, h *train.History, x []float64, limit int) chart {
	c := chart{ID: "metric", X: axis{Name: "step"}, Y: axis{Name: "metric"}}
	if !hasValidation(h) {
		return c
	}
	var names []string
	if h.Metric != metric.Loss.Name && h.Metric != "" {
		names = append(names, h.Metric)
		c.Y.Name = h.Metric
		y := epochValues(h.Epochs, func(e train.Epoch) float64 { return e.ValidationMetric })
		c.line(r.validation(), markers, x, y, limit)
		if h.Best > 0 && h.Best <= len(h.Epochs) {
			c.Marks = append(c.Marks, mark{fmt.Sprintf("best: epoch %d", h.Best), number(x[h.Best-1]), number(y[h.Best-1])})
		}
	}
	for i, name := range h.Metrics {
		names = append(names, name)
		c.line(name, markers, x, epochValues(h.Epochs, func(e train.Epoch) float64 {
			if i < len(e.ValidationMetrics) {
				return e.ValidationMetrics[i]
			}
			return math.NaN()
		}), limit)
	}
	if len(names) > 1 {
		c.Y.Name = "metrics"
	}
	c.Title = capitalized(strings.Join(names, ", "))
	c.Note = "Of the rows: " + r.validation() + "."
	return c
}

// add adds a chart that shows something, and says in words what.
func (g *group) add(c chart) {
	if len(c.Series) > 0 {
		c.Label = c.describe()
		g.Charts = append(g.Charts, c)
	}
}

// line adds a line of which at least one point is known.
func (c *chart) line(key, style string, x, y []float64, limit int) {
	for _, v := range y {
		if finite(v) {
			keep := thin(y, limit)
			c.Series = append(c.Series, series{Key: key, Style: style, X: numbers(x, keep), Y: numbers(y, keep)})
			return
		}
	}
}

// describe names the first and the last value of each of the first lines.
func (c *chart) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s against %s.", c.Title, c.Y.Name, c.X.Name)
	for i, s := range c.Series {
		if s.Style == reference || len(s.Y) == 0 {
			continue
		}
		if i == 12 {
			fmt.Fprintf(&b, " And %d more.", len(c.Series)-i)
			break
		}
		fmt.Fprintf(&b, " %s: from %.4g to %.4g.", s.Key, float64(s.Y[0]), float64(s.Y[len(s.Y)-1]))
	}
	return b.String()
}

func (r *Run) validation() string {
	if r.Validation != "" {
		return r.Validation
	}
	return "validation"
}

// hasValidation says that there was validation data: without, all values are 0.
func hasValidation(h *train.History) bool {
	for _, e := range h.Epochs {
		if e.ValidationLoss != 0 || e.ValidationMetric != 0 {
			return true
		}
	}
	return false
}

// epochSteps are the places of epochs on the axis of the steps.
func epochSteps(epochs []train.Epoch) []float64 {
	return epochValues(epochs, func(e train.Epoch) float64 {
		if e.Step == 0 {
			return float64(e.Number)
		}
		return float64(e.Step)
	})
}

func epochValues(epochs []train.Epoch, of func(train.Epoch) float64) []float64 {
	out := make([]float64, len(epochs))
	for i, e := range epochs {
		out[i] = of(e)
	}
	return out
}

// capitalized begins with a capital letter.
func capitalized(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

func varies(x []float64) bool {
	for _, v := range x {
		if v != 0 {
			return true
		}
	}
	return false
}
