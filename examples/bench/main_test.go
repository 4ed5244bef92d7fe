package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestBench(t *testing.T) {
	var out, err bytes.Buffer
	code := run(context.Background(), []string{"-pairs", "1", "-steps", "1", "-rows", "64", "-python", "", "-only", "64 x 64"}, &out, &err)
	if code != 0 || strings.Count(out.String(), " ms ") != 3 {
		t.Errorf("exit code %d: %s%s", code, out.String(), err.String())
	}
	out.Reset()
	code = run(context.Background(), []string{"-growth", "-pairs", "1", "-steps", "1", "-only", "64 | 8 | 128"}, &out, &err)
	if code != 0 || strings.Count(out.String(), " ms ") != 1 {
		t.Errorf("-growth: exit code %d: %s%s", code, out.String(), err.String())
	}
	out.Reset()
	code = run(context.Background(), []string{"-limits", "-pairs", "1", "-steps", "1", "-threads", "1"}, &out, &err)
	if code != 0 || !strings.Contains(out.String(), "its products alone, ms") {
		t.Errorf("-limits: exit code %d: %s%s", code, out.String(), err.String())
	}
	for _, args := range [][]string{{"-pairs", "0"}, {"-unknown"}, {"x"}} {
		if code := run(context.Background(), args, &out, &err); code != 2 {
			t.Errorf("%v: exit code %d, want 2", args, code)
		}
	}
}
