package training

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// parse parses flags with sensible defaults.
func parse(args ...string) (o Flags, code int, stderr string) {
	o = Flags{
		Net: "snn", Hidden: graphs.Hidden{Layers: 2, Units: 8, Outputs: 1}, Optimizer: "adam", Schedule: "cosine", Batch: 32, Epochs: 3, Seed: 7,
	}
	f := flag.NewFlagSet("prog", flag.ContinueOnError)
	o.Register(f, "data", "predict")
	var text bytes.Buffer
	code = program.Parse(f, "", args, &text, func() error {
		if given := program.Given(f); given["predict"] {
			return o.CheckUse("predict", o.Predict, given, "out")
		}
		return o.Check()
	})
	return o, code, text.String()
}

func TestMembers(t *testing.T) {
	for text, want := range map[string]Members{
		"": {N: 1}, "seeds:1": {N: 1}, "seeds:5": {N: 5}, "folds:2": {N: 2, Folds: true}, "folds:10": {N: 10, Folds: true},
	} {
		o, code, stderr := parse("-ensemble", text)
		if code >= 0 || o.Members != want {
			t.Errorf("%q: %+v, exit code %d, %s", text, o.Members, code, stderr)
		}
		if text != "" && o.Members.String() != text {
			t.Errorf("%q is written %q", text, o.Members)
		}
	}
	for _, text := range []string{"5", "seeds", "seeds:", "seeds:0", "folds:1", "seeds:-3", "seeds:2:3", "trees:2", "folds:1e3", "seeds:99999"} {
		if _, code, stderr := parse("-ensemble", text); code != 2 || !strings.Contains(stderr, "-ensemble "+text+": want seeds:N") {
			t.Errorf("%q: exit code %d, %s", text, code, stderr)
		}
	}
}

func TestFlagErrors(t *testing.T) {
	for _, args := range [][]string{
		{"-layers", "1001"}, {"-units", "0"}, {"-form", "round"}, {"-net", "cnn"}, {"-dropout", "1"},
		{"-input-dropout", "NaN"}, {"-lr", "-1"}, {"-optimizer", "x"}, {"-optimizer", ""}, {"-schedule", "x"}, {"-l2", "Inf"}, {"-batch", "1"}, {"-epochs", "0"},
		{"-threads", "-1"}, {"-log", "curves"}, {"-log", "curves.txt"}, {"-onnx", "f", "-ensemble", "seeds:2"}, {"-model", "m"},
		{"-predict", "", "-model", "m"}, {"-predict", "x"}, {"-predict", "x", "-model", "m", "-epochs", "3"}, {"-predict", "x", "-out", "m"},
	} {
		if _, code, stderr := parse(args...); code != 2 || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "prog: -") {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
	// A limit that is exceeded is named.
	for _, args := range [][3]string{{"-lr", "1e6", "1000000"}, {"-l2", "1e6", "1000000"}, {"-epochs", "1000001", "1000000"}, {"-layers", "1001", "1000"},
		{"-units", "65537", "65536"}, {"-batch", "1048577", "1048576"}, {"-threads", "1025", "1024"}, {"-ensemble", "seeds:10001", "10000"}} {
		if _, code, stderr := parse(args[0], args[1]); code != 2 || !strings.Contains(strings.SplitN(stderr, ": want ", 2)[1], args[2]) {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
	if _, code, stderr := parse("-predict", "x", "-model", "m", "-out", "p"); code >= 0 {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

// The names that a run uses in its folders are refused for other files, and no other names.
func TestReserved(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "run", "network-2"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{
		"run": false, "run/network-2": false, "run/network-3": true, "run/network-02": true, "run/net": true, "run/network-2/best.safetensors": false,
		"run/network-2/step-000000000012.safetensors": false, "run/network-2/checkpoints.lock": false, "run/network-2/net.safetensors": true,
	} {
		for flag, own := range map[string]bool{"-checkpoint": true, "-tensorboard": !strings.HasPrefix(name, "run/network-2/")} {
			o, _, stderr := parse("-ensemble", "seeds:2", flag, filepath.Join(dir, "run"), "-out", filepath.Join(dir, name))
			if err := o.files().Try(); err == nil != (ok || !own) {
				t.Errorf("%s %s: %v %s", flag, name, err, stderr)
			}
		}
	}
	events := filepath.Join(dir, "run", "network-2", "events.out.tfevents.0.selfnorm.0")
	o, _, _ := parse("-ensemble", "seeds:2", "-tensorboard", filepath.Join(dir, "run"), "-json", events)
	if err := o.files().Try(); err == nil || !strings.Contains(err.Error(), "-tensorboard uses") {
		t.Errorf("events: %v", err)
	}
}

// Each member has its own seed, logs and folder of checkpoints.
func TestConfig(t *testing.T) {
	dir := t.TempDir()
	o, _, _ := parse("-checkpoint", dir, "-q", "-log", "curves.csv", "-tensorboard", "runs", "-ensemble", "seeds:2")
	for k := range 2 {
		c, err := o.config(k)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("network-%d", k+1)
		if want := filepath.Join(dir, name); c.Seed != 7+uint64(k) || c.Checkpoint.Dir != want || !c.Checkpoint.Resume || len(c.Callbacks) != 3 {
			t.Errorf("member %d: %+v", k, c)
		}
		if log, ok := c.Callbacks[1].(*optional).log.(*logs.CSVLog); !ok || log.Path != fmt.Sprintf("curves-%d.csv", k+1) {
			t.Errorf("member %d has the log %+v", k, c.Callbacks[1])
		}
		if log, ok := c.Callbacks[2].(*optional).log.(*tensorboard.Log); !ok || log.Dir != filepath.Join("runs", name) {
			t.Errorf("member %d has the log %+v", k, c.Callbacks[2])
		}
	}
}

// Every output is tried, and compared with the input and with the others.
func TestOutputs(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none", "r")
	for _, name := range []string{"out", "json", "onnx", "report"} {
		if o, _, _ := parse("-"+name, none); o.files().Try() == nil {
			t.Errorf("-%s in a folder that does not exist is no error", name)
		}
	}
	file := filepath.Join(dir, "log-2.csv")
	o, code, stderr := parse("-log", filepath.Join(dir, "log.csv"), "-ensemble", "seeds:2", "-json", file)
	if err := o.files().Try(); code >= 0 || err == nil || !strings.Contains(err.Error(), "-json") {
		t.Errorf("exit code %d, %s, error %v", code, stderr, err)
	}
}
