package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/pkg/errors"
)

// streaming shows that predictions for a file of any length take constant memory, and that they may be killed at any moment: it predicts a file of molecules with
// examples/tox21, once alone, and once killed again and again, and compares what both leave behind.
func streaming(ctx context.Context, o *options, dir string, w io.Writer) error {
	s := &streamed{dir: dir, program: filepath.Join(dir, "tox21"), model: filepath.Join(dir, "model.safetensors"), input: filepath.Join(dir, "molecules.smi")}
	if err := s.prepare(ctx, o); err != nil {
		return err
	}
	alone, killed := filepath.Join(dir, "alone"+o.out), filepath.Join(dir, "killed"+o.out)
	one, err := s.predict(ctx, alone, never)
	if err != nil {
		return err
	}
	if !one.ended {
		return errors.New("the process that was left alone was killed")
	}
	if o.out == csvOut {
		if err := checkAnswers(alone, s.input); err != nil {
			return err
		}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "       run\tmolecules\t  bad\tkills\tseconds\tCPU s\tMB after a tenth\tMB in the end\tMB at most\t")
	one.line(table, "left alone", o, 0)
	if err := table.Flush(); err != nil { // the next line takes as long
		return err
	}
	all, kills, err := s.killed(ctx, killed, o)
	if err != nil {
		return err
	}
	differences := differing(alone, killed)
	all.line(table, "killed", o, kills)
	if err := table.Flush(); err != nil {
		return err
	}
	if len(differences) > 0 {
		for _, d := range differences {
			fmt.Fprintln(w, d)
		}
		return errors.Errorf("%d differences after %d kills", len(differences), kills)
	}
	fmt.Fprintf(w, "%s: the same bytes\n", filepath.Base(killed))
	if most := max(one.most, all.most); most > memoryLimit {
		return errors.Errorf("%.0f MB of memory, want at most %d", most, memoryLimit)
	}
	if kills < o.kills {
		return errors.Errorf("the processes ended after %d kills, want %d; use more molecules", kills, o.kills)
	}
	return nil
}

// memoryLimit is the most that a process may take, in MB.
const memoryLimit = 500

// The kinds of outputs.
const csvOut, parquetOut = ".csv", ".parquet"

// streamed are the files of the experiment.
type streamed struct{ dir, program, model, input string }

// prepare builds the program, trains a small network and writes the molecules.
func (s *streamed) prepare(ctx context.Context, o *options) error {
	for _, args := range [][]string{
		{"go", "build", "-o", s.program, "github.com/selfnorm/selfnorm/examples/tox21"},
		{s.program, "-q", "-quick", "-out", s.model, "-overwrite"},
	} {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil {
			return errors.Wrapf(err, "%v: %s", args, bytes.TrimSpace(out.Bytes()))
		}
	}
	return writeMolecules(ctx, s.input, o.molecules)
}

// process holds the measurements of one process, or of several together.
type process struct {
	ended       bool
	wall, cpu   time.Duration
	early, late float64 // MB, after a tenth and in the end
	most        float64 // MB
}

func (p *process) line(w io.Writer, name string, o *options, kills int) {
	fmt.Fprintf(w, "%10s\t%9d\t%5d\t%5d\t%7.0f\t%5.0f\t%16.0f\t%13.0f\t%10.0f\t\n", name, o.molecules, bad(o.molecules), kills, p.wall.Seconds(), p.cpu.Seconds(), p.early, p.late, p.most)
}

// moment is when to kill a process: some time after so many molecules are recorded as answered.
type moment struct {
	rows  int64
	delay time.Duration
}

// never is the moment of a process that is left alone.
var never = moment{rows: math.MaxInt64}

// wait waits for the moment of a process with an output, or for its end.
func (m moment) wait(out string, ended <-chan struct{}) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for recorded(out) < m.rows {
		select {
		case <-ended:
			return
		case <-ticker.C:
		}
	}
	select {
	case <-ended:
	case <-time.After(m.delay):
	}
}

// recorded returns how many molecules the record beside an output says are answered.
func recorded(out string) int64 {
	var r struct{ Rows int64 }
	text, err := os.ReadFile(out + ".partial.json")
	if err != nil || json.Unmarshal(text, &r) != nil {
		return 0
	}
	return r.Rows
}

