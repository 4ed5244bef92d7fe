package pipelines_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/x/beamx"
)

// stub makes the test binary a program with trials: -n of them, of which those that a line of -fail, -crash or -refuse names end so.
const stub = "SELFNORM_TEST_BEAM_STUB"

func TestMain(m *testing.M) {
	if os.Getenv(stub) != "" {
		os.Exit(runStub(os.Args[1:]))
	}
	beam.Init()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	_ = beamx.Run // registers the runners
	os.Exit(m.Run())
}

// stubHeader is the first line of results files.
const stubHeader = `{"format":"selfnorm search","version":1,"key":"stub","seed":1}`

// stubFlags are the values of the flags of the stub.
type stubFlags struct {
	out, trials         string
	n                   int
	wait                time.Duration // of each trial
	fail, crash, refuse []string
	merge               bool
}

func parseStub(args []string) (f stubFlags) {
	for i, arg := range args {
		next := ""
		if i+1 < len(args) {
			next = args[i+1]
		}
		switch arg {
		case "-out":
			f.out = next
		case "-trials":
			f.trials = next
		case "-n":
			f.n, _ = strconv.Atoi(next)
		case "-wait":
			f.wait, _ = time.ParseDuration(next)
		case "-fail":
			f.fail = strings.Split(next, ",")
		case "-crash":
			f.crash = strings.Split(next, ",")
		case "-refuse":
			f.refuse = strings.Split(next, ",")
		case "-merge":
			f.merge = true
		}
	}
	return f
}

func runStub(args []string) int {
	f := parseStub(args)
	switch {
	case f.trials == "serve":
		return serveStub(f)
	case f.trials == "list":
		known := stubResults(f.out)
		for i := range f.n {
			if len(known[strconv.Itoa(i)]) == 0 {
				fmt.Printf(`{"key":"stub","seed":1,"point":{"x":%d}}`+"\n", i)
			}
		}
	case f.merge: // the table: each trial with the number of its results
		known := stubResults(f.out)
		for i := range f.n {
			fmt.Println(i, len(known[strconv.Itoa(i)]), slices.Contains(known[strconv.Itoa(i)], ""))
		}
	}
	return 0
}

func serveStub(f stubFlags) int {
	fmt.Println(stubHeader)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		x := stubPoint(lines.Bytes())
		time.Sleep(f.wait)
		switch {
		case slices.Contains(f.crash, x):
			fmt.Fprintln(os.Stderr, "fatal error: out of memory\n\ngoroutine 1 [running]:")
			return 2
		case slices.Contains(f.refuse, x):
			fmt.Fprintln(os.Stderr, "stub: other data")
			return 1
		case slices.Contains(f.fail, x):
			fmt.Printf(`{"point":{"x":%s},"failure":"panic: oh"}`+"\n", x)
		default:
			fmt.Printf(`{"point":{"x":%s},"curve":[1]}`+"\n", x)
		}
	}
	return 0
}

func stubPoint(line []byte) string {
	var j struct {
		Point struct {
			X int `json:"x"`
		} `json:"point"`
	}
	if json.Unmarshal(line, &j) != nil {
		return ""
	}
	return strconv.Itoa(j.Point.X)
}

// stubResults returns the failures of the results beside a file, by trial; empty for those that succeeded.
func stubResults(out string) map[string][]string {
	known := map[string][]string{}
	files, _ := filepath.Glob(strings.TrimSuffix(out, ".jsonl") + ".shard-*.jsonl")
	for _, f := range files {
		text, _ := os.ReadFile(f)
		if !bytes.HasPrefix(text, []byte(stubHeader+"\n")) {
			known["bad header"] = append(known["bad header"], f)
		}
		for line := range bytes.Lines(bytes.TrimPrefix(text, []byte(stubHeader+"\n"))) {
			var r struct {
				Failure string `json:"failure"`
			}
			_ = json.Unmarshal(line, &r)
			known[stubPoint(line)] = append(known[stubPoint(line)], r.Failure)
		}
	}
	return known
}

// programs builds programs of the main module.
func programs(t testing.TB, names ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	args := []string{"build", "-o", dir + string(filepath.Separator)}
	for _, name := range names {
		args = append(args, "./examples/"+name)
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}
