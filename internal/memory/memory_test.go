package memory

import (
	"math"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/pkg/errors"
)

// A limit that the system does not have is none.
func TestNoLimit(t *testing.T) {
	if orNone(0, errors.New("no groups here")) != 0 || orNone(9223372036854771712, nil) != 0 || orNone(5, nil) != 5 {
		t.Error("a limit that is none counts")
	}
	if runtime.GOOS == "linux" && physical() == 0 {
		t.Error("the physical memory is not known")
	}
}

// GOMEMLIMIT lowers the limit, and a limit that was set replaces it.
func TestLimit(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 20))
	if got := Current(); got.Bytes != 1<<20 || got.Source != "GOMEMLIMIT" {
		t.Errorf("%+v, want GOMEMLIMIT", got)
	}
	defer SetLimit(SetLimit(1 << 21))
	if err := Check(1<<21, "it"); err != nil {
		t.Error(err)
	}
	err := Check(3_000_000, "the network")
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "the network takes about 3.0 MB, but the limit is 2.1 MB, the limit that was set") {
		t.Errorf("error %v", err)
	}
	if before := SetLimit(-1); before != 1<<21 || SetLimit(-1) != before {
		t.Error("a negative limit changes it")
	}
	SetLimit(math.MaxInt64)
	if err := Check(1<<62, "it"); err != nil {
		t.Error(err)
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 9949: "9.9 kB", 9951: "10 kB", 999_499: "999 kB", 999_501: "1.0 MB", 17_200_000_000_000: "17 TB", math.MaxUint64: "18 EB",
	} {
		if got := Format(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestSaturation(t *testing.T) {
	if Sum(math.MaxUint64, 1) != math.MaxUint64 || Sum(1, 2, 3) != 6 || Product(math.MaxInt, math.MaxInt, math.MaxInt) != math.MaxUint64 || Product(3, -1) != 0 || Product(3, 4) != 12 {
		t.Error("sums and products do not saturate")
	}
}
