package train_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
)

// A process that is killed 6 times and started again each time ends with the weights and the logs of one that was left
// alone, and no moment leaves a checkpoint that cannot be read.
func TestKill(t *testing.T) { testKill(t, 6, "spirals") }

// The same, fewer times, with early stopping, plateau, average, accumulation, class weights and a frozen layer together.
func TestKillAll(t *testing.T) { testKill(t, 4, "spirals", childAll+"=1") }

// The same with several inputs and outputs.
func TestKillSeveral(t *testing.T) { testKill(t, 3, "houses") }

// The same on HTRU2.
func TestKillHTRU2(t *testing.T) { testKill(t, 2, "htru2") }

// testKill runs the test on a data set, with runs of 200 steps or more. Each start may do up to 9 steps, so it cannot end before its kill.
func testKill(t *testing.T, kills int, data string, env ...string) {
	t.Parallel()
	alone, dir := t.TempDir(), t.TempDir()
	want := finish(t, alone, data, env...)
	r := rand.New(rand.NewPCG(1, 2))
	for kill := range kills {
		allowed := 1 + r.IntN(9)
		if !killAfter(t, command(t, dir, data, env...), allowed, 1+r.IntN(allowed+1)) {
			t.Fatalf("the process ended after %d kills", kill)
		}
		readAll(t, dir)
	}
	sameBits(t, fmt.Sprintf("after %d kills", kills), finish(t, dir, data, env...), want)
	if diff := cmp.Diff(timeless(t, childLogs(alone)), timeless(t, childLogs(dir))); diff != "" {
		t.Errorf("logs (-left alone +killed):\n%s", diff)
	}
}

// finish runs a child to its end and returns its weights.
func finish(t testing.TB, dir, data string, env ...string) *nn.Params {
	t.Helper()
	if out, err := command(t, dir, data, env...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	net, err := graphs.Load(finalWeights(dir))
	if err != nil {
		t.Fatal(err)
	}
	return net.Params
}

// killAfter starts a child that may do a number of steps, and kills it once it has seen some begin. What it is doing then is up to the
// scheduler: computing, writing, syncing, renaming, or waiting. It returns false if the child ended by itself.
func killAfter(t testing.TB, cmd *exec.Cmd, allowed, seen int) bool {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() // at the end: the child waits as long as its input is open
	if _, err := in.Write(make([]byte, allowed)); err != nil {
		t.Error(err)
	}
	lines := bufio.NewScanner(out)
	for range seen {
		lines.Scan()
	}
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

var secondsOf = regexp.MustCompile(`("seconds":|(?m)^\d+,\d+,)[-+.e0-9]+`)

// timeless returns the logs in a folder without times.
func timeless(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range []string{"log.csv", "log.jsonl"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = secondsOf.ReplaceAllString(string(text), "${1}0")
	}
	return files
}
