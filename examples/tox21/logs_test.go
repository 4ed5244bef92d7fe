package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testLogs looks at the logs of two networks in a folder: each has a line per epoch, and knows how the network does on the test rows.
func testLogs(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"curves-1.csv", "curves-2.csv"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		lines := strings.Split(string(text), "\n")
		if err != nil || len(lines) != 3 || lines[0] != "epoch,step,seconds,loss,rate,validation_loss,validation_ROC-AUC" || !strings.HasPrefix(lines[1], "1,") {
			t.Errorf("%s holds %q (%v)", name, text, err)
		}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "runs", "network-[12]", "events.out.tfevents.*")); err != nil || len(files) != 2 {
		t.Errorf("files for TensorBoard: %v (%v)", files, err)
	}
}
