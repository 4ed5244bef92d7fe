package ops

import (
	"strings"

	"github.com/pkg/errors"
)

// opError marks what an op itself returned in the error of a machine.
type opError struct{ error }

func (e *opError) Unwrap() error { return e.error }

// machineError is the error of a Gorgonia tape machine, which hides its cause from errors.Is and errors.As.
type machineError interface {
	InstructionID() int
	Err() error
}

// Cause returns the error that an op returned, out of the error of a Gorgonia tape machine that ran it: without the numbers of
// instructions and registers that the machine adds, and open to errors.As and errors.Is. It does so for ops of this package and for
// Gorgonia's own. It returns err itself if there is no such error in it.
func Cause(err error) error {
	var reported error // by the machine
	for e := err; e != nil; {
		switch wrapper := e.(type) {
		case *opError:
			return wrapper.error
		case machineError:
			e = wrapper.Err()
			reported = e
		default:
			e = errors.Unwrap(e)
		}
	}
	if reported == nil {
		return err
	}
	return withoutMachine(reported)
}

// withoutMachine removes the texts that the machine puts before the error of an op of Gorgonia, such as "PC 9. Failed to execute
// instruction ÷ false [CPU0 CPU1] CPU2".
func withoutMachine(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		added := strings.TrimSuffix(err.Error(), next.Error())
		if added != "" && !strings.HasPrefix(added, "PC ") && !strings.HasPrefix(added, "Failed to") {
			return err
		}
		err = next
	}
}
