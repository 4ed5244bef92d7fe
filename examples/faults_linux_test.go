package examples_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/datasets/htru2"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/datasets/uci"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/graphs/pytorch"
	"github.com/selfnorm/selfnorm/internal/pipe"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/report"
	"github.com/selfnorm/selfnorm/train/search"
)

// A read that fails (input/output error), a device in place of a file, and a folder are errors that name the path, for every reader.
func TestReadsFail(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken")
	if err := os.Symlink("/proc/self/mem", broken); err != nil { // reading its first page fails
		t.Fatal(err)
	}
	if _, err := os.ReadFile(broken); !errors.Is(err, syscall.EIO) {
		t.Skip("reading memory gives ", err)
	}
	for name, read := range readers(t) {
		for _, path := range []string{broken, dir} {
			if err := read(path); err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s of %s: error %v", name, path, err)
			}
		}
	}
	for _, read := range []func(string) error{
		func(path string) error { _, err := uci.Tasks(path); return err },
		func(path string) error { _, err := tox21.ReadMatrices(path, 0); return err },
		func(path string) error { _, err := tox21.ReadDeepTox(t.Context(), path, 1); return err },
	} {
		if err := read(broken); err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("a device as a folder: %v", err)
		}
	}
}

// A pipe that nobody writes to, or reads from, is an error that names the path, for every reader and log.
func TestPipesAlone(t *testing.T) {
	defer func(d time.Duration) { pipe.Patience = d }(pipe.Patience)
	pipe.Patience = time.Millisecond
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, read := range readers(t) {
		if err := read(path); err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// readers are the functions and callbacks that read a file.
func readers(t *testing.T) map[string]func(path string) error {
	set, net := irisNetwork(t)
	return map[string]func(path string) error{
		"graphs.Load":          func(path string) error { _, err := graphs.Load(path); return err },
		"graphs.LoadAll":       func(path string) error { _, err := graphs.LoadAll(path); return err },
		"pytorch.Load":         func(path string) error { return pytorch.Load(net, path) },
		"csv.Read":             func(path string) error { _, err := csv.Read(path, csv.Options{Target: "y"}); return err },
		"csv.LoadEncoder":      func(path string) error { _, err := csv.LoadEncoder(path); return err },
		"htru2.Read":           func(path string) error { _, err := htru2.Read(path); return err },
		"tox21.ReadSMILES":     func(path string) error { _, err := tox21.ReadSMILES(t.Context(), path, 1); return err },
		"tox21.ReadDeepChem":   func(path string) error { _, err := tox21.ReadDeepChem(t.Context(), path, 1); return err },
		"tox21.LoadFeaturizer": func(path string) error { _, err := tox21.LoadFeaturizer(path); return err },
		"search.ReadTrials":    func(path string) error { _, err := search.ReadTrials(path); return err },
		"train.Checkpoint.From": func(path string) error {
			return fit(t, net, set, train.Config{Checkpoint: &train.Checkpoint{From: path}})
		},
		"logs.CSVLog": func(path string) error {
			return fit(t, net, set, train.Config{Callbacks: []train.Callback{&logs.CSVLog{Path: path}}})
		},
		"logs.JSONLog": func(path string) error {
			return fit(t, net, set, train.Config{Callbacks: []train.Callback{&logs.JSONLog{Path: path}}})
		},
	}
}

// Every file that cannot be written, because the disk is full or the folder has vanished, is an error that names it.
func TestWritesFail(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err)
	}
	_, net := irisNetwork(t)
	for name, write := range map[string]func(path string) error{
		"Network.Save":   net.Save,
		"graphs.SaveAll": func(path string) error { return graphs.SaveAll(path, []*graphs.Network{net}) },
		"onnx.Save":      func(path string) error { return onnx.Save(path, net, onnx.Options{}) },
		"pytorch.Save":   func(path string) error { return pytorch.Save(path, net, nil) },
		"report.Write":   func(path string) error { return report.Write(path, report.Run{}) },
	} {
		if err := write(full); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), full) {
			t.Errorf("%s to a full disk: error %v", name, err)
		}
		gone := filepath.Join(t.TempDir(), "gone", "file")
		if err := write(gone); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), gone) {
			t.Errorf("%s to a folder that is not there: error %v", name, err)
		}
	}
}

func irisNetwork(t *testing.T) (*datasets.Set, *graphs.Network) {
	t.Helper()
	set, err := classics.Iris()
	if err != nil {
		t.Fatal(err)
	}
	net, err := graphs.New(graphs.SNN{Layers: 1, Units: 4, Outputs: 3}, set.Inputs(), graphs.CrossEntropy)
	if err != nil {
		t.Fatal(err)
	}
	return set, net
}

func fit(t *testing.T, net *graphs.Network, set *datasets.Set, c train.Config) error {
	t.Helper()
	c.Warn = func(string) {}
	_, err := train.Fit(t.Context(), net, set, c)
	return err
}
