// Package memory knows how much memory this process may use, so that what needs more is refused: a Go program that asks for memory that is
// not there dies without an error, or is killed.
package memory

import (
	"fmt"
	"math"
	"math/bits"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/pkg/errors"
)

// ErrTooLarge is the cause of the error of Check.
var ErrTooLarge = errors.New("too large for the memory")

// Limit is a number of bytes, and where it comes from.
type Limit struct {
	Bytes  uint64
	Source string
}

var override atomic.Int64

// Limits that do not change while the process runs. 0 means none.
var (
	physical = sync.OnceValue(func() uint64 { return orNone(memlimit.FromSystem()) })
	cgroup   = sync.OnceValue(func() uint64 { return orNone(memlimit.FromCgroup()) }) // version 1 or 2, with the groups above
)

func orNone(limit uint64, err error) uint64 {
	if err != nil || limit >= 1<<60 { // of a system that has no such limit, or says so with a large number
		return 0
	}
	return limit
}

// SetLimit sets the limit in bytes, and returns the one that was set before. 0, the default, means that of the machine, and math.MaxInt64
// none. A negative number changes nothing.
func SetLimit(bytes int64) (before int64) {
	if bytes < 0 {
		return override.Load()
	}
	return override.Swap(bytes)
}

// Current returns the limit that was set, or else the least of physical memory, the limits of the control groups of the process, and
// GOMEMLIMIT.
func Current() Limit {
	if n := override.Load(); n > 0 {
		return Limit{uint64(n), "the limit that was set"}
	}
	lowest := Limit{math.MaxUint64, "no limit is known"}
	take := func(bytes uint64, source string) {
		if bytes > 0 && bytes < lowest.Bytes {
			lowest = Limit{bytes, source}
		}
	}
	take(physical(), "the physical memory")
	take(cgroup(), "the limit of the control group")
	if n := debug.SetMemoryLimit(-1); n < math.MaxInt64 {
		take(uint64(max(1, n)), "GOMEMLIMIT")
	}
	return lowest
}

// Check returns an error with the cause ErrTooLarge if a number of bytes is beyond the limit. what is the subject of its sentence.
func Check(bytes uint64, what string) error {
	if limit := Current(); bytes > limit.Bytes {
		return errors.Wrapf(ErrTooLarge, "%s takes about %s, but the limit is %s, %s", what, Format(bytes), Format(limit.Bytes), limit.Source)
	}
	return nil
}

// Format returns a number of bytes as people read it, such as "4.3 GB". A kB has 1,000 bytes.
func Format(bytes uint64) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d bytes", bytes)
	}
	x := float64(bytes)
	unit := ""
	for _, unit = range []string{"kB", "MB", "GB", "TB", "PB", "EB"} {
		if x /= 1000; x < 999.5 {
			break
		}
	}
	if x < 9.95 {
		return fmt.Sprintf("%.1f %s", x, unit)
	}
	return fmt.Sprintf("%.0f %s", x, unit)
}

// Sum returns a sum, or the largest number if it is larger.
func Sum(terms ...uint64) (sum uint64) {
	for _, t := range terms {
		var carry uint64
		if sum, carry = bits.Add64(sum, t, 0); carry > 0 {
			return math.MaxUint64
		}
	}
	return sum
}

// Product returns a product, or the largest number if it is larger. A negative factor counts as 0.
func Product(factors ...int) uint64 {
	product := uint64(1)
	for _, f := range factors {
		hi, lo := bits.Mul64(product, uint64(max(0, f)))
		if product = lo; hi > 0 {
			product = math.MaxUint64
		}
	}
	return product
}
