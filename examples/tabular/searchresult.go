package main

import (
	"fmt"

	"github.com/pkg/errors"
	reports "github.com/selfnorm/selfnorm/train/report"
	"github.com/selfnorm/selfnorm/train/search"
)

// searchKey is the name of the text with the trials in a file of networks.
const searchKey = "search"

// pageTrials is the number of trials that the page lists.
const pageTrials = 30

// found is the result of a search, as -json writes it.
type found struct {
	Metric string `json:"metric"` // of the networks alone, lower is better
	// Settings are the best ones, by their flags, and batch-factor. Value is their metric in the last stage, on the rows that the networks do not learn
	// from, and Default that of the flags.
	Settings map[string]any `json:"settings"`
	Value    *float64       `json:"value,omitempty"`
	Default  *float64       `json:"default,omitempty"`
	// Trials are those of all stages, the best of a stage first.
	Trials []foundTrial `json:"trials"`

	best string
}

// foundTrial is a trial. Value is absent for a failed one.
type foundTrial struct {
	Epochs   int            `json:"epochs"`
	Folds    int            `json:"folds"`
	Rows     int            `json:"rows,omitempty"` // of a fold, if not all
	Settings map[string]any `json:"settings"`
	Value    *float64       `json:"value,omitempty"`
	Failure  string         `json:"failure,omitempty"`

	text string
}

// choose returns the best trial of the last stage in which the settings of the flags have a result, or else of the last one with any result.
func (s *searching) choose() (best search.TrialResult, err error) {
	first := pointOf(s.axes, s.options)
	f := &found{Metric: s.metric.Name, Settings: settingsOf(first), best: first.String()}
	best.Point = first
	failure := ""
	for i := len(s.levels) - 1; i >= 0; i-- {
		l := &s.levels[i]
		ranked, err := search.Rule{}.Rank(l.trials)
		if err != nil {
			return best, err
		}
		var value *float64
		for _, t := range ranked {
			f.Trials = append(f.Trials, l.trial(t))
			if t.Best > 0 && plain(t.Point).String() == first.String() {
				value = &t.Score
			}
			if failure == "" {
				failure = t.Failure
			}
		}
		if len(ranked) == 0 || ranked[0].Best == 0 || f.Default != nil || f.Value != nil && value == nil {
			continue
		}
		best = ranked[0]
		f.Value, f.Default, f.Settings, f.best = &best.Score, value, settingsOf(plain(best.Point)), plain(best.Point).String()
	}
	if f.Value == nil && failure != "" {
		return best, errors.Errorf("-search: no trial has succeeded: %s", failure)
	}
	s.found = f
	return best, nil
}

// trial describes a trial of a stage.
func (l *level) trial(t search.TrialResult) foundTrial {
	p := plain(t.Point)
	f := foundTrial{Epochs: l.epochs, Folds: l.folds, Rows: l.rows, Settings: settingsOf(p), Failure: t.Failure, text: p.String()}
	if t.Best > 0 {
		f.Value = &t.Score
	}
	return f
}

func settingsOf(p search.Point) map[string]any {
	all := map[string]any{}
	for _, x := range p {
		all[x.Name] = x.Value
	}
	return all
}

// sentence returns the result for people.
func (f *found) sentence() string {
	switch {
	case f.Value == nil:
		return "The time was too short for a trial: the settings are those of the flags."
	case f.Default == nil:
		return fmt.Sprintf("The search of %d trials chose %s: %s %.4g. The settings of the flags have failed.", len(f.Trials), f.best, f.Metric, *f.Value)
	case *f.Value == *f.Default:
		return fmt.Sprintf("The search of %d trials found no settings better than those of the flags: %s %.4g on rows held out.", len(f.Trials), f.Metric, *f.Value)
	}
	return fmt.Sprintf("The search of %d trials chose %s: %s %.4g on rows held out, %.4g with the settings of the flags.", len(f.Trials), f.best, f.Metric, *f.Value, *f.Default)
}

// page is the part of the page about the search.
func (f *found) page() []reports.Contributions {
	if f == nil {
		return nil
	}
	sentences := []string{f.sentence()}
	for _, t := range f.Trials[:min(pageTrials, len(f.Trials))] {
		text := "failed: " + t.Failure
		if t.Value != nil {
			text = fmt.Sprintf("%s %.4g", f.Metric, *t.Value)
		}
		sentences = append(sentences, fmt.Sprintf("%d epochs, %d folds, %s: %s", t.Epochs, t.Folds, t.text, text))
	}
	if n := len(f.Trials) - pageTrials; n > 0 {
		sentences = append(sentences, fmt.Sprintf("%d more trials are in -json and in the file of the networks.", n))
	}
	return pageNotes("Search", sentences)
}
