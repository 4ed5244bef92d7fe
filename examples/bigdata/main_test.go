package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/datasets/parquet"
	"github.com/selfnorm/selfnorm/datasets/rowfile"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
)

// With this variable the test binary is the program, with the arguments that it holds.
const childArguments = "SELFNORM_TEST_BIGDATA"

func TestMain(m *testing.M) {
	args, ok := os.LookupEnv(childArguments)
	if !ok {
		os.Exit(m.Run())
	}
	program.Main(func(ctx context.Context, _ []string, stdout, stderr io.Writer) int {
		return run(ctx, strings.Split(args, "\n"), stdout, stderr)
	})
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := programtest.Run(run, args...)
	if code != 0 {
		t.Fatalf("%q: exit code %d: %s", args, code, stderr)
	}
	return stdout
}

// A training that is killed in the middle of an epoch and continued gives the bytes of one that was left alone, whatever the number of threads.
func TestKillInEpoch(t *testing.T) {
	dir := t.TempDir()
	rows, whole, cut, folder := filepath.Join(dir, "a.rows"), filepath.Join(dir, "whole"), filepath.Join(dir, "cut"), filepath.Join(dir, "run")
	must(t, "-generate", "0.00018", "-columns", "8", "-rows", rows)
	flags := []string{"-rows", rows, "-q", "-layers", "2", "-units", "8", "-batch", "4", "-epochs", "1", "-validation-rows", "300"}
	must(t, append(flags, "-out", whole, "-threads", "1")...)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childArguments+"="+strings.Join(append(flags, "-checkpoint", folder, "-checkpoint-steps", "1"), "\n"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if saved, _ := filepath.Glob(filepath.Join(folder, "step-*7.safetensors")); len(saved) > 0 || time.Now().After(deadline) {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if cmd.Wait() == nil {
		t.Fatal("the training ended before it was killed")
	}
	must(t, append(flags, "-out", cut, "-checkpoint", folder, "-checkpoint-steps", "100000")...)
	a, errA := os.ReadFile(whole)
	b, errB := os.ReadFile(cut)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the networks differ (%v, %v)", errA, errB)
	}
}

// Two processes save the network that one saves.
func TestProcesses(t *testing.T) {
	dir := t.TempDir()
	rows, one, two := filepath.Join(dir, "a.rows"), filepath.Join(dir, "one"), filepath.Join(dir, "two")
	must(t, "-generate", "0.0001", "-columns", "8", "-rows", rows)
	flags := []string{"-rows", rows, "-q", "-layers", "2", "-units", "8", "-batch", "64", "-validation-rows", "300"}
	must(t, append(flags, "-processes", "1", "-out", one)...)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	flags = append(flags, "-processes", "2", "-address", l.Addr().String())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childArguments+"="+strings.Join(append(flags, "-rank", "1", "-out", two), "\n"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	must(t, append(flags, "-out", two)...)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	a, errA := os.ReadFile(one)
	b, errB := os.ReadFile(two)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the networks differ (%v, %v)", errA, errB)
	}
}

// visitors is a table of n rows, some without a label, as CSV and as Parquet.
func visitors(t *testing.T, n int) (text, columns string) {
	t.Helper()
	dir := t.TempDir()
	text, columns = filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	var b strings.Builder
	b.WriteString("age,town,y\n")
	f, err := os.Create(columns)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := parquet.NewWriter(f, []parquet.Column{{Name: "age", Number: true}, {Name: "town"}, {Name: "y"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		age, town, y := 20+i*7%50, []string{"Linz", "Graz"}[i%2], []string{"no", "yes"}[i*7%50/25]
		if i%10 == 3 {
			y = ""
		}
		fmt.Fprintf(&b, "%d,%s,%s\n", age, town, y)
		row := []parquet.Value{{Number: float64(age)}, {Text: town}, {Text: y, Missing: y == ""}}
		if err := w.Write([][]parquet.Value{row}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return text, columns
}

// A table becomes the same rows from CSV and from Parquet: those with a label, in the encoding of an encoder of all rows. A training on them learns.
func TestConvert(t *testing.T) {
	text, columns := visitors(t, 3000)
	dir := t.TempDir()
	var sums []string
	for i, data := range []string{text, columns} {
		rows := filepath.Join(dir, fmt.Sprint(i))
		stdout := must(t, "-data", data, "-target", "y", "-rows", rows)
		if !strings.Contains(stdout, "300 rows without a value of the target are left out") {
			t.Error(stdout)
		}
		f, err := rowfile.Open(rows)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		d := f.Description()
		encoder := &csv.Encoder{}
		if err := json.Unmarshal(d.Encoder, encoder); err != nil || d.Rows != 2700 || d.Width != 3 || len(d.Classes) != 2 {
			t.Errorf("%d rows of %d features, classes %q (%v)", d.Rows, d.Width, d.Classes, err)
		}
		m, err := f.All().Moments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.Scaler("standardize", 0)
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, fmt.Sprint(s.Steps()))
	}
	if sums[0] != sums[1] {
		t.Errorf("the features of CSV have the moments %s, those of Parquet %s", sums[0], sums[1])
	}
	stdout := must(t, "-rows", filepath.Join(dir, "0"), "-q", "-epochs", "4", "-batch", "32", "-layers", "2", "-units", "16")
	if !strings.Contains(stdout, "2,4") || !strings.Contains(stdout, "accuracy 0.9") && !strings.Contains(stdout, "accuracy 1") {
		t.Error(stdout)
	}
}

// Flags and files that make no sense end the program before it works, and the file of rows that was there stays.
func TestErrors(t *testing.T) {
	text, _ := visitors(t, 30)
	dir := t.TempDir()
	old := filepath.Join(dir, "old.rows")
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(dir, "odd.csv")
	if err := os.WriteFile(odd, []byte("age,y\n1,a\n2,b\n3,a\n4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: nil, Code: 2, Want: "-rows"},
		{Args: []string{"-rows", "x", "-data", text}, Code: 2, Want: "-target"},
		{Args: []string{"-rows", "x", "-target", "y"}, Code: 2, Want: "-target: it means nothing without -data"},
		{Args: []string{"-rows", "x", "-data", text, "-target", "y", "-epochs", "3"}, Code: 2, Want: "-epochs: it means nothing beside -data"},
		{Args: []string{"-rows", "x", "-generate", "-1"}, Code: 2, Want: "-generate"},
		{Args: []string{"-rows", "x", "-batch", "1"}, Code: 2, Want: "-batch 1: want 2 to"},
		{Args: []string{"-rows", "x", "-processes", "9"}, Code: 2, Want: "-processes 9: want 0 to 8"},
		{Args: []string{"-rows", "x", "-rank", "1"}, Code: 2, Want: "-rank 1: want"},
		{Args: []string{"-rows", "x", "-processes", "2", "-batch", "20"}, Code: 2, Want: "-batch 20: want a multiple of 8"},
		{Args: []string{"-rows", old}, Code: 1, Want: "no file of rows"},
		{Args: []string{"-rows", filepath.Join(dir, "none")}, Code: 1, Want: "no such file"},
		{Args: []string{"-rows", old, "-data", text, "-target", "y"}, Code: 1, Want: "the file exists; -overwrite replaces it"},
		{Args: []string{"-rows", old, "-generate", "0.001"}, Code: 1, Want: "the file exists"},
		{Args: []string{"-rows", old, "-overwrite", "-data", text, "-target", "z"}, Code: 1, Want: "no column \"z\""},
		{Args: []string{"-rows", old, "-overwrite", "-data", odd, "-target", "y"}, Code: 1, Want: odd + ":5"},
		{Args: []string{"-rows", text, "-overwrite", "-data", text, "-target", "y"}, Code: 1, Want: "it would replace the input"},
	})
	if b, err := os.ReadFile(old); string(b) != "old" {
		t.Errorf("the file holds %q (%v)", b, err)
	}
}
