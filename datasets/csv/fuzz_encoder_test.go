package csv

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever the file of an encoder says, it is refused or comes out the same after one more round, and then reads a table or
// says why not.
func FuzzEncoderJSON(f *testing.F) {
	fuzztest.Brief(f)
	for _, o := range []Options{{Target: "y"}, {Target: "color"}, {Target: "size"}} {
		table, err := ReadFrom("my.csv", strings.NewReader(mixed), o)
		if err != nil {
			f.Fatal(err)
		}
		e, err := table.Fit(table.Rows())
		if err != nil {
			f.Fatal(err)
		}
		text, err := json.Marshal(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var e, again Encoder
		if e.UnmarshalJSON(text) != nil {
			return
		}
		once, err := json.Marshal(&e)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.UnmarshalJSON(once); err != nil {
			t.Fatalf("%v in %s", err, once)
		}
		if twice, err := json.Marshal(&again); err != nil || string(twice) != string(once) {
			t.Fatalf("%s became %s, %v", once, twice, err)
		}
		table, err := e.ReadFrom("my.csv", strings.NewReader(mixed))
		if err != nil {
			return
		}
		set, err := e.Set(table)
		if err != nil {
			return
		}
		if err := set.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}
