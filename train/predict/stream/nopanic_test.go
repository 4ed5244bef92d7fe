package stream_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// Bad arguments give an error, never a panic.
func TestNoPanics(t *testing.T) {
	var noFile *stream.File
	var noContext context.Context
	var noBlocks *stream.Blocks[int]
	next := func(context.Context) (int, error) { return 0, nil }
	do := func(context.Context, int) (int, error) { return 0, nil }
	put := func(int) error { return nil }
	var noParts *stream.Parts
	if noParts.Rows() != 0 || (&stream.Parts{}).Rows() != 0 {
		t.Error("rows in no parts")
	}
	for name, err := range map[string]error{
		"no context":       stream.Run(noContext, 1, next, do, put),
		"no next":          stream.Run(t.Context(), 1, nil, do, put),
		"no do":            stream.Run[int, int](t.Context(), 1, next, nil, put),
		"no put":           stream.Run(t.Context(), 1, next, do, nil),
		"workers below 0":  stream.Run(t.Context(), -1, next, do, put),
		"many workers":     stream.Run(t.Context(), 1<<30, next, do, put),
		"nil Skip":         noBlocks.Skip(t.Context(), stream.Place{Rows: 1}),
		"zero Skip":        (&stream.Blocks[int]{}).Skip(t.Context(), stream.Place{Rows: 1}),
		"nil Next":         second(noBlocks.Next(t.Context())),
		"zero Next":        second((&stream.Blocks[int]{}).Next(t.Context())),
		"empty source":     second(stream.NewBlocks(stream.Source[int]{})),
		"nil Append":       noFile.Append(nil, stream.State{}),
		"zero Append":      (&stream.File{}).Append(nil, stream.State{}),
		"nil Publish":      noFile.Publish(),
		"zero Publish":     (&stream.File{}).Publish(),
		"too few values":   second(stream.AppendCSV(nil, []stream.Column{{}}, [][]stream.Value{{}})),
		"too many values":  second(stream.AppendCSV(nil, nil, [][]stream.Value{{{}}})),
		"Create no folder": third(stream.Create(t.TempDir()+"/none/x", nil, false)),
		"Create folder":    third(stream.Create(t.TempDir(), nil, false)),
		"Create no name":   third(stream.Create("", nil, false)),
		"Parts no folder":  third(stream.CreateParts(t.TempDir()+"/none/x", stream.Format{}, nil, nil, false)),
		"Parts no name":    third(stream.CreateParts("", stream.Format{}, nil, nil, false)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for _, f := range []*stream.File{nil, {}} {
		if f.Close() != nil || f.Remove() != nil || f.Began() || f.Name() != "" {
			t.Error("something in an empty file")
		}
	}
	for _, p := range []*stream.Progress{nil, {}} {
		p.Begin()
		p.Add(1, 1)
		p.Clear()
	}
	var w bytes.Buffer
	p := &stream.Progress{W: &w, Fraction: func() float64 { return 7 }}
	p.Begin()
	p.Add(1, 1)
	p.Clear()
	if w.Len() > 0 {
		t.Errorf("progress %q after no time", w.String())
	}
	if text, err := stream.AppendHeader(nil, nil); err != nil || string(text) != "\n" {
		t.Errorf("%q, %v", text, err)
	}
}

func second[T any](_ T, err error) error { return err }

func third[S, T any](_ S, _ T, err error) error { return err }
