package metric

import (
	"cmp"
	"slices"

	"github.com/pkg/errors"
)

// cut is a threshold, and the weights of the positives and negatives whose score is at least that.
type cut struct {
	threshold            float64
	positives, negatives float64
}

func (c cut) precision() float64 { return c.positives / (c.positives + c.negatives) }

// cuts returns a cut for each different score, the highest first.
func (p *pairs) cuts() ([]cut, error) {
	order := make([]int, len(p.labels))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p.predictions[b], p.predictions[a]) })
	var cuts []cut
	var now cut
	positives, negatives := 0, 0
	for k, i := range order {
		now.threshold = p.predictions[i]
		if p.labels[i] > 0.5 {
			now.positives, positives = now.positives+p.weights[i], positives+1
		} else {
			now.negatives, negatives = now.negatives+p.weights[i], negatives+1
		}
		if k+1 == len(order) || p.predictions[order[k+1]] != p.predictions[i] {
			cuts = append(cuts, now)
		}
	}
	if positives == 0 || negatives == 0 {
		return nil, errors.Wrapf(ErrUndefined, "%d positives and %d negatives, need both", positives, negatives)
	}
	return cuts, nil
}
