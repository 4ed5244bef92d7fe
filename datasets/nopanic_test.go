package datasets

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/batch"
	"gorgonia.org/tensor"
)

const huge = math.MaxInt / 8

// Nil, zero values, absurd sizes and wrong lengths give an error or a right result, never a panic.
func TestNoPanics(t *testing.T) {
	var (
		none    *Set
		zero    Set
		noDense *Dense
		noView  *View
		none1   *Sparse
		noBlock *Concat
		noScale *Scaler
		x, y, w = room(tensor.Float32, 1, 3, 2)
		dst     = make([]float32, 8)
		dense   = table{{1, 2, 3}, {4, 5, 6}}.dense(t)
		sparse  = table{{1, 0, 3}, {0, 5, 0}}.sparse(t)
		nan     = math.NaN()
	)
	spoil := func(change func(*Set)) *Set {
		s := smallSet(t)
		change(s)
		return s
	}
	short := spoil(func(s *Set) { s.Labels = s.Labels[:3] })
	light := spoil(func(s *Set) { s.Weights = []float32{1} })
	classes := spoil(func(s *Set) { s.Classes = []string{"a", "b"} })
	noTasks := spoil(func(s *Set) { s.Tasks = nil })
	unfit := must[*Scaler](t)(FitScaler(Standardize, 0, dense, []int{0, 1}))
	class := func(int) int { return 0 }
	for name, err := range map[string]error{
		"nil Gather":            none.Gather([]int{0}, batch.Of(x, y, w)),
		"zero Gather":           zero.Gather([]int{0}, batch.Of(x, y, w)),
		"Gather short labels":   short.Gather([]int{0}, batch.Of(x, y, w)),
		"Gather few weights":    light.Gather([]int{0}, batch.Of(x, y, w)),
		"Gather classes":        classes.Gather([]int{0}, batch.Of(x, y, w)),
		"Gather no tasks":       noTasks.Gather([]int{0}, batch.Of(x, y, w)),
		"Gather huge row":       smallSet(t).Gather([]int{huge}, batch.Of(x, y, w)),
		"Gather nothing":        smallSet(t).Gather(nil, nil),
		"nil Subset":            second(none.Subset(nil)),
		"zero Subset":           second(zero.Subset([]int{0})),
		"Subset short labels":   second(short.Subset([]int{3})),
		"Subset few weights":    second(light.Subset([]int{3})),
		"Subset huge row":       second(smallSet(t).Subset([]int{huge})),
		"Subset short IDs":      second(spoil(func(s *Set) { s.IDs = s.IDs[:1] }).Subset([]int{3})),
		"nil Merge":             second(none.Merge(nil)),
		"zero Merge":            second(zero.Merge(nil)),
		"Merge short groups":    second(spoil(func(s *Set) { s.Groups = s.Groups[:1] }).Merge([]int{3})),
		"Merge short labels":    second(short.Merge([]int{3})),
		"Merge huge row":        second(smallSet(t).Merge([]int{huge})),
		"nil Validate":          none.Validate(),
		"zero Validate":         zero.Validate(),
		"Validate huge table":   spoil(func(s *Set) { s.Features = fake{huge, huge} }).Validate(),
		"Validate bad features": spoil(func(s *Set) { s.Features = fake{4, 3} }).Validate(),
		"Gather bad features":   spoil(func(s *Set) { s.Features = fake{4, 3} }).Gather([]int{0}, batch.Of(x, y, w)),
		"Dense overflow":        second(NewDense(math.MaxInt/4, math.MaxInt/4, nil)),
		"Dense huge, no column": second(NewDense(huge, 0, nil)),
		"Dense no row, huge":    second(NewDense(0, huge, nil)),
		"Dense huge":            second(NewDense(huge, huge, dst)),
		"Sparse huge":           second(NewSparse(huge, []int{0}, nil, nil)),
		"Sparse huge start":     second(NewSparse(3, []int{0, huge}, nil, nil)),
		"View of nil":           second(NewView(nil, nil)),
		"View huge":             second(NewView(dense, []int{huge})),
		"Concat nil":            second(NewConcat(nil, dense)),
		"Concat of different":   second(NewConcat(noDense, dense)),
		"Dense.Gather huge":     dense.Gather(dst, 3, []int{huge}),
		"Dense.Gather stride":   dense.Gather(dst, 2, []int{0}),
		"Dense.Gather overflow": dense.Gather(dst, huge, make([]int, 17)),
		"Dense.Gather room":     dense.Gather(dst, 3, []int{0, 1, 0}),
		"Dense.Gather negative": dense.Gather(dst, -3, []int{0, 1}),
		"nil Dense.Gather":      noDense.Gather(dst, 3, []int{0}),
		"zero Sparse.Gather":    (&Sparse{}).Gather(dst, 3, []int{0}),
		"nil Sparse.Gather":     none1.Gather(dst, 3, []int{0}),
		"Sparse.Gather room":    sparse.Gather(nil, 3, []int{0}),
		"zero View.Gather":      (&View{}).Gather(dst, 3, []int{0}),
		"nil View.Gather":       noView.Gather(dst, 3, []int{0}),
		"zero Concat.Gather":    (&Concat{}).Gather(dst, 3, []int{0}),
		"nil Concat.Gather":     noBlock.Gather(dst, 3, []int{0}),
		"CheckGather":           CheckGather(huge, huge, nil, huge, []int{0}),
		"nil SelectColumns":     second(none1.SelectColumns([]int{0})),
		"FrequentColumns huge":  second(sparse.FrequentColumns([]int{huge}, 1)),
		"nil FrequentColumns":   second(none1.FrequentColumns([]int{0}, -huge)),
		"SelectColumns huge":    second(sparse.SelectColumns([]int{huge})),
		"NewMoments none":       second(NewMoments(-1)),
		"NewMoments huge":       second(NewMoments(math.MaxInt)),
		"nil Moments' Add":      (*Moments)(nil).Add([]float32{1}),
		"zero Moments' Add":     new(Moments).Add([]float32{1}),
		"zero Moments' Scaler":  second(new(Moments).Scaler(Standardize, 0)),
		"nil Moments' Scaler":   second((*Moments)(nil).Scaler(Standardize, 0)),
		"nil Moments' Merge":    (*Moments)(nil).Merge(nil),
		"nil ScaleRow":          noScale.ScaleRow([]float32{1}),
		"FitScaler nil":         second(FitScaler(Standardize, 0, nil, []int{0})),
		"FitScaler typed nil":   second(FitScaler(Standardize, 0, noDense, []int{0})),
		"FitScaler huge":        second(FitScaler(Standardize, 0, dense, []int{huge})),
		"FitScaler NaN":         second(FitScaler(Standardize, nan, dense, []int{0})),
		"FitScaler unreadable":  second(FitScaler(StandardizeTanhStandardize, 0, fake{4, 3}, []int{0})),
		"nil Apply":             second(noScale.Apply(dense)),
		"zero Apply":            second((&Scaler{}).Apply(&Dense{})),
		"Apply nil":             second(unfit.Apply(nil)),
		"Apply typed nil":       second(unfit.Apply(noDense)),
		"Apply huge":            second(unfit.Apply(fake{huge, 3})),
		"Apply unreadable":      second(unfit.Apply(fake{4, 3})),
		"nil MarshalJSON":       second(noScale.MarshalJSON()),
		"zero MarshalJSON":      second((&Scaler{}).MarshalJSON()),
		"nil UnmarshalJSON":     noScale.UnmarshalJSON([]byte("{}")),
		"Split NaN":             third(Split([]int{1}, nan, 0)),
		"GroupSplit nil":        third(GroupSplit([]int{1}, nil, .5, 0)),
		"GroupSplit NaN":        third(GroupSplit([]int{0}, []string{"a"}, nan, 0)),
		"StratifiedSplit nil":   third(StratifiedSplit([]int{1}, nil, .5, 0)),
		"StratifiedSplit 2":     third(StratifiedSplit([]int{1}, class, 2, 0)),
		"KFold huge":            second(KFold([]int{1, 2}, huge, 0)),
		"KFold negative":        second(KFold([]int{1, 2}, -huge, 0)),
		"StratifiedKFold nil":   second(StratifiedKFold([]int{1, 2}, nil, 2, 0)),
		"StratifiedKFold huge":  second(StratifiedKFold([]int{1, 2}, class, huge, 0)),
		"GroupKFold short":      second(GroupKFold([]int{0, 1}, []string{"a"}, 2, 0)),
		"GroupKFold huge":       second(GroupKFold([]int{0, huge}, []string{"a"}, 2, 0)),
		"WithoutGroups short":   second(WithoutGroups([]int{0}, []int{1}, []string{"a"})),
		"WithoutGroups huge":    second(WithoutGroups([]int{huge}, nil, nil)),
		"FirstOfGroup short":    second(FirstOfGroup([]int{0, 1}, []string{"a"})),
		"FirstOfGroup negative": second(FirstOfGroup([]int{-1}, []string{"a"})),
		"Locate nil":            second(Locate("x", Options{}, nil)),
		"CacheDir of nothing":   second(CacheDir("")),
		"CacheDir above":        second(CacheDir("../x")),
		"CacheDir of the root":  second(CacheDir("/")),
		"Open nothing":          second(Open("", Options{})),
		"Open a family":         second(Open("test-family/", Options{})),
		"OpenContext nil":       second(OpenContext(context.Context(nil), "test-absent", Options{Threads: huge})),
	} {
		if err == nil && (math.MaxInt > math.MaxInt32 || name != "Dense no row, huge" && name != "Sparse huge") { // 2^28 columns are possible
			t.Errorf("%s: no error", name)
		}
	}
	if n := none.Len() + none.Width() + len(none.Inputs()) + none.Outputs() + len(none.Rows(Train)) + zero.Len() + zero.Width() + len(zero.Rows(Train)); n != 0 {
		t.Errorf("a nil and a zero set have sizes that add up to %d", n)
	}
	for _, f := range []Features{noDense, none1, noView, noBlock, &Dense{}, &Sparse{}, &View{}, &Concat{}} {
		if rows, cols := f.Dims(); rows != 0 || cols != 0 {
			t.Errorf("%T has %d rows and %d columns", f, rows, cols)
		}
		if err := f.Gather(nil, 0, nil); err != nil {
			t.Errorf("%T: no rows: %v", f, err)
		}
		s := Set{Features: f, Tasks: []string{"a"}}
		if err := s.Validate(); err != nil || s.Len() != 0 {
			t.Errorf("%T: empty set: %v", f, err)
		}
	}
	for _, row := range []int{-1, 4, huge} {
		if smallSet(t).Class(row) != -1 || none.Class(row) != -1 || noTasks.Class(0) != -1 || (&Set{Tasks: []string{"a"}}).Class(0) != -1 {
			t.Errorf("row %d has a class", row)
		}
		if dense.Row(row) != nil || noDense.Row(row) != nil || unfit.Constant(row) || noScale.Constant(row) {
			t.Errorf("row %d of a table, or column of a scaler", row)
		}
		if cols, values := sparse.Row(row); cols != nil || values != nil {
			t.Errorf("row %d of a sparse table", row)
		}
	}
	if rows := spoil(func(s *Set) { s.Part = s.Part[:1] }).Rows(Train); len(rows) != 1 {
		t.Errorf("training rows %v with parts of one row", rows)
	}
	if rows := spoil(func(s *Set) { s.Features, s.Part = fake{huge, 3}, nil }).Rows(Train); len(rows) != 4 {
		t.Errorf("%d rows of features that claim math.MaxInt/8, with labels of 4", len(rows))
	}
	if rows := (&Set{Features: fake{huge, huge}}).Rows(Train); rows != nil {
		t.Errorf("rows %v without labels", rows)
	}
	if n := (Output{}).Width() + (Output{Classes: []string{}}).Width(); n != 0 {
		t.Errorf("no labels need %d outputs", n)
	}
	if names := Names(); !slices.IsSorted(names) || slices.Contains(names, "") {
		t.Errorf("names %q", names)
	}
	if none1.Stored() != 0 || noBlock.Blocks() != nil || noScale.Cols() != 0 || noScale.Steps() != nil || (&Scaler{}).Steps() != nil {
		t.Error("something in nothing")
	}
	if Scaling("").KeepsZeros() || Scaling("deviation ").KeepsZeros() {
		t.Error("an unknown scaling keeps zeros")
	}
	if s := Part(250).String(); !strings.Contains(s, "250") {
		t.Errorf("part %q", s)
	}
}

// An error names the package once, then the set, and keeps its cause.
func TestErrorsOfSets(t *testing.T) {
	s := smallSet(t)
	x, _, _ := room(tensor.Float32, 1, 3, 2)
	for name, err := range map[string]error{
		"Gather": s.Gather([]int{huge}, batch.Of(x, nil, nil)), "Subset": second(s.Subset([]int{huge})), "Merge": second(s.Merge([]int{huge})),
	} {
		if text := err.Error(); !strings.HasPrefix(text, `datasets: set "small": row `) || strings.Count(text, "datasets") != 1 {
			t.Errorf("%s: %s", name, text)
		}
	}
	s.Features = fake{4, 3}
	for name, err := range map[string]error{"Gather": s.Gather([]int{0}, batch.Of(x, nil, nil)), "Validate": s.Validate()} {
		if !errors.Is(err, errNoValues) || !strings.HasPrefix(err.Error(), `datasets: set "small": `) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errNoValues = errors.New("no values")

// fake claims a size and cannot be read.
type fake struct{ rows, cols int }

func (f fake) Dims() (rows, cols int)             { return f.rows, f.cols }
func (f fake) Gather([]float32, int, []int) error { return errNoValues }

func third[T, U any](_ T, _ U, err error) error { return err }
