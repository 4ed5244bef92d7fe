package ops

import "errors"

// opError marks what an op itself returned in the error of a machine.
type opError struct{ error }

func (e *opError) Unwrap() error { return e.error }

// Cause returns the error that an op of this package returned, out of the error of a Gorgonia machine that ran it: without
// the machine's numbers of instructions and registers, and open to errors.As and errors.Is, which Gorgonia hides it from.
// It returns err itself if there is no such error in it.
func Cause(err error) error {
	for e := err; e != nil; {
		switch wrapper := e.(type) {
		case *opError:
			return wrapper.error
		case interface{ Err() error }: // of Gorgonia's machines
			e = wrapper.Err()
		default:
			e = errors.Unwrap(e)
		}
	}
	return err
}
