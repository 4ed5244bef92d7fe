package training

import (
	"encoding/json"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever -ensemble says, what is accepted is printed as it was written.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{"", "seeds:3", "folds:5", "folds:1", "seeds:", "seeds:-1", "seeds:99999999999999999999", "folds:2:3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, ok := parseMembers(text)
		if !ok {
			return
		}
		again, ok := parseMembers(m.String())
		if !ok || again != m || m.N < 1 {
			t.Errorf("%q is %+v, and %q is %+v", text, m, m, again)
		}
	})
}

// Whatever the encoder in a model file says, it is refused, or is of this program and version.
func FuzzDecode(f *testing.F) {
	fuzztest.Brief(f)
	format := Format{Program: "tabular", Version: 2}
	good, err := format.encode(map[string]int{"columns": 3})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(good), `{"program":"tabular","version":1,"encoder":{}}`, `{"program":"tabular","version":2,"encoder":null}`, `[]`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var into map[string]any
		if format.decode(text, &into) != nil {
			return
		}
		var e encoded
		if err := json.Unmarshal(text, &e); err != nil || e.Program != format.Program || e.Version != format.Version {
			t.Errorf("%q is accepted", text)
		}
	})
}
