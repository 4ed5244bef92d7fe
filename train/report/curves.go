package report

import (
	"cmp"
	"slices"
)

// ranking is a task's scores and labels, best score first. Labels above 0.5 are positive.
type ranking struct {
	scores, labels      []float64
	positives, negative int
}

// newRanking sorts pairs. Those whose score or label is missing are left out.
func newRanking(scores, labels []float64) ranking {
	var order []int
	var r ranking
	for i, s := range scores {
		if finite(s) && finite(labels[i]) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for _, i := range order {
		r.scores, r.labels = append(r.scores, scores[i]), append(r.labels, labels[i])
		if labels[i] > 0.5 {
			r.positives++
		} else {
			r.negative++
		}
	}
	return r
}

// bothKinds says that there are positives and negatives.
func (r *ranking) bothKinds() bool { return r.positives > 0 && r.negative > 0 }

// cuts calls f at each threshold, highest first, with the numbers of positives and negatives at or above it. Rows of equal
// scores pass together.
func (r *ranking) cuts(f func(truePositives, falsePositives int)) {
	tp, fp := 0, 0
	for i := range r.scores {
		if r.labels[i] > 0.5 {
			tp++
		} else {
			fp++
		}
		if i+1 == len(r.scores) || r.scores[i+1] != r.scores[i] {
			f(tp, fp)
		}
	}
}

// roc are the points of the receiver operating characteristic.
func (r *ranking) roc() (falseRate, trueRate []float64) {
	falseRate, trueRate = []float64{0}, []float64{0}
	r.cuts(func(tp, fp int) {
		falseRate = append(falseRate, float64(fp)/float64(r.negative))
		trueRate = append(trueRate, float64(tp)/float64(r.positives))
	})
	return falseRate, trueRate
}

// pr are the points of precision against recall, of equal recalls the one of the highest threshold. The first one, at recall 0, has
// the precision of the second.
func (r *ranking) pr() (recall, precision []float64) {
	found := -1
	r.cuts(func(tp, fp int) {
		if tp == found {
			return
		}
		found = tp
		p := float64(tp) / float64(tp+fp)
		if recall == nil {
			recall, precision = []float64{0}, []float64{p}
		}
		recall, precision = append(recall, float64(tp)/float64(r.positives)), append(precision, p)
	})
	return recall, precision
}

// reliability are the mean probability and the share of positives of so many groups of rows, equally many in each but for
// rows of equal scores, which stay together.
func (r *ranking) reliability(groups int) (predicted, observed, count []float64) {
	n := len(r.scores)
	for hi := n; hi > 0; {
		want := max(1, (n*(len(count)+1))/groups)
		lo := max(0, min(hi-1, n-want))
		for lo > 0 && r.scores[lo-1] == r.scores[lo] {
			lo--
		}
		var p, y float64
		for i := lo; i < hi; i++ {
			p, y = p+r.scores[i], y+r.labels[i]
		}
		m := float64(hi - lo)
		predicted, observed, count = append(predicted, p/m), append(observed, y/m), append(count, m)
		hi = lo
	}
	return predicted, observed, count
}
