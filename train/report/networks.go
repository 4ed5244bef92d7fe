package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/selfnorm/selfnorm/train/callback"
)

func histories(networks []Network) []*callback.History {
	out := make([]*callback.History, len(networks))
	for i, n := range networks {
		out[i] = n.History
	}
	return out
}

// name is the name of network i, which other parts of the page show.
func (n Network) name(i int) string {
	if n.Name == "" {
		return fmt.Sprintf("network %d", i+1)
	}
	return shorten(n.Name, maxName)
}

// lastNetwork names the network that the curves belong to, if there are several.
func (r *Run) lastNetwork() string {
	n := len(r.Networks)
	if n < 2 {
		return ""
	}
	if r.History != nil && r.History != r.Networks[n-1].History && r.Phase != "" && !r.ended {
		return "Of the network that is being trained."
	}
	return fmt.Sprintf("Of the last network alone, %s. The networks are compared above.", r.Networks[n-1].name(n-1))
}

// networksGroup shows the curves of all networks of an ensemble. It is nil for a single one.
func networksGroup(r *Run, limit int) *group {
	if len(r.Networks) < 2 {
		return nil
	}
	g := &group{ID: "networks"}
	limit = pointsPerLine(len(r.Networks), limit, 12*limit)
	fit := chart{ID: "networks-loss", Title: "Training loss", Note: "Mean of the epoch, with dropout if there is any.", X: axis{Name: "step"}, Y: axis{Name: "loss"}}
	loss := chart{ID: "networks-validation", Title: "Loss, " + r.validation(), X: axis{Name: "step"}, Y: axis{Name: "loss"}}
	score := chart{ID: "networks-metric", X: axis{Name: "step"}, Y: axis{Name: "metric"}}
	for i, n := range r.Networks {
		h := n.History
		if h == nil || i >= maxCurves {
			continue
		}
		name := n.name(i)
		g.Legend = append(g.Legend, entry{Key: name, Color: i})
		fit.line(name, "", epochSteps(h.Epochs), epochValues(h.Epochs, func(e callback.Epoch) float64 { return e.Loss }), limit)
		validated := validatedEpochs(h)
		x := epochSteps(validated)
		y := epochValues(validated, func(e callback.Epoch) float64 { return e.ValidationLoss })
		loss.line(name, "", x, y, limit)
		loss.best(bestOrLast(h), validated, x, y, "")
		if hasMetric(h) {
			score.Title, score.Y.Name = h.Metric+", "+r.validation(), h.Metric
			y := epochValues(validated, func(e callback.Epoch) float64 { return e.ValidationMetric })
			score.line(name, markers, x, y, limit)
			score.best(bestOrLast(h), validated, x, y, "")
		}
	}
	for _, c := range []*chart{&fit, &loss, &score} {
		if n := len(r.Networks); n > maxCurves {
			c.Note = strings.TrimSpace(fmt.Sprintf("%s The first %d of %s networks.", c.Note, maxCurves, grouped(n)))
		}
		if len(c.Marks) > 0 {
			c.Marks = c.Marks[:min(len(c.Marks), maxCurves)]
			c.Marks[0].Name = "kept epoch of a network"
		}
		g.add(*c)
	}
	if len(g.Charts) == 0 {
		return nil
	}
	return g
}

func hundredths(seconds float64) float64 { return math.Round(100*seconds) / 100 }

// networksMean is a mean over one epoch of each network of an ensemble; ok is false while one of them trains.
func (r *Run) networksMean(from func(h *callback.History) *callback.Epoch, of func(e *callback.Epoch) float64) (mean float64, ok bool) {
	if len(r.Networks) < 2 || r.History == nil || len(r.History.Epochs) == 0 {
		return 0, false
	}
	for _, n := range r.Networks {
		if n.History == nil || len(n.History.Epochs) == 0 {
			return 0, false
		}
		e := from(n.History)
		if e == nil {
			return 0, false
		}
		mean += of(e) / float64(len(r.Networks))
	}
	return mean, true
}

// networksSteps are the steps of all networks.
func (r *Run) networksSteps() (steps int) {
	for _, n := range r.Networks {
		if h := n.History; h != nil && len(h.Epochs) > 0 {
			steps += h.Epochs[len(h.Epochs)-1].Step
		}
	}
	return steps
}

// networksTable has a row for each network of an ensemble: where it ended, and the whole time.
func networksTable(r *Run) *table {
	if len(r.Networks) < 2 {
		return nil
	}
	t := &table{Columns: []column{{Name: "network"}, col("epochs", "", 0), col("kept epoch", "the epoch whose weights the network has", 0),
		col("training loss", "mean over the steps of the kept epoch", 4)}}
	first := r.Networks[0].History
	metric := first != nil && hasMetric(first)
	t.Columns = append(t.Columns, col("loss, "+r.validation(), "after the kept epoch", 4))
	if metric {
		t.Columns = append(t.Columns, col(shorten(first.Metric, maxName)+", "+r.validation(), "after the kept epoch", 4))
	}
	t.Columns = append(t.Columns, col("seconds", "of its training", 2))
	for i, n := range r.Networks[:min(len(r.Networks), maxRows)] {
		nan := math.NaN()
		values := []float64{0, nan, nan, nan, nan}
		if h := n.History; h != nil && len(h.Epochs) > 0 {
			values[0], values[2] = float64(len(h.Epochs)), trained(h).Loss
			values[1] = float64(bestOrLast(h))
			if e := kept(h); e != nil {
				values[3], values[4] = e.ValidationLoss, e.ValidationMetric
			}
		}
		if !metric {
			values = values[:4]
		}
		t.add(n.name(i), append(values, hundredths(n.Seconds))...)
	}
	foot := make([]float64, len(t.Columns)-1)
	for i := range foot {
		foot[i] = math.NaN()
	}
	foot[0], foot[len(foot)-1] = 0, 0
	for _, n := range r.Networks {
		if n.History != nil {
			foot[0] += float64(len(n.History.Epochs))
		}
		foot[len(foot)-1] += n.Seconds
	}
	foot[len(foot)-1] = hundredths(foot[len(foot)-1])
	t.Foot = t.row("all networks", foot)
	return t
}
