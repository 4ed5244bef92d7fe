package report

import (
	"math"
	"testing"
)

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1.0000", 9.999999e-4: "0.0010", 0.001: "0.0010", 0.00012345: "0.0001234", 2e-5: "0.00002", 3e-9: "3\u00a0×\u00a010⁻⁹", -2.345e-8: "-2.35\u00a0×\u00a010⁻⁸", 1e-7: "10⁻⁷", 12.3456: "12.35", 999.96: "1,000",
		12060: "12,060", -1234567: "-1,235,000", 1e20: "10²⁰",
	} {
		if got := significant(v); got != want {
			t.Errorf("%g is %q, want %q", v, got, want)
		}
	}
	if got := significant(math.NaN()); got != "\u2013" {
		t.Errorf("NaN is %q", got)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1000: "-1,000", -999: "-999", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	c := column{decimals: 4}
	for v, want := range map[float64]string{0: "0.0000", 0.5: "0.5000", 0.00031234: "0.000312", 123456.789: "123,457"} {
		if got := c.format(v); got != want {
			t.Errorf("in a table %g is %q, want %q", v, got, want)
		}
	}
}
