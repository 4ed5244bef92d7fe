package stream_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// The test binary is the process that is killed, too: it answers numbers in a file.
func TestMain(m *testing.M) {
	if path := os.Getenv("STREAM_TEST_FILE"); path != "" {
		if err := answer(path, numbers(600), 0, time.Millisecond); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var facts = []stream.Fact{{Name: "model", Value: "1"}, {Name: "-coverage", Value: "0.9"}}

var errCut = errors.New("cut")

// answer answers a source in a file, and ends with errCut after a number of blocks unless it is 0. Each block takes some time.
func answer(path string, s stream.Source[string], most int, pause time.Duration) error {
	f, state, err := stream.Create(path, facts, false)
	if err != nil {
		return err
	}
	defer f.Close()
	f.Every = time.Duration(rand.IntN(3)) * time.Millisecond
	long := 0
	if state.Tally != nil {
		if err := json.Unmarshal(state.Tally, &long); err != nil {
			return err
		}
	}
	b, err := stream.NewBlocks(s)
	if err == nil {
		err = b.Skip(context.Background(), state.Place)
	}
	if err != nil {
		return err
	}
	do := func(_ context.Context, b *stream.Block[string]) (*stream.Block[string], error) {
		time.Sleep(pause)
		return b, nil
	}
	blocks := 0
	err = stream.Run(context.Background(), 3, b.Next, do, func(b *stream.Block[string]) error {
		if blocks++; blocks > most && most > 0 {
			return errCut
		}
		var text []byte
		for _, r := range b.Records {
			if len(r) > 20 {
				long++
			}
			text = fmt.Appendf(text, "%s %d long\n", r, long)
		}
		tally, err := json.Marshal(long)
		if err != nil {
			return err
		}
		return f.Append(text, stream.State{Place: b.After, Tally: tally})
	})
	if err != nil {
		return err
	}
	return f.Publish()
}

// alone is the file of a process that was left alone.
func alone(t *testing.T, s stream.Source[string]) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "alone")
	if err := answer(path, s, 0, 0); err != nil {
		t.Fatal(err)
	}
	return read(t, path)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantFiles checks which files a folder holds.
func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

// A file that is cut at random moments, with torn ends, and continued has the bytes of one that was not.
func TestCuts(t *testing.T) {
	want := alone(t, numbers(300))
	for range 4 {
		dir := t.TempDir()
		path := filepath.Join(dir, "out.csv")
		if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
			t.Fatal(err)
		}
		for {
			err := answer(path, numbers(300), 5+rand.IntN(20), 0)
			if err == nil {
				break
			}
			if !errors.Is(err, errCut) || read(t, path) != "old" {
				t.Fatal(err)
			}
			wantFiles(t, dir, "out.csv", "out.csv.partial", "out.csv.partial.json")
			f, err := os.OpenFile(path+".partial", os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(f, want[:rand.IntN(50)]) // what a process wrote before it was killed
			f.Close()
		}
		if got := read(t, path); got != want {
			t.Fatalf("%d bytes, want %d", len(got), len(want))
		}
		wantFiles(t, dir, "out.csv")
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("permissions %v (%v)", info.Mode(), err)
		}
	}
}

// Another run's file is not continued: the error says what differs. restart begins anew.
func TestOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	if err := answer(path, numbers(300), 5, 0); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	for want, other := range map[string][]stream.Fact{
		`model was "1" and is "2" now`:              {{Name: "model", Value: "2"}, facts[1]},
		`it has -coverage "0.9", this run has none`: facts[:1],
		`it has no -id, this run has "x"`:           {facts[0], {Name: "-id", Value: "x"}},
		`this run has "more"`:                       {facts[0], facts[1], {Name: "y", Value: "more"}},
	} {
		if _, _, err := stream.Create(path, other, false); !errors.Is(err, stream.ErrOther) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path+".partial") {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := answer(path, numbers(2), 0, 0); !errors.Is(err, stream.ErrChanged) {
		t.Errorf("another source: %v", err)
	}
	if err := os.Truncate(path+".partial", 3); err != nil {
		t.Fatal(err)
	}
	if err := answer(path, numbers(300), 0, 0); !errors.Is(err, stream.ErrOther) || !strings.Contains(err.Error(), "it has 3 bytes") {
		t.Errorf("a shorter file: %v", err)
	}
	f, state, err := stream.Create(path, nil, true)
	if err != nil || state.Rows != 0 || f.Began() {
		t.Fatal(state, err)
	}
	if _, _, err := stream.Create(path, nil, true); err == nil {
		t.Error("a second process has the file")
	}
	if err := f.Remove(); err != nil {
		t.Error(err)
	}
	wantFiles(t, filepath.Dir(path))
	for _, text := range []string{"", "{", `{"version": 9}`, `{"version":1,"rows":-1}`} {
		if err := os.WriteFile(path+".partial", []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+".partial.json", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := stream.Create(path, facts, false); err == nil {
			t.Errorf("record %q: no error", text)
		}
	}
}
