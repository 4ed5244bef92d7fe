package train

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// epochField is a number that a log knows of an epoch.
type epochField struct {
	name  string
	value float64
}

// epochFields are the numbers of epoch k, counted from 0. Those of the validation data are there if there are such data: their
// loss, and the metrics by name with underscores for spaces. The metric Loss, which is the loss, has no field of its own.
func epochFields(s *State, k int) []epochField {
	h := s.History
	var e Epoch
	if k < len(h.Epochs) {
		e = h.Epochs[k]
	}
	fields := []epochField{{"epoch", float64(e.Number)}, {"step", float64(e.Step)}, {"seconds", e.Seconds}, {"loss", e.Loss}, {"rate", e.Rate}}
	if !s.Validated {
		return fields
	}
	taken := map[string]int{}
	add := func(metric string, value float64) {
		name := "validation_" + strings.ReplaceAll(metric, " ", "_")
		if taken[name]++; taken[name] > 1 {
			name = fmt.Sprintf("%s_%d", name, taken[name])
		}
		fields = append(fields, epochField{name, value})
	}
	add("loss", e.ValidationLoss)
	if h.Metric != Loss.Name {
		add(h.Metric, e.ValidationMetric)
	}
	for i, name := range h.Metrics {
		value := math.NaN()
		if i < len(e.ValidationMetrics) {
			value = e.ValidationMetrics[i]
		}
		add(name, value)
	}
	return fields
}

// number writes a finite number in the shortest form from which it can be read back, and others as notFinite.
func (f epochField) number(notFinite func(v float64) string) string {
	text, err := json.Marshal(f.value)
	if err != nil {
		return notFinite(f.value)
	}
	return string(text)
}
