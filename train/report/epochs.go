package report

import (
	"math"
	"slices"
	"strconv"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// epochsTable holds the epochs, or evenly spaced ones if there are many. Epochs that were not validated have no validation values.
func epochsTable(r *Run) *table {
	if r.History == nil || len(r.History.Epochs) == 0 {
		return nil
	}
	h := r.History
	t := &table{Columns: []column{{Name: "epoch"}, col("step", "", 0), col("seconds", "since the start", 1), col("training loss", "mean over the steps", 5)}}
	for _, output := range h.Outputs {
		t.Columns = append(t.Columns, col("training loss, "+shorten(output, maxName), "mean over the steps", 5))
	}
	validated, judged := len(validatedEpochs(h)) > 0, len(judgedEpochs(h)) > 0
	columns := func(rows, suffix string) {
		t.Columns = append(t.Columns, col("loss"+suffix, rows, 5))
		for _, name := range names(h) {
			t.Columns = append(t.Columns, col(shorten(name, maxName)+suffix, rows, 5))
		}
		for _, output := range h.Outputs {
			t.Columns = append(t.Columns, col("loss, "+shorten(output, maxName)+suffix, rows, 5))
		}
	}
	if validated {
		columns(r.validation(), "")
	}
	if judged {
		columns("training rows, without dropout", ", "+trainingRows)
	}
	keptEpoch := r.keptNumber(h)
	base, title := r.LearningRate, "at the last step"
	if !(base > 0) || !finite(base) {
		base, title = 1, "factor of the optimizer's learning rate at the last step"
	}
	t.Columns = append(t.Columns, col(rateKey, title, 4))
	for _, e := range epochsShown(h, keptEpoch) {
		values := []float64{float64(e.Step), e.Seconds, e.Loss}
		for i := range h.Outputs {
			training, _ := e.OutputLoss(i)
			values = append(values, training)
		}
		if validated {
			var j *callback.Judgement
			if e.Validated {
				j = &callback.Judgement{Loss: e.ValidationLoss, Metric: e.ValidationMetric, Metrics: e.ValidationMetrics}
				if e.Outputs != nil {
					j.Losses = e.Outputs.Validation
				}
			}
			values = append(values, judgementCells(h, j)...)
		}
		if judged {
			values = append(values, judgementCells(h, e.Training)...)
		}
		t.add(grouped(e.Number), append(values, base*e.Rate)...)
		row := t.Rows[len(t.Rows)-1]
		row[0].Key = strconv.Itoa(e.Number)
		if e.Number == keptEpoch {
			row[0].Text += " (kept)"
			row[0].Kept = true
		}
	}
	return t
}

// epochsShown are the epochs of the table, with the kept one.
func epochsShown(h *callback.History, kept int) []callback.Epoch {
	shown := spread(h.Epochs, maxRows)
	for i, e := range h.Epochs {
		if e.Number != kept {
			continue
		}
		k, found := slices.BinarySearchFunc(shown, e, func(a, b callback.Epoch) int { return a.Number - b.Number })
		if !found {
			return slices.Insert(slices.Clone(shown), k, h.Epochs[i])
		}
	}
	return shown
}

// names are the metrics other than the loss.
func names(h *callback.History) []string {
	if hasMetric(h) {
		return append([]string{h.Metric}, h.Metrics...)
	}
	return h.Metrics
}

// hasMetric reports whether Config.Metric is a metric other than the loss.
func hasMetric(h *callback.History) bool { return h.Metric != "" && h.Metric != metric.Loss.Name }

// judgementCells are the loss and the metrics of names, or NaN where there are none.
func judgementCells(h *callback.History, j *callback.Judgement) []float64 {
	if j == nil {
		j = &callback.Judgement{Loss: math.NaN(), Metric: math.NaN()}
	}
	values := []float64{j.Loss}
	if hasMetric(h) {
		values = append(values, j.Metric)
	}
	for i := range h.Metrics {
		values = append(values, at(j.Metrics, i))
	}
	for i := range h.Outputs {
		values = append(values, at(j.Losses, i))
	}
	return values
}

// validatedEpochs are the epochs after which the validation data were evaluated.
func validatedEpochs(h *callback.History) []callback.Epoch {
	return epochsWith(h, func(e callback.Epoch) bool { return e.Validated })
}

// judgedEpochs are the epochs after which the training rows were evaluated.
func judgedEpochs(h *callback.History) []callback.Epoch {
	return epochsWith(h, func(e callback.Epoch) bool { return e.Training != nil })
}

func epochsWith(h *callback.History, is func(callback.Epoch) bool) (out []callback.Epoch) {
	for _, e := range h.Epochs {
		if is(e) {
			out = append(out, e)
		}
	}
	return out
}

// at is element i, or NaN if there is none.
func at(x []float64, i int) float64 {
	if i < 0 || i >= len(x) {
		return math.NaN()
	}
	return x[i]
}

// epochSteps are the positions of epochs on the step axis.
func epochSteps(epochs []callback.Epoch) []float64 {
	return epochValues(epochs, func(e callback.Epoch) float64 {
		if e.Step == 0 {
			return float64(e.Number)
		}
		return float64(e.Step)
	})
}

func epochValues(epochs []callback.Epoch, of func(callback.Epoch) float64) []float64 {
	out := make([]float64, len(epochs))
	for i, e := range epochs {
		out[i] = of(e)
	}
	return out
}
