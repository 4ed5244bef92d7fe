package report

import (
	"fmt"
	"math"
	"strconv"

	"github.com/selfnorm/selfnorm/train/callback"
)

// maxNetworks is the number of networks of an ensemble that charts show: of more, evenly spaced ones.
const maxNetworks = 24

// finished returns the current network of an ensemble as one that has ended.
func (r *Run) finished() Network {
	n := Network{Seconds: r.taken, History: r.History}
	if r.History != nil {
		h := *r.History
		h.Moments = nil
		n.History = &h
	}
	if k := r.position() - 1; k >= 0 && k < len(r.Networks) {
		n.Name = r.Networks[k]
	}
	return n
}

// networks returns all networks so far, the current one last. Each has a history and a name.
func (r *Run) networks() (out []Network) {
	for _, n := range append(r.Finished[:len(r.Finished):len(r.Finished)], r.finished()) {
		if n.History == nil {
			continue
		}
		if n.Name == "" {
			n.Name = fmt.Sprintf("network %d", len(out)+1)
		}
		n.Name = shorten(n.Name, maxName)
		out = append(out, n)
	}
	return out
}

// ensemble reports whether there is more than one network.
func (r *Run) ensemble() bool { return len(r.Networks) > 1 || len(r.Finished) > 0 }

// position is the number of the current network of an ensemble, from 1.
func (r *Run) position() int { return max(r.network, len(r.Finished)+1) }

// current names the network that is trained: "network 3 of 5, fold 2".
func (r *Run) current() string {
	k := r.position()
	text := fmt.Sprintf("network %d of %d", k, max(len(r.Networks), k))
	if k <= len(r.Networks) && r.Networks[k-1] != "" {
		text += ", " + shorten(r.Networks[k-1], maxName)
	}
	return text
}

// keptEpoch returns the epoch whose weights a network has: the best one if one was chosen, otherwise the last one. It is nil without epochs.
func keptEpoch(h *callback.History) *callback.Epoch {
	if h == nil || len(h.Epochs) == 0 {
		return nil
	}
	if h.Best > 0 {
		for i := range h.Epochs {
			if h.Epochs[i].Number == h.Best {
				return &h.Epochs[i]
			}
		}
	}
	return &h.Epochs[len(h.Epochs)-1]
}

// networksTable has a row for each network of an ensemble; it is nil for a single one.
func networksTable(r *Run) *table {
	all := r.networks()
	if !r.ensemble() || len(all) == 0 {
		return nil
	}
	h := all[len(all)-1].History
	validated := len(validatedEpochs(h)) > 0
	t := &table{Columns: []column{{Name: "network"}, col("seconds", "of its training", 1), col("epochs", "", counts),
		col("kept epoch", "the epoch whose weights the network has", counts), col("training loss", "of the kept epoch, with dropout on", measured)}}
	if validated {
		t.Columns = append(t.Columns, col("loss", r.validation()+", kept epoch", measured))
		if hasMetric(h) {
			t.Columns = append(t.Columns, col(shorten(h.Metric, maxName), r.validation()+", kept epoch", 4))
		}
	}
	for i, n := range all {
		if i == maxRows {
			break
		}
		e := keptEpoch(n.History)
		if e == nil {
			e = &callback.Epoch{Loss: math.NaN()}
		}
		values := []float64{n.Seconds, float64(len(n.History.Epochs)), float64(e.Number), e.Loss}
		if validated {
			loss, metric := math.NaN(), math.NaN()
			if e.Validated {
				loss, metric = e.ValidationLoss, e.ValidationMetric
			}
			values = append(values, loss)
			if hasMetric(h) {
				values = append(values, metric)
			}
		}
		t.add(n.Name, values...)
	}
	t.Foot = t.networksFoot()
	return t
}

// networksFoot holds sums of seconds and epochs, and means of losses and metrics.
func (t *table) networksFoot() []cell {
	t.means()
	if t.Foot == nil {
		return nil
	}
	sum := 0.0
	for _, row := range t.Rows {
		v, _ := strconv.ParseFloat(row[1].Key, 64)
		sum += v
	}
	t.Foot[0].Text, t.Foot[1].Text, t.Foot[3] = "sum or mean", t.Columns[1].text(sum), cell{Empty: true}
	return t.Foot
}

// networksGroup shows the curves of all networks of an ensemble. It is nil for a single one.
func networksGroup(r *Run, limit int) *group {
	all := r.networks()
	if !r.ensemble() || len(all) == 0 {
		return nil
	}
	shown := spread(all, maxNetworks)
	g := &group{ID: "networks", Title: "Networks"}
	for i, n := range shown {
		g.Legend = append(g.Legend, entry{Key: n.Name, Color: i})
	}
	limit = pointsPerLine(len(shown), limit, 12*limit)
	chartOf := func(id, title, y string, epochs func(*callback.History) []callback.Epoch, of func(callback.Epoch) float64) {
		c := chart{ID: "networks-" + id, Title: title, X: axis{Name: "step"}, Y: axis{Name: y}, Note: "The diamonds mark the epochs whose weights were kept."}
		for i, n := range shown {
			some := epochs(n.History)
			c.line(n.Name, "", epochSteps(some), epochValues(some, of), limit)
			if i < len(shown)-1 || r.over() {
				c.kept(n.History, some, of, "")
			}
		}
		g.add(c)
	}
	h := all[len(all)-1].History
	if hasMetric(h) {
		chartOf("metric", capitalized(h.Metric)+", "+r.validation(), h.Metric, validatedEpochs, func(e callback.Epoch) float64 { return e.ValidationMetric })
	}
	chartOf("loss", "Loss, "+r.validation(), "loss", validatedEpochs, func(e callback.Epoch) float64 { return e.ValidationLoss })
	every := func(h *callback.History) []callback.Epoch { return h.Epochs }
	chartOf("training", "Training loss", "loss", every, func(e callback.Epoch) float64 { return e.Loss })
	if len(g.Charts) == 0 {
		return nil
	}
	return g
}
