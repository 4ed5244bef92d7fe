package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/selfnorm/selfnorm/train/callback"
)

// The keys of the lines of the training loss. trainingRows is appended to the name of a metric on the training rows.
const (
	rateKey             = "learning rate"
	eachStep, epochMean = "training, each step", "training, mean of the epoch"
	trainingRows        = "training rows"
)

// trainingGroup shows the curves of loss, metrics and learning rate. It is nil if there are none.
func trainingGroup(r *Run, limit int) *group {
	g := &group{ID: "training"}
	h := r.History
	if h == nil {
		h = &callback.History{}
	}
	g.add(lossChart(r, h, limit))
	outputs, legend := outputsChart(r, h, limit)
	g.add(outputs)
	g.add(metricChart(r, h, limit))
	g.add(rateChart(r, h, limit))
	if len(g.Charts) == 0 {
		return nil
	}
	g.Legend = []entry{{Key: eachStep, Color: 5}, {Key: epochMean, Color: 0}, {Key: r.validation(), Color: 1}, {Key: trainingRows, Color: 1 + colors}}
	for i, name := range h.Metrics {
		color := colorOf(3 + i)
		g.Legend = append(g.Legend, entry{Key: name, Color: color}, entry{Key: name + ", " + trainingRows, Color: color + colors})
	}
	g.Legend = append(append(g.Legend, legend...), entry{Key: rateKey, Color: 2})
	return g
}

// rateChart shows the learning rate at the end of each epoch or, if the rate of the optimizer is unknown, its factor.
func rateChart(r *Run, h *callback.History, limit int) chart {
	c := chart{ID: "rate", Title: "Learning rate", Note: "At the last step of each epoch, by schedule and callbacks.",
		X: axis{Name: "step"}, Y: axis{Name: "learning rate", Fixed: true}}
	base := r.LearningRate
	if !(base > 0) || !finite(base) {
		base, c.Y.Name = 1, "factor"
		c.Note = "Factor of the optimizer's learning rate at the last step of each epoch, by schedule and callbacks."
	}
	rates := epochValues(h.Epochs, func(e callback.Epoch) float64 { return base * e.Rate })
	if varies(rates) {
		c.line(rateKey, "", epochSteps(h.Epochs), rates, limit)
		for _, rate := range rates {
			if finite(1.04 * rate) {
				c.Y.Max = max(c.Y.Max, 1.04*rate)
			}
		}
	}
	return c
}

// lossChart shows the loss of the steps, of the epochs, of the validation data and of the training rows.
func lossChart(r *Run, h *callback.History, limit int) chart {
	c := chart{ID: "loss", Title: "Loss", X: axis{Name: "step"}, Y: axis{Name: "loss"}}
	if s, ok := stepLosses(r.Losses, limit); ok {
		c.Series = append(c.Series, s)
		c.Note = "The training loss is taken with dropout, if there is any."
		if len(s.Low) > 0 {
			c.Note += " The area spans the steps of which the thin line is the mean."
		}
	}
	c.line(epochMean, "", epochSteps(h.Epochs), epochValues(h.Epochs, func(e callback.Epoch) float64 { return e.Loss }), limit)
	validated, judged := validatedEpochs(h), judgedEpochs(h)
	x, y := epochSteps(validated), epochValues(validated, func(e callback.Epoch) float64 { return e.ValidationLoss })
	c.line(r.validation(), "", x, y, limit)
	c.best(r.keptNumber(h), validated, x, y, r.keptName(h))
	c.line(trainingRows, "", epochSteps(judged), epochValues(judged, func(e callback.Epoch) float64 { return e.Training.Loss }), limit)
	c.resumed(h)
	return c
}

// keptNumber is the number of the epoch whose weights the network has: the best one if one was chosen, or else the last one once the run
// is over. Until then it is 0.
func (r *Run) keptNumber(h *callback.History) int {
	if state, _, _ := r.state(); h.Best == 0 && state != "done" {
		return 0
	}
	return bestOrLast(h)
}

