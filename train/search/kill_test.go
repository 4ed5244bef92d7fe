package search_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/search"
)

// childResults names the results file of a process to kill: with this variable the test binary searches instead of testing.
const childResults = "SELFNORM_TEST_SEARCH_RESULTS"

// childShard makes it run one of four shards.
const childShard = "SELFNORM_TEST_SEARCH_SHARD"

func TestMain(m *testing.M) {
	path := os.Getenv(childResults)
	if path == "" {
		os.Exit(m.Run())
	}
	if err := child(path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// childConfig searches 240 points.
func childConfig(path string) (search.Config, error) {
	points, err := search.Space{
		search.Int("layers", 1, 2, 3, 4, 6, 8, 16, 32), search.Float("rate", 0.001, 0.01, 0.1, 1, 10),
		search.Choice("form", "rectangular", "conic", "diavolo"), search.Bool("bias"),
	}.Grid()
	return search.Config{Points: points, Seed: 7, Parallel: 2, Results: path, Key: "kill", Trial: learn}, err
}

// child searches. It prints each point when its trial begins, and then waits for a byte of input, unless the input has ended.
func child(path string) error {
	c, err := childConfig(path)
	if err != nil {
		return err
	}
	c.Trial = func(ctx context.Context, t *search.Trial) (search.Values, error) {
		fmt.Println(t.Point)
		if _, err := os.Stdin.Read(make([]byte, 1)); err != nil && err != io.EOF {
			return nil, err
		}
		return learn(ctx, t)
	}
	if shard := os.Getenv(childShard); shard != "" {
		s := search.Shard{Of: 4}
		if s.Number, err = strconv.Atoi(shard); err != nil {
			return err
		}
		c.Runner = s
	}
	var missing *search.Missing
	if _, err = search.Run(context.Background(), c); errors.As(err, &missing) {
		return nil // trials of the other shards
	}
	return err
}

// Four processes share a search. One is killed in the middle and started again. Merged, they have the results of one process, each trial once.
func TestKilledShard(t *testing.T) {
	c, err := childConfig("")
	if err != nil {
		t.Fatal(err)
	}
	want := table(t, run(t, c))
	dir := t.TempDir()
	var begun, again int
	for k := range 4 {
		t.Setenv(childShard, strconv.Itoa(k+1))
		path := filepath.Join(dir, strconv.Itoa(k+1))
		if k == 2 {
			begun = len(runChild(t, path, 30, 31))
		}
		if ran := len(runChild(t, path, 0, 0)); k == 2 {
			again = ran
		}
		c.Merge = append(c.Merge, path)
	}
	if begun < 31 || again < 60-31 || again > 60-28 { // at least 28 of the 30 that may finish are in the file
		t.Errorf("%d trials began before the kill, and %d after it", begun, again)
	}
	c.Results, c.Runner = filepath.Join(dir, "merged"), search.Nowhere{}
	if got := table(t, run(t, c)); got != want {
		t.Errorf("merged:\n%s\nwant\n%s", got, want)
	}
	if all := trials(t, c.Results); len(all) != 240 {
		t.Errorf("%d results, want 240", len(all))
	}
}

// A search that is killed 20 times and started again each time leaves the results of one that was left alone, and repeats no
// trial that has finished. Each start may finish up to 9 trials, so it cannot end before its kill.
func TestKill(t *testing.T) {
	alone, killed := filepath.Join(t.TempDir(), "results.jsonl"), filepath.Join(t.TempDir(), "results.jsonl")
	runChild(t, alone, 0, 0)
	const kills, most = 20, 9
	r := rand.New(rand.NewPCG(1, 2))
	finished := map[string]bool{}
	for kill := range kills + 1 {
		allowed, seen := 1+r.IntN(most), 0
		if kill == kills {
			allowed = 0
		} else {
			seen = 1 + r.IntN(allowed+2) // of those that may finish and the two that then wait
		}
		for _, point := range runChild(t, killed, allowed, seen) {
			if finished[point] {
				t.Errorf("after %d kills: %s had finished and was tried again", kill, point)
			}
		}
		for _, trial := range trials(t, killed) {
			finished[fmt.Sprint(trial.Point)] = true
		}
	}
	if len(finished) != 240 {
		t.Errorf("%d trials have finished, want 240", len(finished))
	}
	if got, want := sortedLines(t, killed), sortedLines(t, alone); !slices.Equal(got, want) {
		t.Errorf("after %d kills the results have %d lines, want the %d of a search that was left alone", kills, len(got), len(want))
	}
}

// runChild starts a search that may finish a number of trials, and kills it once it has seen some begin; what it is doing then is up to
// the scheduler. With 0 allowed the search runs to its end. It returns the trials that began.
func runChild(t *testing.T, path string, allowed, seen int) (begun []string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childResults+"="+path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if allowed > 0 {
		in, err := cmd.StdinPipe() // stays open, so that the trials that are not allowed wait
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Write(make([]byte, allowed)); err != nil {
			t.Fatal(err)
		}
	} else if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if begun = append(begun, lines.Text()); len(begun) == seen {
			cmd.Process.Kill()
		}
	}
	if err := cmd.Wait(); allowed == 0 && err != nil || allowed > 0 && len(begun) < seen {
		t.Fatalf("%d trials began, the search ended with %v: %s", len(begun), err, stderr.String())
	}
	return begun
}

// trials reads a results file whose last line may be torn.
func trials(t *testing.T, path string) []search.TrialResult {
	t.Helper()
	all, err := search.ReadTrials(path)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func sortedLines(t *testing.T, path string) []string {
	t.Helper()
	return slices.Sorted(strings.Lines(string(read(t, path))))
}
