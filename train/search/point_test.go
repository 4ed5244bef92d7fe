package search_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/train/search"
	"pgregory.net/rapid"
)

var point = search.Point{{Name: "layers", Value: 8}, {Name: "rate", Value: 0.01}, {Name: "form", Value: "conic"}, {Name: "bias", Value: true}}

func TestPointGetters(t *testing.T) {
	layers, err1 := point.Int("layers")
	rate, err2 := point.Float("rate")
	form, err3 := point.Text("form")
	bias, err4 := point.Bool("bias")
	asFloat, err5 := point.Float("layers")
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			t.Error(err)
		}
	}
	if layers != 8 || rate != 0.01 || form != "conic" || !bias || asFloat != 8 {
		t.Errorf("%v, %v, %v, %v, %v", layers, rate, form, bias, asFloat)
	}
	var read struct {
		layers int
		rate   float64
		form   string
		bias   bool
	}
	err := point.Read(map[string]any{"layers": &read.layers, "rate": &read.rate, "form": &read.form, "bias": &read.bias})
	if err != nil || read.layers != layers || read.rate != rate || read.form != form || read.bias != bias {
		t.Errorf("%+v (%v)", read, err)
	}
}

func TestPointErrors(t *testing.T) {
	_, missing := point.Float("depth")
	_, float := point.Int("rate")
	_, text := point.Float("form")
	_, number := point.Text("layers")
	_, integer := point.Bool("layers")
	var wrong int8
	for want, err := range map[string]error{
		`no parameter "depth" in a point of "layers", "rate"`: missing, "0.01, a float64, want an integer": float,
		"conic, a string, want a number": text, "8, a int, want text": number, "8, a int, want true or false": integer,
		"*int8": point.Read(map[string]any{"layers": &wrong}), "want an integer": point.Read(map[string]any{"rate": new(int)}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %q", err, want)
		}
	}
}

func TestPointWith(t *testing.T) {
	changed := point.With("layers", 16).With("units", 256)
	if got := changed.String(); got != "layers=16 rate=0.01 form=conic bias=true units=256" {
		t.Error(got)
	}
	if layers, _ := point.Int("layers"); layers != 8 {
		t.Error("the original point has changed")
	}
}

// points draws points of all types.
var points = rapid.Custom(func(t *rapid.T) search.Point {
	var p search.Point
	for _, name := range rapid.SliceOfNDistinct(rapid.StringN(1, 5, -1), 1, 5, rapid.ID[string]).Draw(t, "names") {
		value := rapid.OneOf(rapid.Float64().Filter(func(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }).AsAny(),
			rapid.Map(rapid.IntRange(-5, 5), func(i int) float64 { return float64(i) }).AsAny(),
			rapid.Int().AsAny(), rapid.String().AsAny(), rapid.Bool().AsAny()).Draw(t, "value")
		p = append(p, search.Param{Name: name, Value: value})
	}
	return p
})

// Points keep order, types and values in JSON.
func TestPointJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := points.Draw(t, "point")
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var got search.Point
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(p, got) && cmp.Diff(p, got) != "" { // -0 equals 0
			t.Fatalf("%s (-want +got):\n%s", text, cmp.Diff(p, got))
		}
	})
}

func FuzzPointJSON(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{"a":1.0,"b":"x","c":true}`, `{"a":1e999}`, `{"a":1,"a":2}`, `{"a":[1]}`, `{"a":null}`, `[]`, `{}`, `{"":1}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var p, again search.Point
		if json.Unmarshal([]byte(text), &p) != nil {
			return
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatalf("%q was read and cannot be written: %v", text, err)
		}
		if err := json.Unmarshal(out, &again); err != nil || cmp.Diff(p, again) != "" {
			t.Fatalf("%q became %s: %v", text, out, err)
		}
	})
}
