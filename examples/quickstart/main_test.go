package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// The network is far better than one that always predicts the more frequent class, which is right on 63 %.
func TestQuickstart(t *testing.T) {
	code, stdout, stderr := programtest.Run(run)
	var accuracy float64
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if _, err := fmt.Sscanf(lines[len(lines)-1], "right on %f %%", &accuracy); code != 0 || stderr != "" || err != nil || accuracy < 95 || accuracy > 100 {
		t.Errorf("exit code %d, %q, %q (%v), want an accuracy of at least 95 %%", code, stdout, stderr, err)
	}
}

func TestErrors(t *testing.T) {
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: []string{"-nosuch"}, Code: 2, Want: "-nosuch"},
		{Args: []string{"more"}, Code: 2, Want: `"more"`},
	})
}
