package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/train"
)

// unsure are predictions that are hardly certain. Those of a regression have no probabilities: there it is where errors are greatest.
type unsure struct {
	Rows    []unsureRow   `json:"rows,omitempty"`    // the least certain first
	Classes []unsureClass `json:"classes,omitempty"` // the least certain first
	Ranges  []unsureRange `json:"ranges,omitempty"`  // of predictions of a regression, from low to high
}

// unsureRow is a row; Certainty is the probability of the predicted class, or the mean over several labels.
type unsureRow struct {
	Line      int     `json:"line"` // in the file, 0 if unknown
	Text      string  `json:"text"`
	Certainty float64 `json:"certainty"`
}

// unsureClass is a class, the mean probability that its rows have for it, and the share that is predicted right.
type unsureClass struct {
	Name        string  `json:"name"`
	Probability float64 `json:"probability"`
	Right       float64 `json:"right"`
	Rows        int     `json:"rows"`
}

// unsureRange is a third of the rows by their prediction.
type unsureRange struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
	RMSE float64 `json:"rmse"`
	Rows int     `json:"rows"`
}

// listed is the number of rows and of classes that are listed.
const listed = 3

// unsure finds what the networks are unsure of.
func (e *experiment) unsure(r *train.Result, judged []int) *unsure {
	u := &unsure{}
	switch e.encoder.Problem() {
	case csv.Classes:
		u.Classes = unsureClasses(e.encoder.Classes(), r)
	case csv.Regression:
		if r.Outputs == 1 {
			u.Ranges = unsureRanges(r)
		}
		return u
	}
	for i := range r.Rows {
		row := unsureRow{Line: e.problem.table.Line(judged[i])}
		if e.set.IDs != nil {
			row.Text = e.set.IDs[judged[i]] + " "
		}
		if e.encoder.Problem() == csv.Classes {
			p := slices.Clone(r.Row(i))
			first := largest(p)
			row.Certainty = p[first]
			p[first] = math.Inf(-1)
			second := largest(p)
			row.Text += fmt.Sprintf("%s %.2f, %s %.2f", e.set.Classes[first], row.Certainty, e.set.Classes[second], p[second])
		} else {
			for _, v := range r.Row(i) {
				row.Certainty += max(v, 1-v) / float64(r.Outputs)
			}
			row.Text += fmt.Sprintf("%.2f", row.Certainty)
		}
		u.Rows = append(u.Rows, row)
	}
	slices.SortStableFunc(u.Rows, func(a, b unsureRow) int { return cmp.Compare(a.Certainty, b.Certainty) })
	u.Rows = u.Rows[:min(len(u.Rows), listed)]
	return u
}

// unsureClasses returns the classes whose rows have the least probability for them.
func unsureClasses(names []string, r *train.Result) (all []unsureClass) {
	all = make([]unsureClass, len(names))
	for i := range r.Rows {
		y := r.Labels[i]
		if y != y || int(y) < 0 || int(y) >= len(all) {
			continue
		}
		c := &all[int(y)]
		c.Rows++
		c.Probability += r.Row(i)[int(y)]
		if largest(r.Row(i)) == int(y) {
			c.Right++
		}
	}
	for k := range all {
		c := &all[k]
		c.Name = names[k]
		n := float64(max(1, c.Rows))
		c.Probability, c.Right = c.Probability/n, c.Right/n
	}
	all = slices.DeleteFunc(all, func(c unsureClass) bool { return c.Rows == 0 })
	slices.SortStableFunc(all, func(a, b unsureClass) int { return cmp.Compare(a.Probability, b.Probability) })
	return all[:min(len(all), listed)]
}

// unsureRanges returns the errors by thirds of the predictions.
func unsureRanges(r *train.Result) (all []unsureRange) {
	var rows []int
	for i, y := range r.Labels {
		if y == y {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(r.Values[a], r.Values[b]) })
	if len(rows) < 3*leastRows {
		return nil
	}
	for k := range 3 {
		part := rows[k*len(rows)/3 : (k+1)*len(rows)/3]
		u := unsureRange{From: r.Values[part[0]], To: r.Values[part[len(part)-1]], Rows: len(part)}
		for _, i := range part {
			d := r.Values[i] - r.Labels[i]
			u.RMSE += d * d / float64(len(part))
		}
		u.RMSE = math.Sqrt(u.RMSE)
		all = append(all, u)
	}
	return all
}

// sentences are for people.
func (u *unsure) sentences() (all []string) {
	if len(u.Classes) > 0 {
		var texts []string
		for _, c := range u.Classes {
			texts = append(texts, fmt.Sprintf("%s (%d rows, %.0f %% right, mean probability %.2f)", c.Name, c.Rows, 100*c.Right, c.Probability))
		}
		all = append(all, "least certain classes: "+strings.Join(texts, ", "))
	}
	if len(u.Rows) > 0 {
		var texts []string
		for _, r := range u.Rows {
			texts = append(texts, fmt.Sprintf("line %d (%s)", r.Line, r.Text))
		}
		all = append(all, "least certain rows: "+strings.Join(texts, ", "))
	}
	if len(u.Ranges) > 0 {
		var texts []string
		for _, r := range u.Ranges {
			texts = append(texts, fmt.Sprintf("%.4g for predictions from %.4g to %.4g", r.RMSE, r.From, r.To))
		}
		all = append(all, "RMSE by prediction: "+strings.Join(texts, ", "))
	}
	return all
}
