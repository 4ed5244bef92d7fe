package search

// EventType is the type of an Event.
type EventType int

const (
	// Began: the results file is read.
	Began EventType = iota
	// Started: a trial has started.
	Started
	// Reported: a trial has reported an epoch.
	Reported
	// Finished: a trial has ended and is in the results file.
	Finished
	// Ended: no trial runs any more.
	Ended
)

// Event describes something that has happened in a search. Events come one at a time.
type Event struct {
	Type EventType
	// Slot is 0 ... Parallel-1. Trials that run at the same time have different slots.
	Slot int
	// Trial is the trial that the event is about. Until it has Finished, it has only its point, fold and epochs.
	Trial TrialResult
	// Epoch and Value belong to a Reported event.
	Epoch int
	Value float64
	// Total is the number of trials. Done have finished, including Failed with an error and Resumed from the results file.
	Total, Done, Failed, Resumed int
	// Best is the best trial so far. Its field Best is 0 if there is none yet.
	Best TrialResult
}
