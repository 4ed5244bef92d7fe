//go:build unix

package pipelines_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/beam/pipelines"
)

// benchmarkMolecules is the number of molecules of BenchmarkScreening.
const benchmarkMolecules = 50_000

// BenchmarkScreening predicts a file of molecules by -predict of examples/tox21 on two threads, and on Prism with four workers. It compares
// the rows, and reports molecules a second by the clock and by the processor time of the processes, whose ratio does not depend on what else runs.
func BenchmarkScreening(b *testing.B) {
	b.Setenv("SELFNORM_DATA", b.TempDir())
	tox21 := filepath.Join(programs(b, "tox21"), "tox21")
	dir := b.TempDir()
	model, input, out := filepath.Join(dir, "model"), filepath.Join(dir, "in.smi"), filepath.Join(dir, "out.csv")
	writeMolecules(b, input)
	run := func(args ...string) {
		if text, err := exec.Command(tox21, args...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, text)
		}
	}
	run("-quick", "-q", "-out", model)
	for i := range b.N {
		cpu, clock := childTime(b), time.Now()
		run("-model", model, "-predict", input, "-q", "-overwrite", "-threads", "2", "-out", out)
		aloneCPU, alone := childTime(b)-cpu, time.Since(clock)
		cpu, clock = childTime(b), time.Now()
		s := pipelines.Screening{
			Command: []string{tox21, "-threads", "1"}, Model: model, Inputs: input, Dir: filepath.Join(dir, fmt.Sprint(i)), Parts: 16, Workers: 4, Stderr: &bytes.Buffer{},
		}
		if err := s.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
		beamCPU, beam := childTime(b)-cpu, time.Since(clock)
		compare(b, out, s.Dir)
		b.ReportMetric(benchmarkMolecules/alone.Seconds(), "alone/s")
		b.ReportMetric(benchmarkMolecules/beam.Seconds(), "beam/s")
		b.ReportMetric(benchmarkMolecules/aloneCPU.Seconds(), "alone/cpu-s")
		b.ReportMetric(benchmarkMolecules/beamCPU.Seconds(), "beam/cpu-s")
	}
}

// compare fails unless the rows in a folder are those of a file.
func compare(b *testing.B, want, dir string) {
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for _, f := range files {
		all = append(all, rows(b, f)...)
	}
	alone := rows(b, want)
	slices.Sort(all)
	slices.Sort(alone)
	if len(all) != benchmarkMolecules || !slices.Equal(all, alone) {
		b.Fatalf("%d rows of parts, %d rows of one run, or they differ", len(all), len(alone))
	}
}

// writeMolecules writes the compounds of Tox21 again and again, and one line in a hundred that is no molecule.
func writeMolecules(b *testing.B, path string) {
	file, err := os.Open(filepath.Join("..", "..", "datasets", "tox21", "data", "tox21.smiles.csv.gz"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		b.Fatal(err)
	}
	compounds, err := csv.NewReader(zip).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	column := slices.Index(compounds[0], "smiles")
	compounds = compounds[1:]
	out, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := bufio.NewWriter(out)
	defer w.Flush()
	for i := range benchmarkMolecules {
		text := compounds[i%len(compounds)][column]
		if i%100 == 50 || text == "" {
			text = "C1CC"
		}
		fmt.Fprintf(w, "%s m%d\n", text, i)
	}
}

// childTime is the processor time of the child processes that have ended.
func childTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
