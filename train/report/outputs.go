package report

import (
	"fmt"

	"github.com/selfnorm/selfnorm/train/callback"
)

// eachOutput returns the results with one for each output in place of that of a network with several.
func eachOutput(results []Result) (all []Result) {
	for _, r := range results {
		if r.Result == nil || len(r.Parts) == 0 || r.Check() != nil { // build reports the error
			all = append(all, r)
			continue
		}
		for i, part := range r.Parts {
			one := Result{Name: part.Name, Names: part.Columns, Result: part.Result, note: "Loss " + significant(part.Loss) + "."}
			if part.Weight != 1 {
				one.note = fmt.Sprintf("Loss %s, of weight %s.", significant(part.Loss), significant(part.Weight))
			}
			if r.Name != "" {
				one.Name = r.Name + ": " + part.Name
			}
			if i == 0 && r.Names != nil {
				one.Names = r.Names
			}
			all = append(all, one)
		}
	}
	return all
}

// outputsChart shows the losses of the outputs of a network with several, of the epochs and of the validation data.
func outputsChart(r *Run, h *callback.History, limit int) (c chart, legend []entry) {
	c = chart{ID: "outputs", Title: "Loss of each output", X: axis{Name: "step"}, Y: axis{Name: "loss"}}
	c.Note = "Without the weights of the outputs. The training loss is the mean of the epoch, with dropout if there is any."
	validated := validatedEpochs(h)
	for i, name := range h.Outputs {
		if i >= maxCurves {
			break
		}
		name = shorten(name, maxName)
		color := colorOf(3 + len(h.Metrics) + i)
		c.line(name+", "+r.validation(), "", epochSteps(validated), epochValues(validated, func(e callback.Epoch) float64 { _, v := e.OutputLoss(i); return v }), limit)
		c.line(name+", training", "", epochSteps(h.Epochs), epochValues(h.Epochs, func(e callback.Epoch) float64 { v, _ := e.OutputLoss(i); return v }), limit)
		legend = append(legend, entry{Key: name + ", " + r.validation(), Color: color}, entry{Key: name + ", training", Color: color + colors})
	}
	return c, legend
}

// colorOf is the number of the color of line k. Every second row of the palette is for the training rows.
func colorOf(k int) int { return k%colors + k/colors*2*colors }
