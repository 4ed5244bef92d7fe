package report

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Numbers are written as people write them.
func TestSignificant(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.8397: "0.8397", 9.999999e-4: "0.0010", 0.001: "0.0010", 0.00064: "0.000640", 9.99996e-5: "0.000100", 12.3456: "12.35", 9.99999: "10.00",
		123.45: "123.5", 999.97: "1,000", 12060: "12,060", -6485.4: "-6,485", 1234567.8: "1,234,568", 2.677e-5: "2.68\u00a0×\u00a010⁻⁵",
		1e-7: "10⁻⁷", 3e12: "3\u00a0×\u00a010¹²", -0.25: "-0.2500", math.NaN(): "\u2013", math.Inf(1): "\u2013",
	} {
		if got := significant(v); got != want {
			t.Errorf("%v becomes %q, want %q", v, got, want)
		}
	}
	for n, want := range map[float64]string{12: "12", 1234: "1,234", -1234: "-1,234", 2.5: "2.5000"} {
		if got := count(n); got != want {
			t.Errorf("count %v becomes %q, want %q", n, got, want)
		}
	}
	people := regexp.MustCompile(`^-?(\d{1,3}(,\d{3})*(\.\d+)?|(\d(\.\d+)?\x{a0}×\x{a0})?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|-?10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$`)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		got := significant(v)
		if !people.MatchString(got) || len(got) > 30 || strings.Contains(got, "e") {
			t.Fatalf("%v becomes %q", v, got)
		}
	})
}
