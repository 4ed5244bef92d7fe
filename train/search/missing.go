package search

import (
	"fmt"
	"strings"
)

// Missing is the error of a search whose Runner has left trials out.
type Missing struct {
	// Jobs are those without a result, in the order of the search, and Total is the number of all trials.
	Jobs  []Job
	Total int
}

// Error names the first trials.
func (m *Missing) Error() string {
	const most = 5
	if m == nil {
		return "no trial is missing"
	}
	var names []string
	for _, j := range m.Jobs[:min(most, len(m.Jobs))] {
		names = append(names, title(TrialResult{Point: j.Point, Fold: j.Fold, Epochs: j.Epochs}))
	}
	text := fmt.Sprintf("%d of %d trials are missing: %s", len(m.Jobs), m.Total, strings.Join(names, "; "))
	if more := len(m.Jobs) - most; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}
