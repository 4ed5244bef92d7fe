package parallel_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/callback"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/parallel"
)

// config is a training of 16 steps in 2 epochs of 8 shards; the last step of an epoch has fewer, one of them with fewer rows.
func config() train.Config {
	return train.Config{Epochs: 2, Batch: 8, Accumulate: 8, Seed: 3, Threads: 1, Optimizer: optim.Adam{}, Average: 0.9, Warn: func(string) {}, Validation: traintest.Spirals(40, 2)}
}

// rows are those that config is for.
var rows = traintest.Spirals(8*8*7+8*3+5, 1)

// bits are the weights of a network.
func bits(t testing.TB, net *graphs.Network) (all []uint64) {
	t.Helper()
	for _, p := range net.Params.All() {
		x, err := dense.Elements(p.Value)
		if err != nil {
			t.Fatal(err)
		}
		for i := range x.Len() {
			all = append(all, math.Float64bits(x.At(i)))
		}
	}
	return all
}

func mustSay(t testing.TB, what string, err error, texts ...string) {
	t.Helper()
	if err == nil || slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(err.Error(), text) }) {
		t.Errorf("%s: error %v, want one that says %q", what, err, texts)
	}
}

// With this variable, which holds rank, size, address, folder and the step at which to stop, the test binary is one of several processes.
const childProcess = "SELFNORM_TEST_PROCESS"

func TestMain(m *testing.M) {
	args, ok := os.LookupEnv(childProcess)
	if !ok {
		os.Exit(m.Run())
	}
	if err := child(strings.Fields(args)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// hanging is a callback that stops the process at a step: it waits until it is killed.
type hanging struct{ at int }

func (h hanging) AfterStep(_ context.Context, s *callback.State) error {
	if s.Step == h.at {
		select {}
	}
	return nil
}

// child is one process of several.
func child(args []string) error {
	rank, _ := strconv.Atoi(args[0])
	size, _ := strconv.Atoi(args[1])
	stop, _ := strconv.Atoi(args[4])
	net, err := graphs.New(traintest.Small, graphs.Matrix(2), graphs.CrossEntropy, graphs.Seed(1))
	if err != nil {
		return err
	}
	c := config()
	c.Checkpoint = &train.Checkpoint{Dir: filepath.Join(args[3], "run"), Resume: true, EverySteps: 3}
	c.Callbacks = []train.Callback{hanging{stop}}
	var g *parallel.Group
	if ctx := context.Background(); rank == 0 {
		g, err = parallel.Listen(ctx, args[2], size, parallel.Options{Secret: "s"})
	} else {
		g, err = parallel.Join(ctx, args[2], rank, size, parallel.Options{Secret: "s"})
	}
	if err != nil {
		return err
	}
	c.Parallel = g
	if _, err := train.Fit(context.Background(), net, rows, c); err != nil {
		return err
	}
	return net.Save(filepath.Join(args[3], fmt.Sprint("net", rank)))
}

// start starts a process.
func start(t testing.TB, rank, size int, address, dir string, stop int) (*exec.Cmd, *strings.Builder) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd, out := exec.Command(self), &strings.Builder{}
	cmd.Env = append(os.Environ(), childProcess+"="+fmt.Sprint(rank, " ", size, " ", address, " ", dir, " ", stop))
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

var errStop = errors.New("stopped by the test")
