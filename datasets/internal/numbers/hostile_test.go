package numbers

import (
	"io"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// A file without an end stops at a limit, with a short error that names the place.
func TestHostile(t *testing.T) {
	wide := strings.Repeat("1,", 1<<20) + "1\n"
	for _, c := range []struct {
		name string
		r    io.Reader
		say  string
	}{
		{"a line", &fuzztest.Endless{Text: "1"}, "my.dat:1: the line is longer than the limit of 4194304 bytes"},
		{"values", io.MultiReader(strings.NewReader(wide), &fuzztest.Endless{Text: wide}), "my.dat:64: the file has more than 67108864 numbers, the limit"},
		{"a long word", strings.NewReader("1,2\n" + strings.Repeat("x", 1<<20) + ",3\n"), "my.dat:2: field 1:"},
		{"another width", strings.NewReader("1,2\n" + wide), "my.dat:2: 1048577 numbers, want 2"},
	} {
		err := ReadFrom("my.dat", c.r, func([]float64) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.say) || len(err.Error()) > 300 {
			t.Errorf("%s: %.400v, want %s", c.name, err, c.say)
		}
	}
}
