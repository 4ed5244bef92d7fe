package ops

import (
	"strings"

	"github.com/pkg/errors"
)

// opError marks the error of the op itself within the error of a machine.
type opError struct{ error }

func (e *opError) Unwrap() error { return e.error }

// machineError is the error of a Gorgonia tape machine, which hides its cause from errors.Is and errors.As.
type machineError interface {
	InstructionID() int
	Err() error
}

// Cause extracts the error that an op returned from the error of the Gorgonia tape machine that ran it. It drops the instruction and
// register numbers that the machine adds, and errors.As and errors.Is work on the result. It handles ops of this package and Gorgonia's
// own. If err contains no such error, Cause returns err itself.
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
