package logs

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/metric"
)

// epochField is a number of an epoch, with its name in a log.
type epochField struct {
	name  string
	value float64
}

// epochFields returns the numbers of epoch k, counted from 0. With validation data they include the loss on them and the metrics, by name
// with underscores for spaces; they are NaN for an epoch that was not validated. The metric Loss, which is the loss, has no field of its
// own. With Config.TrainingMetrics the same numbers follow for the training rows. The losses of each output of a network with several follow
// the loss or the metrics: kind_loss, validation_kind_loss, training_kind_loss for the output "kind".
func epochFields(s *callback.State, k int) []epochField {
	h := s.History
	var e callback.Epoch
	if k < len(h.Epochs) {
		e = h.Epochs[k]
	}
	fields := []epochField{{"epoch", float64(e.Number)}, {"step", float64(e.Step)}, {"seconds", e.Seconds}, {"loss", e.Loss}, {"rate", e.Rate}}
	for i, output := range h.Outputs {
		training, _ := e.OutputLoss(i)
		fields = append(fields, epochField{underscored(output) + "_loss", training})
	}
	if s.Validated {
		var of *callback.Judgement
		if e.Validated {
			of = &callback.Judgement{Loss: e.ValidationLoss, Metric: e.ValidationMetric, Metrics: e.ValidationMetrics}
			for i := range h.Outputs {
				_, validation := e.OutputLoss(i)
				of.Losses = append(of.Losses, validation)
			}
		}
		fields = append(fields, judged("validation_", h, of)...)
	}
	if s.TrainingMetrics {
		fields = append(fields, judged("training_", h, e.Training)...)
	}
	return fields
}

// judged returns the loss and the metrics on some rows.
func judged(prefix string, h *callback.History, of *callback.Judgement) (fields []epochField) {
	if of == nil {
		of = &callback.Judgement{Loss: math.NaN(), Metric: math.NaN()}
	}
	taken := map[string]int{}
	add := func(metric string, value float64) {
		name := prefix + underscored(metric)
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, taken[name])
		}
		fields = append(fields, epochField{name, value})
	}
	add("loss", of.Loss)
	if h.Metric != metric.Loss.Name {
		add(h.Metric, of.Metric)
	}
	for i, name := range h.Metrics {
		value := math.NaN()
		if i < len(of.Metrics) {
			value = of.Metrics[i]
		}
		add(name, value)
	}
	for i, output := range h.Outputs {
		if name := output + " loss"; taken[prefix+underscored(name)] == 0 { // it may be among the metrics
			value := math.NaN()
			if i < len(of.Losses) {
				value = of.Losses[i]
			}
			add(name, value)
		}
	}
	return fields
}

func underscored(name string) string { return strings.ReplaceAll(name, " ", "_") }

// number writes a finite number in the shortest form from which it can be read back, and others as notFinite.
func (f epochField) number(notFinite func(v float64) string) string {
	text, err := json.Marshal(f.value)
	if err != nil {
		return notFinite(f.value)
	}
	return string(text)
}
