package baseline

import (
	"cmp"
	"context"
	"math"
	"sync/atomic"

	"github.com/pkg/errors"
	"golang.org/x/sync/errgroup"
)

// Tanimoto classifies bags by their nearest rows in the Tanimoto (Jaccard) similarity of counts, sum(min) / sum(max), for several tasks of
// two classes at once. The score of a task is
//
//	(Prior r + sum(s^Power y)) / (Prior + sum(s^Power))
//
// over the K most similar rows that have a label y in the task, with similarity s > 0; r is the share of ones among the labels of the task.
// If rows are equally similar, the first counts as the most similar.
type Tanimoto struct {
	// K is the number of neighbours. 0 means 50.
	K int
	// Power is the exponent of the similarities. 0 means 3.
	Power float64
	// Prior is the weight of the share of ones. 0 means 0.1.
	Prior float64
}

// Similar is a trained Tanimoto.
type Similar struct {
	settings Tanimoto
	bags     Bags
	tasks    int
	labels   []uint8   // row after row: 0, 1, or missing
	rates    []float64 // by task
	totals   []int32   // by row
	postings map[uint32][]posting
}

const missing = 2

// Name is the usual name of the method.
func (Tanimoto) Name() string { return "nearest neighbours by Tanimoto similarity" }

// Fit keeps the rows. labels holds tasks labels for each row: 0, 1, or NaN if it is missing. It returns an error for settings out of range,
// for bags out of order, and for other labels.
func (t Tanimoto) Fit(bags Bags, labels []float32, tasks int) (*Similar, error) {
	t.K, t.Power, t.Prior = cmp.Or(t.K, 50), cmp.Or(t.Power, 3), cmp.Or(t.Prior, 0.1)
	if err := checkSettings(t.Name(), setting{"K", float64(t.K)}, setting{"Power", t.Power}, setting{"Prior", t.Prior}); err != nil {
		return nil, err
	}
	if err := bags.check(); err != nil {
		return nil, errors.Wrapf(err, "baseline: %s", t.Name())
	}
	if tasks < 1 || tasks > maxClasses || bags.Rows() == 0 || len(labels)%tasks != 0 || len(labels)/tasks != bags.Rows() {
		return nil, errors.Errorf("baseline: %s: %d labels of %d tasks for %d rows", t.Name(), len(labels), tasks, bags.Rows())
	}
	s := &Similar{settings: t, bags: bags, tasks: tasks, labels: make([]uint8, len(labels))}
	for i, y := range labels {
		switch {
		case y == 0 || y == 1:
			s.labels[i] = uint8(y)
		case y != y:
			s.labels[i] = missing
		default:
			return nil, errors.Errorf("baseline: %s: row %d has the label %v, want 0, 1 or NaN", t.Name(), i/tasks, y)
		}
	}
	s.index()
	return s, nil
}

// index makes what follows from the rows and labels.
func (s *Similar) index() {
	s.postings, s.totals = s.bags.index()
	ones, known := make([]float64, s.tasks), make([]float64, s.tasks)
	for i, y := range s.labels {
		if y != missing {
			ones[i%s.tasks] += float64(y)
			known[i%s.tasks]++
		}
	}
	for k, n := range known {
		rate := 0.5
		if n > 0 {
			rate = ones[k] / n
		}
		s.rates = append(s.rates, rate)
	}
}

// Tasks returns the number of tasks.
func (s *Similar) Tasks() int {
	if s == nil {
		return 0
	}
	return s.tasks
}

// Scores returns a score for each row and each task, row-major. threads is the number of goroutines, 0 means 1; it does not change the result.
// It returns an error for bags out of order, and ctx's error.
func (s *Similar) Scores(ctx context.Context, bags Bags, threads int) ([]float64, error) {
	if s == nil || ctx == nil || threads < 0 {
		return nil, errors.Errorf("baseline: %s: no classifier, no context, or %d threads", Tanimoto{}.Name(), threads)
	}
	if err := bags.check(); err != nil {
		return nil, errors.Wrapf(err, "baseline: %s", Tanimoto{}.Name())
	}
	scores := make([]float64, bags.Rows()*s.tasks)
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(max(1, threads), max(1, bags.Rows())) {
		group.Go(func() error {
			q := s.query()
			for i := int(next.Add(1)) - 1; i < bags.Rows(); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return errors.Wrapf(err, "baseline: %s", Tanimoto{}.Name())
				}
				q.score(scores[i*s.tasks:(i+1)*s.tasks], bags, i)
			}
			return nil
		})
	}
	return scores, group.Wait()
}

// query is the memory of a search.
type query struct {
	*Similar
	common []int32 // by row: the sum of the lesser counts
	best   [][]similarity
}

// similarity is a neighbour.
type similarity struct {
	value float64
	label uint8
}

func (s *Similar) query() *query {
	q := &query{Similar: s, common: make([]int32, s.bags.Rows()), best: make([][]similarity, s.tasks)}
	return q
}

// score sets the scores of row i of some bags.
func (q *query) score(scores []float64, bags Bags, i int) {
	commonCounts(q.common, q.postings, bags, i)
	for task := range q.best {
		q.best[task] = q.best[task][:0]
	}
	total := bags.total(i)
	for row, common := range q.common {
		if common > 0 {
			q.offer(row, float64(common)/float64(total+q.totals[row]-common))
		}
	}
	for task, best := range q.best {
		weight, sum := q.settings.Prior, q.settings.Prior*q.rates[task]
		for _, b := range best {
			w := math.Pow(b.value, q.settings.Power)
			weight += w
			sum += w * float64(b.label)
		}
		scores[task] = sum / weight
	}
}

// offer adds a row to the nearest of each task in which it has a label, if it is one of them.
func (q *query) offer(row int, value float64) {
	for task, y := range q.labels[row*q.tasks : (row+1)*q.tasks] {
		best := q.best[task]
		full := len(best) >= q.settings.K
		if y == missing || full && best[len(best)-1].value >= value {
			continue
		}
		if !full {
			best = append(best, similarity{})
		}
		at := len(best) - 1
		for ; at > 0 && best[at-1].value < value; at-- {
			best[at] = best[at-1]
		}
		best[at] = similarity{value, y}
		q.best[task] = best
	}
}
