package program

import (
	"flag"
	"fmt"
	"math"
	"strconv"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
)

// MemoryFlag adds the flag -memory, which replaces the limit that networks have on this machine.
func MemoryFlag(f *flag.FlagSet) {
	f.Func("memory", "`GiB` of memory that a network may take in training and prediction; without it the least of the physical memory, the limit "+
		"of the container, and GOMEMLIMIT", func(text string) error {
		gib, err := strconv.ParseFloat(text, 64)
		if err != nil || !(gib > 0) || gib > 1<<20 {
			return errors.New("want a positive number of GiB, at most 1048576")
		}
		graphs.SetMemoryLimit(int64(math.Ceil(gib * (1 << 30))))
		return nil
	})
}

// MemoryHint adds to the error of a network that needs too much memory which flag allows it.
func MemoryHint(err error) error {
	if errors.Is(err, graphs.ErrMemory) {
		return fmt.Errorf("%w; -memory GIB raises the limit", err)
	}
	return err
}
