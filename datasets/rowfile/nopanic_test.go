package rowfile

import (
	"context"
	"math"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/batch"
)

func last[A any](_ A, err error) error { return err }

func last2[A, B any](_ A, _ B, err error) error { return err }

// Nil, zero values and absurd sizes give an error or nothing, never a panic.
func TestNoPanics(t *testing.T) {
	const huge = math.MaxInt
	f, path := written(t, example(t, 20))
	var (
		noFile *File
		noPart *Part
		noW    *Writer
		good   = f.All()

		noContext context.Context
	)
	for name, err := range map[string]error{
		"Open nothing":         last(Open("")),
		"Open a folder":        last(Open(t.TempDir())),
		"Create nothing":       Create("", Description{}, nil),
		"Create absurd":        Create(path, Description{Width: huge, Tasks: []string{""}}, func(*Writer) error { return nil }),
		"Create absurd images": Create(path, Description{Width: 1, Shape: []int{huge, huge, huge}, Tasks: []string{""}}, func(*Writer) error { return nil }),
		"Create huge chunks":   Create(path, Description{Width: 1, Tasks: []string{""}, ChunkRows: huge, WindowRows: huge}, func(*Writer) error { return nil }),
		"nil Add":              noW.Add(nil, nil, 1),
		"zero Add":             new(Writer).Add(nil, nil, 1),
		"nil AddSet":           noW.AddSet(nil, nil),
		"zero AddSet":          new(Writer).AddSet(&datasets.Set{}, []int{0}),
		"nil Gather":           noPart.Gather([]int{0}, &batch.Batch{}),
		"zero Gather":          new(Part).Gather([]int{0}, &batch.Batch{}),
		"Gather nil":           good.Gather([]int{0}, nil),
		"Gather nothing":       good.Gather(nil, &batch.Batch{}),
		"Gather huge":          good.Gather([]int{huge}, &batch.Batch{}),
		"Gather negative":      good.Gather([]int{-1}, &batch.Batch{}),
		"nil Sequence":         noPart.Sequence(1, 1, 0, []int{0}),
		"zero Sequence":        new(Part).Sequence(1, 1, 0, []int{0}),
		"Sequence huge":        good.Sequence(1, 1, huge, []int{0}),
		"Sequence negative":    good.Sequence(1, 1, -1, []int{0}),
		"nil Validate":         noPart.Validate(),
		"zero Validate":        new(Part).Validate(),
		"nil Split":            last2(noPart.Split(0.5, 1)),
		"zero Split":           last2(new(Part).Split(0.5, 1)),
		"nil Scaled":           last(noPart.Scaled(nil)),
		"Scaled nil":           last(good.Scaled(nil)),
		"nil Moments":          last(noPart.Moments(t.Context())),
		"Moments of no ctx":    last(good.Moments(noContext)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if noFile.Close() != nil || new(File).Close() != nil || noFile.All() != nil || new(File).All() != nil || noFile.Checksum() != "" || noFile.Description().Width != 0 {
		t.Error("a nil file has something")
	}
	if noPart.Len() != 0 || noPart.Inputs() != nil || new(Part).Inputs() != nil || noPart.Outputs() != 0 || noPart.Identity() != "" || new(Part).Identity() != "" || new(Part).Outputs() != 0 || noW.Rows() != 0 {
		t.Error("a nil part has something")
	}
	rows := make([]int, 20)
	for _, epoch := range []int{-1, 0, math.MinInt, huge} {
		if err := good.Sequence(math.MaxUint64, epoch, 0, rows); err != nil {
			t.Error(err)
		}
	}
}
