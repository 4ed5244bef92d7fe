package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/train"
	reports "github.com/selfnorm/selfnorm/train/report"
)

// memberReport is the result of a group of members, as -json writes it.
type memberReport struct {
	Name      string             `json:"name"`
	Settings  string             `json:"settings"` // the number of trees or neighbours, or of networks
	AUC       float64            `json:"auc"`      // of the mean of their predictions
	OutOfFold float64            `json:"out_of_fold_auc,omitempty"`
	Seconds   float64            `json:"seconds,omitempty"` // of training
	Tasks     map[string]float64 `json:"tasks"`
}

// addMembers adds the results of the groups, the first of which is that of the networks, and of the ensemble of all.
func (r *report) addMembers(rule string, groups []judgedGroup) (err error) {
	if len(groups) == 0 {
		return nil
	}
	r.groups, r.Combine = groups, rule
	for _, g := range groups {
		one := memberReport{Name: g.name, Settings: g.settings, AUC: meanAUC(g.result), Seconds: g.seconds, Tasks: tasksOf(g.result)}
		if g.outOfFold != nil {
			one.OutOfFold = meanAUC(g.outOfFold)
		}
		r.Members = append(r.Members, one)
	}
	if r.mean, err = together(rule, groups, func(g judgedGroup) *train.Result { return g.result }); err != nil {
		return err
	}
	r.Ensemble, r.EnsembleTasks = meanAUC(r.mean), tasksOf(r.mean)
	if r.outOfFold != nil {
		if r.outOfFold, err = together(rule, groups, func(g judgedGroup) *train.Result { return g.outOfFold }); err != nil {
			return err
		}
		r.OutOfFold = meanAUC(r.outOfFold)
	}
	return nil
}

// tasksOf returns the ROC-AUC of each task that has one.
func tasksOf(r *train.Result) map[string]float64 {
	tasks := map[string]float64{}
	for task, name := range tox21.Tasks() {
		if auc, err := r.TaskROCAUC(task); err == nil {
			tasks[name] = auc
		}
	}
	return tasks
}

// memberPage returns the results of the ensemble and its groups for the page.
func (r *report) memberPage() (results []reports.Result) {
	add := func(name string, of *train.Result) {
		results = append(results, reports.Result{Name: name, Names: tox21.Tasks(), Result: of})
	}
	add(fmt.Sprintf("ensemble of %d kinds of members, %s rows", len(r.groups), r.on), r.mean)
	for _, g := range r.groups {
		add(fmt.Sprintf("%s (%s), %s rows", g.name, g.settings, r.on), g.result)
	}
	return results
}

// printMembers writes the table of an ensemble whose members are not only networks.
func (r *report) printMembers(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "task\tnetwork\tstd\t")
	for _, g := range r.groups {
		fmt.Fprintf(w, "%s\t", g.name)
	}
	fmt.Fprint(w, "ensemble\tpositives\tnegatives\t\n")
	number := func(tasks map[string]float64, name string) string {
		if v, ok := tasks[name]; ok {
			return fmt.Sprintf("%.4f", v)
		}
		return "undefined"
	}
	for _, row := range r.rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t", row.task, number(r.Tasks, row.task), r.spread(row.std))
		for _, m := range r.Members {
			fmt.Fprintf(w, "%s\t", number(m.Tasks, row.task))
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t\n", number(r.EnsembleTasks, row.task), row.positives, row.negatives)
	}
	fmt.Fprintf(w, "mean\t%.4f\t%s\t", r.MeanAUC, r.spread(r.StdAUC))
	for _, m := range r.Members {
		fmt.Fprintf(w, "%.4f\t", m.AUC)
	}
	fmt.Fprintf(w, "%.4f\t\t\t\n", r.Ensemble)
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "network: mean over the networks; networks: the mean of their probabilities; ensemble: the mean of the %s of all %d kinds, "+
		"in which the networks count %d times\n", map[string]string{molecular.Mean: "probabilities", molecular.Odds: "log-odds"}[r.Combine], len(r.Members), molecular.NetworksWeight)
	return err
}
