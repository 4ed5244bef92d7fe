package csv

import (
	"math"
	"slices"
	"strconv"
)

// A value beyond the range of the fitting rows counts as one that is beyond it by this part of its width: a network knows nothing about what is farther away.
const clipMargin = 0.1

// A value that is beyond the range by this part of its width, or more, is said to be far outside.
const farMargin = 0.5

// A column has a spike if so many of its values differ, and this share of the rows has the commonest one.
const spikeDistinct, spikeShare = 10, 0.15

// ranged reports whether range and spike are valid.
func (n *numeric) ranged() bool {
	switch len(n.Range) {
	case 0:
	case 2:
		if !finite(n.Range[0]) || !finite(n.Range[1]) || n.Range[0] > n.Range[1] {
			return false
		}
	default:
		return false
	}
	return n.Spike == nil || finite(*n.Spike) && n.Date == nil
}

// clip returns a value that is in the range, or near it.
func (n *numeric) clip(v float64) float64 {
	if len(n.Range) == 0 || n.SD == 0 {
		return v
	}
	low, high := n.margin(clipMargin)
	return max(low, min(high, v))
}

// far reports whether a value is far outside the range.
func (n *numeric) far(v float64) bool {
	if len(n.Range) == 0 || n.SD == 0 {
		return false
	}
	low, high := n.margin(farMargin)
	return v < low || v > high
}

// margin returns the range, widened on both sides by a part of its width.
func (n *numeric) margin(part float64) (low, high float64) {
	wide := part * (n.Range[1] - n.Range[0])
	return n.Range[0] - wide, n.Range[1] + wide
}

// spikeName is the name of the feature of a spike.
func (n *numeric) spikeName() string {
	return n.Name + " = " + strconv.FormatFloat(*n.Spike, 'g', 6, 64)
}

// features returns the number of features.
func (n *numeric) features() int {
	count := 1
	if n.Indicator {
		count++
	}
	if n.Spike != nil {
		count++
	}
	return count
}

// findSpike looks for a spike among the values of the fitting rows, which it sorts: 0, the least or the greatest value, if many rows have it, like
// days without rain.
func (n *numeric) findSpike(values []float64) {
	slices.Sort(values)
	distinct, most, value := 0, 0, 0.0
	for i := 0; i < len(values); {
		k := i + 1
		for k < len(values) && values[k] == values[i] {
			k++
		}
		if distinct++; k-i > most {
			most, value = k-i, values[i]
		}
		i = k
	}
	end := value == 0 || len(values) > 0 && (value == values[0] || value == values[len(values)-1])
	if distinct >= spikeDistinct && float64(most) >= spikeShare*float64(len(values)) && end && !math.IsInf(value, 0) {
		n.Spike = &value
	}
}
