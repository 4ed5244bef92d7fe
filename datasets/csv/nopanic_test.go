package csv

import (
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Nil, zero values, absurd sizes and wrong lengths give an error or a right result, never a panic.
func TestNoPanics(t *testing.T) {
	const huge = math.MaxInt / 8
	var (
		noTable *Table
		noEnc   *Encoder
		zero    Encoder
		file    = filepath.Join(t.TempDir(), "x")
		text    = func() *strings.Reader { return strings.NewReader("a,b,y\n1,x,0\n2,z,1\n3,x,0\n4,z,1\n5,x,0\n6,z,1\n") }
		o       = Options{Target: "y"}
	)
	table, err := ReadFrom("t", text(), o)
	if err != nil {
		t.Fatal(err)
	}
	enc, err := table.Fit([]int{0, 1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	_, _, loadNil := LoadFrom("t", nil, o)
	_, _, loadAbsent := Load(file, o)
	_, _, splitNil := noTable.Split(0.5, 1)
	_, _, splitNaN := table.Split(math.NaN(), 1)
	var noStream *Stream
	stream, err := enc.Stream("t", text(), NewRows{})
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"Log of other table":    second(enc.Log(&Table{}, []int{0})),
		"Log of nil":            second(noEnc.Log(table, []int{0})),
		"Log of classes":        second(enc.Log(table, []int{0, 1})),
		"Permuted nil":          second(noTable.Permuted(nil, "", 1)),
		"Permuted huge row":     second(table.Permuted([]int{huge}, "a", 1)),
		"Permuted other column": second(table.Permuted([]int{0}, "none", 1)),
		"nil Stream":            second(noEnc.Stream("t", text(), NewRows{})),
		"zero Stream":           second(zero.Stream("t", text(), NewRows{})),
		"Stream of nothing":     second(enc.Stream("t", nil, NewRows{})),
		"Stream fails":          second(enc.Stream("t", broken{}, NewRows{})),
		"StreamRows nil":        second(enc.StreamRows("t", nil, NewRows{})),
		"nil stream's Next":     second(noStream.Next()),
		"nil stream's Encode":   second(noStream.Encode(nil)),
		"zero Next":             second((&Stream{}).Next()),
		"zero Encode":           second((&Stream{}).Encode(nil)),
		"Sample nil":            third(Sample("t", nil, o, 3, 1)),
		"Sample of nothing":     third(Sample("t", text(), o, 0, 1)),
		"Sample JSON":           third(Sample("t", strings.NewReader(`{"a":1,"y":2}`), o, 3, 1)),
		"Sample fails":          third(Sample("t", broken{}, o, 3, 1)),
		"SampleRows nil":        third(SampleRows("t", nil, o, 3, 1)),
		"Encode nil":            second(stream.Encode([]*Row{nil})),
		"Encode zero":           second(stream.Encode([]*Row{{}})),

		"LoadFrom nil":        loadNil,
		"Load absent":         loadAbsent,
		"Split of nil":        splitNil,
		"Split NaN":           splitNaN,
		"ClassOf of nil":      second(noTable.ClassOf()),
		"Read absent":         second(Read(file, o)),
		"ReadFrom nil":        second(ReadFrom("t", nil, o)),
		"comma no rune":       second(ReadFrom("t", text(), Options{Target: "y", Comma: math.MaxInt32})),
		"comma negative":      second(ReadFrom("t", text(), Options{Target: "y", Comma: -1})),
		"no such target":      second(ReadFrom("t", text(), Options{Target: "1152921504606846976"})),
		"share NaN":           second(ReadFrom("t", text(), Options{Target: "y", TestShare: math.NaN()})),
		"problem":             second(ReadFrom("t", text(), Options{Target: "y", Problem: "magic"})),
		"header":              second(ReadFrom("t", text(), Options{Target: "y", Header: "magic"})),
		"FitScaled of nil":    second(noTable.FitScaled([]int{0}, "robust-clip")),
		"FitScaled oddly":     second(table.FitScaled([]int{0, 1}, "odd")),
		"Fit of nil":          second(noTable.Fit([]int{0})),
		"Fit of zero":         second((&Table{}).Fit([]int{0})),
		"Fit no rows":         second(table.Fit(nil)),
		"Fit huge row":        second(table.Fit([]int{huge})),
		"nil Set":             second(noEnc.Set(table)),
		"zero Set":            second(zero.Set(table)),
		"Set nil":             second(enc.Set(nil)),
		"Set zero":            second(enc.Set(&Table{})),
		"nil Load":            second(noEnc.Load(file)),
		"zero Read":           second(zero.Read(file)),
		"zero ReadFrom":       second(zero.ReadFrom("t", text())),
		"nil ReadFrom":        second(noEnc.ReadFrom("t", text())),
		"ReadFrom nothing":    second(enc.ReadFrom("t", nil)),
		"nil ReadNew":         second(noEnc.ReadNew(file, NewRows{})),
		"ReadNewFrom nil":     second(enc.ReadNewFrom("t", nil, NewRows{})),
		"memory below 0":      second(ReadFrom("t", text(), Options{Target: "y", MaxMemory: -1})),
		"nil Save":            noEnc.Save(file),
		"zero Save":           zero.Save(file),
		"nil MarshalJSON":     second(noEnc.MarshalJSON()),
		"zero MarshalJSON":    second(zero.MarshalJSON()),
		"nil UnmarshalJSON":   noEnc.UnmarshalJSON([]byte("{}")),
		"UnmarshalJSON null":  new(Encoder).UnmarshalJSON([]byte("null")),
		"LoadEncoder absent":  second(LoadEncoder(file)),
		"reader fails at all": second(ReadFrom("t", broken{}, o)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, tab := range []*Table{noTable, {}} {
		if tab.Len() != 0 || len(tab.Columns()) != 0 || tab.Comma() != 0 || tab.Problem() != "" || tab.Rows() != nil || tab.Decisions() != nil || tab.Gaps() != 0 || enc.Notices(tab) != nil {
			t.Errorf("something in an empty table: %v", tab)
		}
	}
	for _, r := range []*Row{nil, {}} {
		if r.ID() != "" || len(r.Texts()) > 0 || r.Size() != 0 {
			t.Error("something in an empty row")
		}
	}
	for _, s := range []*Stream{nil, {}} {
		if s.HasIDs() || s.Notes() != nil {
			t.Error("something in an empty stream")
		}
	}
	(&Tally{}).Add(Tally{Rows: 1, Odd: []Oddity{{}}})
	for _, tab := range []*Table{noTable, {}, table} {
		if times, err := tab.Times(); tab.Skewed([]int{-1, huge}) || tab.Groups() != nil || times != nil || err != nil {
			t.Errorf("groups, times (%v) or skewness of a table without them", err)
		}
	}
	for _, at := range []int{-1, 6, huge} {
		if noEnc.LogUnit(at) != 0 || enc.LogUnit(at) != 0 {
			t.Errorf("logarithms of target %d", at)
		}
		if table.Line(at) != 0 {
			t.Errorf("row %d of a table without it", at)
		}
		if !math.IsNaN(enc.Value(at, 1)) || !math.IsNaN(noEnc.Value(at, 1)) {
			t.Errorf("value of target %d", at)
		}
	}
	for _, e := range []*Encoder{noEnc, &zero} {
		if e.Header() != HeaderAuto || len(e.Columns()) > 0 {
			t.Errorf("%v: header %v, columns %v", e, e.Header(), e.Columns())
		}
		s := e.Scaling()
		if e.Problem() != "" || len(e.Classes())+len(e.Tasks())+len(s.Mean)+len(s.SD)+len(e.FeatureNames())+len(e.FeatureColumns()) != 0 || e.ID() != "" || e.Decisions() != nil || e.Notices(table) != nil {
			t.Error("something in an empty encoder")
		}
	}
	DefaultMissing()[0] = "x" // a copy
	if x, err := ReadFrom("t", text(), Options{Target: "y", Missing: DefaultMissing()}); err != nil || DefaultMissing()[0] == "x" || x.Len() != 6 {
		t.Errorf("the missing texts %q (%v)", DefaultMissing(), err)
	}
	if set, err := enc.Set(table); err != nil || set.Validate() != nil || set.Len() != 6 || set.Rows(datasets.Test) != nil {
		t.Errorf("the table itself: %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }

func second[T any](_ T, err error) error { return err }
