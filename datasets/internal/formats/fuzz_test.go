package formats

import (
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever a list of names holds, it is refused with file and line, or its lines are those of the text.
func FuzzReadLines(f *testing.F) {
	fuzztest.Brief(f)
	f.Add([]byte("a\nb \r\nc"))
	f.Add([]byte("a\n\nc\n"))
	f.Add(zipped(f, "a\nb\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := file(t, content)
		lines, err := ReadLines(path)
		if err != nil {
			if !strings.Contains(err.Error(), path) || len(err.Error())-len(path) > 300 {
				t.Errorf("error %.500q does not name the file, or is long", err)
			}
			return
		}
		for _, l := range lines {
			if l == "" || strings.ContainsRune(l, '\n') {
				t.Errorf("line %q", l)
			}
		}
	})
}
