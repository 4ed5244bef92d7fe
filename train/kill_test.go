package train_test

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
)

// A process that is killed at 20 random moments and started again each time ends with the weights and the logs of one that was left
// alone, and no moment leaves a checkpoint that cannot be read.
func TestKill(t *testing.T) { testKill(t, "spirals") }

// testKill runs the test on a data set, with runs of 300 steps or more.
func testKill(t *testing.T, data string) {
	t.Parallel()
	alone, dir := t.TempDir(), t.TempDir()
	want := finish(t, alone, data)
	r := rand.New(rand.NewPCG(1, 2))
	for kill := range 20 {
		if !killAfter(t, dir, data, 1+r.IntN(8), time.Duration(r.Int64N(int64(3*time.Millisecond)))) {
			t.Fatalf("the process ended after %d kills", kill)
		}
		readAll(t, dir)
	}
	sameWeights(t, "after 20 kills", finish(t, dir, data), want)
	if diff := cmp.Diff(timeless(t, childLogs(alone)), timeless(t, childLogs(dir))); diff != "" {
		t.Errorf("logs (-left alone +killed):\n%s", diff)
	}
}

// finish runs a child to its end and returns its weights.
func finish(t testing.TB, dir, data string) *nn.Params {
	t.Helper()
	if out, err := command(t, dir, data).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	params, _, err := train.LoadWeights(finalWeights(dir))
	if err != nil {
		t.Fatal(err)
	}
	return params
}

// killAfter starts a child and kills it a time after it has printed n lines: about a step, so that a kill meets computing, writing,
// syncing and renaming. It returns false if the child ended by itself.
func killAfter(t testing.TB, dir, data string, n int, later time.Duration) bool {
	t.Helper()
	cmd := command(t, dir, data)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range n {
		lines.Scan()
	}
	time.Sleep(later)
	if err := cmd.Process.Kill(); err != nil {
		t.Logf("kill: %v", err)
	}
	io.Copy(io.Discard, out)
	if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
		t.Logf("the process ended by itself: %v %s", err, stderr.String())
		return false
	}
	return true
}

// readAll reads all checkpoints of a folder.
func readAll(t testing.TB, dir string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if _, err := graphs.Load(path); err != nil {
			t.Errorf("after a kill: %v", err)
		}
	}
}