// predict starts a process that predicts the molecules, and kills it at a moment unless it has ended.
func (s *streamed) predict(ctx context.Context, out string, at moment) (*process, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.program, "-predict", s.input, "-model", s.model, "-out", out) // kills the process when ctx is done
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, errors.WithStack(err)
	}
	ended := make(chan struct{})
	if at != never {
		go func() {
			at.wait(out, ended)
			cancel()
		}()
	}
	sizes := make(chan []float64)
	go func() { sizes <- watchMemory(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	close(ended)
	p := &process{ended: err == nil, wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if all := <-sizes; len(all) > 0 {
		p.early, p.late = all[len(all)/10], all[len(all)-1]
		p.most = slices.Max(all)
	}
	if err != nil && (ctx.Err() == nil || cmd.ProcessState.Exited()) {
		return nil, errors.Wrapf(err, "%s", bytes.TrimSpace(text.Bytes()))
	}
	return p, nil
}

// watchMemory measures the memory of a process, in MB, until it has ended.
func watchMemory(pid int, ended <-chan struct{}) (sizes []float64) {
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ended:
			return sizes
		case <-ticker.C:
			if n := residentMemory(pid); n > 0 {
				sizes = append(sizes, float64(n)/1e6)
			}
		}
	}
}

// killed predicts the molecules by processes that are killed at random moments.
func (s *streamed) killed(ctx context.Context, out string, o *options) (*process, int, error) {
	r := rand.New(rand.NewPCG(o.seed, 1))
	at := make([]int64, o.kills) // when this many are answered
	for i := range at {
		at[i] = r.Int64N(int64(o.molecules)*9/10 + 1)
	}
	slices.Sort(at)
	all, kills := &process{}, 0
	for !all.ended {
		when := never
		if kills < o.kills {
			when = moment{at[kills], time.Duration(r.Int64N(int64(1500 * time.Millisecond)))}
		}
		p, err := s.predict(ctx, out, when)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, kills, errors.Wrapf(err, "after %d kills", kills)
		}
		if _, err := os.Lstat(out); (err == nil) != p.ended {
			return nil, kills, errors.Errorf("after %d kills the process has ended: %v, but its output exists: %v", kills, p.ended, err == nil)
		}
		if !p.ended {
			kills++
		}
		all.ended, all.wall, all.cpu, all.most = p.ended, all.wall+p.wall, all.cpu+p.cpu, max(all.most, p.most)
		all.late = p.late
		if all.early == 0 {
			all.early = p.early
		}
	}
	return all, kills, nil
}

// differing returns what differs between two files or folders, and what else is left of the second.
func differing(want, got string) (differences []string) {
	names := []string{""}
	if entries, err := os.ReadDir(want); err == nil {
		names = nil
		for _, e := range entries {
			names = append(names, e.Name())
		}
		if others, err := os.ReadDir(got); err != nil || len(others) != len(entries) {
			differences = append(differences, fmt.Sprintf("%s has %d files, %s %d", got, len(others), want, len(entries)))
		}
	}
	for _, name := range names {
		if d := sameLong(filepath.Join(want, name), filepath.Join(got, name)); d != "" {
			differences = append(differences, d)
		}
	}
	if left, _ := filepath.Glob(got + ".partial*"); len(left) > 0 {
		left = slices.DeleteFunc(left, func(path string) bool { return filepath.Ext(path) == ".lock" })
		for _, path := range left {
			differences = append(differences, path+" was left behind")
		}
	}
	return differences
}

// sameLong is sameFile for files of any length.
func sameLong(want, got string) string {
	var files [2]*os.File
	for i, path := range []string{want, got} {
		var err error
		if files[i], err = os.Open(path); err != nil {
			return err.Error()
		}
		defer files[i].Close()
	}
	var blocks [2][1 << 16]byte
	for at := 0; ; at += len(blocks[0]) {
		a, errA := io.ReadFull(files[0], blocks[0][:])
		b, errB := io.ReadFull(files[1], blocks[1][:])
		switch {
		case a != b || !bytes.Equal(blocks[0][:a], blocks[1][:b]):
			return fmt.Sprintf("%s differs from %s behind byte %d", got, want, at)
		case errA != nil || errB != nil:
			return ""
		}
	}
}
