package opstest

import "sync"

// kit is one run of Check.
type kit struct {
	c        Case
	name     string
	watch    watch
	programs map[string]*program

	jacobian *jacobian // found by the check "structure"
	slow     bool      // a run takes so long that there are fewer of them
	kinks    []float64 // declared, and found by the check "kinks"

	sync.Mutex // guards what follows
	faults     []*fault
	current    string
	ended      bool
}
