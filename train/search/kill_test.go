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
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/train/search"
)

// childResults names the results file of a process to kill: with this variable the test binary searches instead of testing.
const childResults = "SELFNORM_TEST_SEARCH_RESULTS"

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

// child searches 240 points, and prints each when its trial begins.
func child(path string) error {
	points, err := search.Space{
		search.Int("layers", 1, 2, 3, 4, 6, 8, 16, 32), search.Float("rate", 0.001, 0.01, 0.1, 1, 10),
		search.Choice("form", "rectangular", "conic", "diavolo"), search.Bool("bias"),
	}.Grid()
	if err != nil {
		return err
	}
	_, err = search.Run(context.Background(), search.Config{
		Points: points, Seed: 7, Parallel: 2, Results: path, Key: "kill",
		Trial: func(ctx context.Context, t *search.Task) (search.Values, error) {
			fmt.Println(t.Point)
			return learn(ctx, t)
		},
	})
	return err
}

// A search that is killed at 20 random moments and started again each time leaves the results of one that was left alone, and repeats no
// trial that has finished.
func TestKill(t *testing.T) {
	alone, killed := filepath.Join(t.TempDir(), "results.jsonl"), filepath.Join(t.TempDir(), "results.jsonl")
	runChild(t, alone, -1, 0)
	r := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for finished := map[string]bool{}; ; kills++ {
		n := -1
		if kills < 20 {
			n = 1 + r.IntN(9)
		}
		for _, point := range runChild(t, killed, n, time.Duration(r.Int64N(int64(2*time.Millisecond)))) {
			if finished[point] {
				t.Errorf("after %d kills: %s had finished and was tried again", kills, point)
			}
		}
		for _, trial := range trials(t, killed) {
			finished[fmt.Sprint(trial.Point)] = true
		}
		if n < 0 {
			break
		}
		if len(finished) == 240 {
			t.Fatalf("the search ended after %d kills", kills)
		}
	}
	if got, want := sortedLines(t, killed), sortedLines(t, alone); !slices.Equal(got, want) {
		t.Errorf("after %d kills the results have %d lines, want the %d of a search that was left alone", kills, len(got), len(want))
	}
}

// runChild starts a search and kills it a time after n trials have begun, or lets it end if n < 0. It returns the trials that began.
func runChild(t *testing.T, path string, n int, later time.Duration) (begun []string) {
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
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if begun = append(begun, lines.Text()); len(begun) == n {
			time.Sleep(later) // a random moment, not a condition to wait for
			cmd.Process.Kill()
		}
	}
	io.Copy(io.Discard, out)
	if err := cmd.Wait(); n < 0 && err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	return begun
}

// trials reads a results file whose last line may be torn.
func trials(t *testing.T, path string) []search.Trial {
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
