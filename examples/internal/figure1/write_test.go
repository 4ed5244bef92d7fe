package figure1

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// All decades have ticks, also the lowest one, of which the axis shows a part.
func TestLossTicks(t *testing.T) {
	for _, c := range []struct {
		least, most float64
		labels      []string
	}{
		{0.167, 2.27, []string{"0.2", "0.5", "1", "2"}},
		{0.018, 1.07, []string{"0.02", "0.05", "0.1", "0.2", "0.5", "1"}},
		{0.003, 1, []string{"0.01", "0.1", "1"}},
		{30, 40, nil},
		{0, 1, nil},
		{1, math.Inf(1), nil},
	} {
		var labels []string
		for _, tick := range (lossTicks{}).Ticks(c.least, c.most) {
			if tick.Value < c.least || tick.Value > c.most {
				t.Errorf("%v is not on the axis from %v to %v", tick.Value, c.least, c.most)
			}
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if !slices.Equal(labels, c.labels) {
			t.Errorf("from %v to %v: %q, want %q", c.least, c.most, labels, c.labels)
		}
	}
}

// Curves of a single epoch have a picture, also if the loss is below 1 or was not finite.
func TestDrawSingle(t *testing.T) {
	for _, loss := range [][]float64{{0.5}, {1}, {3}, {0}, {math.Inf(1)}, {0.5, math.Inf(1)}} {
		o := Options{out: t.TempDir(), layers: []int{8}, images: "nothing"}
		if err := draw(o, []curve{{"snn", 8, loss}}); err != nil {
			t.Errorf("%v: %v", loss, err)
		}
		if _, err := os.Stat(filepath.Join(o.out, "loss.png")); err != nil {
			t.Errorf("%v: %v", loss, err)
		}
	}
}