// bestOrLast is the number of the kept epoch of a training that has ended, 0 without epochs.
func bestOrLast(h *callback.History) int {
	if n := len(h.Epochs); h.Best == 0 && n > 0 {
		return h.Epochs[n-1].Number
	}
	return h.Best
}

func (r *Run) keptName(h *callback.History) string {
	name := "kept: epoch " + grouped(r.keptNumber(h))
	if h.Best == 0 {
		name += ", the last"
	}
	return name
}

// best marks the epoch whose weights were kept.
func (c *chart) best(epoch int, validated []callback.Epoch, x, y []float64, name string) {
	k := slices.IndexFunc(validated, func(e callback.Epoch) bool { return e.Number == epoch })
	if k >= 0 && finite(y[k]) {
		c.Marks = append(c.Marks, mark{name, number(x[k]), number(y[k])})
	}
}

// resumed marks where a run was interrupted.
func (c *chart) resumed(h *callback.History) {
	if h.ResumedAt <= 0 || len(c.Series) == 0 {
		return
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range c.Series {
		for _, y := range s.Y {
			if finite(float64(y)) {
				low, high = min(low, float64(y)), max(high, float64(y))
			}
		}
	}
	if low < high {
		at := number(h.ResumedAt)
		c.Series = append(c.Series, series{Style: reference, X: []number{at, at}, Y: []number{number(low), number(high)}})
		c.Note = strings.TrimSpace(c.Note + " The run was resumed at the dashed line.")
	}
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
		s.X, s.Y = append(s.X, number((float64(l.First)+float64(l.Last))/2)), append(s.Y, number(l.Mean))
		if wide {
			s.Low, s.High = append(s.Low, number(l.Min)), append(s.High, number(l.Max))
		}
	}
	return s, len(losses) > 0
}

// metricChart shows the metrics of the validation data and of the training rows.
func metricChart(r *Run, h *callback.History, limit int) chart {
	c := chart{ID: "metric", X: axis{Name: "step"}, Y: axis{Name: "metric"}}
	validated, judged := validatedEpochs(h), judgedEpochs(h)
	x, trainingX := epochSteps(validated), epochSteps(judged)
	var names []string
	if hasMetric(h) {
		names = append(names, h.Metric)
		y := epochValues(validated, func(e callback.Epoch) float64 { return e.ValidationMetric })
		c.line(r.validation(), markers, x, y, limit)
		c.line(trainingRows, markers, trainingX, epochValues(judged, func(e callback.Epoch) float64 { return e.Training.Metric }), limit)
		c.best(r.keptNumber(h), validated, x, y, r.keptName(h))
	}
	for i, name := range h.Metrics {
		names = append(names, name)
		y := epochValues(validated, func(e callback.Epoch) float64 { return at(e.ValidationMetrics, i) })
		c.line(name, markers, x, y, limit)
		if i == 0 && !hasMetric(h) {
			c.best(r.keptNumber(h), validated, x, y, r.keptName(h))
		}
		c.line(name+", "+trainingRows, markers, trainingX, epochValues(judged, func(e callback.Epoch) float64 { return at(e.Training.Metrics, i) }), limit)
	}
	if len(names) > 0 {
		c.Y.Name = names[0]
	}
	if len(names) > 1 {
		c.Y.Name = "metrics"
	}
	c.Title = capitalized(strings.Join(names, ", "))
	c.Note = "Rows: " + r.validation() + "."
	if len(judged) > 0 {
		c.Note = fmt.Sprintf("Rows: %s, and the training rows without dropout.", r.validation())
	}
	return c
}

// add adds a chart, if it has a line, with a description in words.
func (g *group) add(c chart) {
	if len(c.Series) > 0 {
		c.Label = c.describe()
		g.Charts = append(g.Charts, c)
	}
}

// line adds a line that has at least one finite point.
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

// capitalized returns the text with a capital first letter.
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
