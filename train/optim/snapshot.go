package optim

import (
	"encoding/json"

	"gorgonia.org/tensor"
)

// Stateful is implemented by everything whose state goes into checkpoints. After restoring the state into a new value with the same
// settings, training continues as if it had not been interrupted.
type Stateful interface {
	// Snapshot returns the state. Its tensors may share memory with the live ones: write or copy them before the next step.
	Snapshot() (Snapshot, error)
	// Restore copies a state in. It returns an error, and changes nothing, if the state does not fit.
	Restore(s Snapshot) error
}

var (
	_ Stateful = (*Optimizer)(nil)
	_ Stateful = (*Accumulator)(nil)
	_ Stateful = (*Average)(nil)
)

// Snapshot is the state of a Stateful.
type Snapshot struct {
	// Values are the small parts, as JSON.
	Values json.RawMessage
	// Tensors are the large parts, by name.
	Tensors map[string]*tensor.Dense
}
