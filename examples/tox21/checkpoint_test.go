package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// A run that is stopped and started again with the same flags trains the same network as one that is not.
func TestCheckpoint(t *testing.T) {
	few(t)
	o, code := parseFlags([]string{"-quick", "-q", "-epochs", "2", "-units", "8"}, &bytes.Buffer{})
	if code >= 0 {
		t.Fatalf("exit code %d", code)
	}
	ctx := context.Background()
	e, err := prepare(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := e.train(ctx, o, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	o.Checkpoint = t.TempDir()
	if _, _, err := e.train(programtest.Stopping{Context: ctx, Pattern: filepath.Join(o.Checkpoint, "network-1", "step-*")}, o, io.Discard); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want %v", err, context.Canceled)
	}
	got, _, err := e.train(ctx, o, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range want.Ensemble[0].Params.All() {
		if !slices.Equal(got.Ensemble[0].Params.Get(p.Name).Value.Float32s(), p.Value.Float32s()) {
			t.Errorf("%s differs", p.Name)
		}
	}
}
