package english_test

import (
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/internal/english"
)

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", -7: "-7", 999: "999", -999: "-999", 1000: "1,000", -1000: "-1,000", 12060: "12,060", 123456: "123,456",
		-123456: "-123,456", math.MaxInt32: "2,147,483,647", math.MinInt32: "-2,147,483,648"} {
		if got := english.Thousands(n); got != want {
			t.Errorf("%d becomes %q, want %q", n, got, want)
		}
	}
}
