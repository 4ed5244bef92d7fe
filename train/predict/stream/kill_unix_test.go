//go:build unix

package stream_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A file whose processes are killed at random moments has the bytes of one that was left alone.
func TestKills(t *testing.T) {
	want, dir := alone(t, numbers(600)), t.TempDir()
	path := filepath.Join(dir, "out.csv")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for kills := 0; ; kills++ {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "STREAM_TEST_FILE="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < 6 {
			time.AfterFunc(time.Duration(5+rand.IntN(30))*time.Millisecond, func() { cmd.Process.Kill() })
		}
		if err := cmd.Wait(); err == nil {
			break
		} else if kills >= 6 || cmd.ProcessState.Exited() {
			t.Fatal(err)
		}
	}
	if got := read(t, path); got != want {
		t.Errorf("%d bytes, want %d", len(got), len(want))
	}
	os.Remove(path + ".partial.lock") // of a killed process
	wantFiles(t, dir, "out.csv")
}
