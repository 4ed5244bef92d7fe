package vm

import (
	"strings"

	"github.com/pkg/errors"
)

// plain removes the texts that Gorgonia's machine puts before the error of an op, such as "PC 9. Failed to execute instruction
// Affine ... [CPU7 CPU8]": they name instructions of its compiled program. What an op reports stays, and so does its cause.
func plain(err error) error {
	if machine, ok := err.(interface {
		InstructionID() int
		Err() error
	}); ok {
		err = machine.Err()
	}
	for err != nil {
		next := errors.Unwrap(err)
		if next == nil {
			break
		}
		added := strings.TrimSuffix(err.Error(), next.Error())
		if added != "" && !strings.HasPrefix(added, "PC ") && !strings.HasPrefix(added, "Failed to") {
			break
		}
		err = next
	}
	return err
}
