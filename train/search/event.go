package search

// Kind is what has happened.
type Kind int

const (
	// Began: the results file is read.
	Began Kind = iota
	// Started: a trial has started.
	Started
	// Reported: a trial has reported an epoch.
	Reported
	// Finished: a trial has ended and is in the results file.
	Finished
	// Ended: no trial runs any more.
	Ended
)

// Event is something that has happened in a search. Events come one at a time.
type Event struct {
	Kind Kind
	// Slot is 0 ... Parallel-1 and tells trials apart that run at the same time.
	Slot int
	// Trial is the trial in question; when it has Finished, with its results.
	Trial Trial
	// Epoch and Metric are what was Reported.
	Epoch  int
	Metric float64
	// Total is the number of trials, of which Done have finished, Failed of them with an error. Resumed of those done were in the
	// results file at the beginning.
	Total, Done, Failed, Resumed int
	// Best is the best trial so far; its field Best is 0 as long as there is none.
	Best Trial
}
