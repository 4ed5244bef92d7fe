package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/selfnorm/selfnorm/internal/english"
	"github.com/selfnorm/selfnorm/train/callback"
)

// The keys of the lines of the training loss. trainingRows is appended to the name of a metric on the training rows.
const (
	eachStep, epochMean = "training, each step", "training, mean of the epoch"
	trainingRows        = "training rows"
	rateKey             = "learning rate"
)

// trainingGroup shows the curves of loss, metrics and learning rate. It is nil if there are none.
func trainingGroup(r *Run, limit int) *group {
	g := &group{ID: "training"}
	if r.ensemble() {
		g.Title = "Training of " + r.current()
	}
	h := r.History
	if h == nil {
		h = &callback.History{}
	}
	g.add(lossChart(r, h, limit))
	g.add(metricChart(r, h, limit))
	g.add(rateChart(r, h, limit))
	if len(g.Charts) == 0 {
		return nil
	}
	g.Legend = []entry{{Key: eachStep, Color: 5}, {Key: epochMean, Color: 0}, {Key: r.validation(), Color: 1}, {Key: trainingRows, Color: 1 + colors}}
	for i, name := range h.Metrics {
		k := 3 + i
		color := k%colors + k/colors*2*colors // every second row of the palette is for the training rows
		g.Legend = append(g.Legend, entry{Key: name, Color: color}, entry{Key: name + ", " + trainingRows, Color: color + colors})
	}
	g.Legend = append(g.Legend, entry{Key: rateKey, Color: 2})
	return g
}

// rateChart shows the learning rate, or if that is not known its factor.
func rateChart(r *Run, h *callback.History, limit int) chart {
	c := chart{ID: "rate", Title: "Learning rate", Note: "At the last step of each epoch.", X: axis{Name: "step"}, Y: axis{Name: "learning rate", Fixed: true}}
	base := r.LearningRate
	if !(base > 0) {
		base = 1
		c.Title, c.Note, c.Y.Name = "Factor of the learning rate", "By schedule and callbacks, at the last step of each epoch.", "factor"
	}
	if rates := epochValues(h.Epochs, func(e callback.Epoch) float64 { return base * e.Rate }); varies(rates) {
		c.line(rateKey, "", epochSteps(h.Epochs), rates, limit)
	}
	return c
}

// lossChart shows the loss of the steps, of the epochs, of the validation data and of the training rows.
func lossChart(r *Run, h *callback.History, limit int) chart {
	c := chart{ID: "loss", Title: "Loss", X: axis{Name: "step"}, Y: axis{Name: "loss"}}
	if s, ok := stepLosses(r.Losses, limit); ok {
		c.Series = append(c.Series, s)
		c.Note = "The training loss is taken with dropout on."
		if len(s.Low) > 0 {
			c.Note += " The area spans the steps of which the thin line is the mean."
		}
	}
	c.line(epochMean, "", epochSteps(h.Epochs), epochValues(h.Epochs, func(e callback.Epoch) float64 { return e.Loss }), limit)
	validated, judged := validatedEpochs(h), judgedEpochs(h)
	x, y := epochSteps(validated), epochValues(validated, func(e callback.Epoch) float64 { return e.ValidationLoss })
	c.line(r.validation(), "", x, y, limit)
	switch loss := func(e callback.Epoch) float64 { return e.Loss }; {
	case !r.keeps(h):
	case len(validated) > 0:
		c.kept(h, validated, func(e callback.Epoch) float64 { return e.ValidationLoss }, keptName(h))
	default:
		c.kept(h, h.Epochs, loss, keptName(h))
	}
	c.line(trainingRows, "", epochSteps(judged), epochValues(judged, func(e callback.Epoch) float64 { return e.Training.Loss }), limit)
	c.resumed(h)
	return c
}

// keeps reports whether it is known which epoch's weights the network has: one has been chosen, or the training is over.
func (r *Run) keeps(h *callback.History) bool { return h.Best > 0 || r.over() }

// keptName names the kept epoch.
func keptName(h *callback.History) string {
	e := keptEpoch(h)
	switch {
	case e == nil:
		return ""
	case h.Best > 0:
		return "kept: epoch " + english.Thousands(e.Number)
	}
	return fmt.Sprintf("kept: epoch %s, the last", english.Thousands(e.Number))
}

// kept marks the epoch whose weights were kept, if it is among the given ones.
func (c *chart) kept(h *callback.History, epochs []callback.Epoch, of func(callback.Epoch) float64, name string) {
	e := keptEpoch(h)
	if e == nil {
		return
	}
	k := slices.IndexFunc(epochs, func(other callback.Epoch) bool { return other.Number == e.Number })
	if k >= 0 && finite(of(epochs[k])) {
		c.Marks = append(c.Marks, mark{name, number(epochSteps(epochs[k : k+1])[0]), number(of(epochs[k]))})
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
		if r.keeps(h) {
			c.kept(h, validated, func(e callback.Epoch) float64 { return e.ValidationMetric }, keptName(h))
		}
	}
	for i, name := range h.Metrics {
		names = append(names, name)
		c.line(name, markers, x, epochValues(validated, func(e callback.Epoch) float64 { return at(e.ValidationMetrics, i) }), limit)
		c.line(name+", "+trainingRows, markers, trainingX, epochValues(judged, func(e callback.Epoch) float64 { return at(e.Training.Metrics, i) }), limit)
	}
	if len(names) > 0 {
		c.Y.Name = names[0]
	}
	if len(names) > 1 {
		c.Y.Name = "metrics"
	}
	c.Title = capitalized(strings.Join(names, ", "))
	c.Note = "After each epoch, on the " + r.validation() + "."
	if len(judged) > 0 {
		c.Note = fmt.Sprintf("After each epoch, on the %s, and on the training rows without dropout.", r.validation())
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
		fmt.Fprintf(&b, " %s: from %s to %s.", s.Key, significant(float64(s.Y[0])), significant(float64(s.Y[len(s.Y)-1])))
	}
	return b.String()
}

func (r *Run) validation() string {
	if r.Validation != "" {
		return shorten(r.Validation, maxName)
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
