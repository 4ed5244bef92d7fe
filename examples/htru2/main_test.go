package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// Two folds of the stand-in; started again, nothing is computed twice and the table is the same.
func TestRun(t *testing.T) {
	args := []string{"-synthetic", "-nets", "weightnorm", "-folds", "1", "-q", "-out", t.TempDir()}
	var tables [2]string
	for i := range tables {
		var out, err bytes.Buffer
		if code := run(context.Background(), args, &out, &err); code != 0 {
			t.Fatalf("exit code %d: %s", code, err.String())
		}
		tables[i] = out.String()
	}
	if tables[0] != tables[1] || !strings.Contains(tables[0], "SYNTHETIC") || !strings.Contains(tables[0], "weightnorm") {
		t.Errorf("first\n%s\nthen\n%s", tables[0], tables[1])
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-unknown"}, 2, "-unknown"},
		{[]string{"x"}, 2, "x"},
		{[]string{"-grid", "huge"}, 2, "quick, sgd, paper"},
		{[]string{"-folds", "11"}, 2, "-folds 11"},
		{[]string{"-nets", "cnn"}, 2, "snn"},
		{[]string{"-synthetic", "-data", "x"}, 2, "-synthetic true"},
		{[]string{"-parallel", "-1"}, 2, "-parallel"},
		{[]string{"-data", t.TempDir()}, 1, "HTRU"},
	}
	for _, test := range tests {
		var out, err bytes.Buffer
		code := run(context.Background(), test.args, &out, &err)
		if code != test.code || out.Len() > 0 || strings.Count(err.String(), "\n") != 1 || !strings.Contains(err.String(), test.want) {
			t.Errorf("%v: exit code %d, output %q, error %q", test.args, code, out.String(), err.String())
		}
	}
}
