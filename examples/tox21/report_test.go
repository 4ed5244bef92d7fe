package main

import (
	"bytes"
	"strings"
	"testing"
)

// Published results stand beside those on the official test rows, and nowhere else.
func TestPublished(t *testing.T) {
	for name, c := range map[string]struct {
		report report
		want   bool
	}{
		"official":   {report{on: "test", RowsTest: 647}, true},
		"validation": {report{on: "validation", RowsTest: 647}, false},
		"made up":    {report{on: "test", RowsTest: 647, Synthetic: true}, false},
		"few rows":   {report{on: "test", RowsTest: 161}, false},
	} {
		var out bytes.Buffer
		c.report.print(&out)
		if strings.Contains(out.String(), "SNN of the paper 0.845") != c.want {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}
