package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/parquet"
)

// Each row of a table has a row, in order. One that cannot be read has an error that names file and line, and the others are as without it; the format of
// the file changes nothing.
func TestBadRows(t *testing.T) {
	dir := t.TempDir()
	model := filepath.Join(dir, "model")
	must(t, append(small, "-data", write(t, "my.csv", mixed(200)), "-target", "kind", "-id", "name", "-ignore", "price,hot,rare", "-epochs", "2", "-out", model)...)
	text := "name,size,color,noise\na,0.5,red,1\nb,big,red,1\nc,0.5\nd,,green,2\ne,1e300,red,1\nf,\xff,red,1\ng,?,violet,-1\n"
	good := "name,size,color,noise\na,0.5,red,1\nd,,green,2\ng,?,violet,-1\n"
	want := records(t, predicted(t, model, write(t, "good.csv", good), 0))
	for name, file := range map[string]string{"plain": write(t, "new.csv", text), "gzip": write(t, "new.csv.gz", zipped(t, text))} {
		got := records(t, predicted(t, model, file, 4))
		if len(got) != 8 || !slices.Equal(got[0], want[0]) {
			t.Fatalf("%s: %v", name, got)
		}
		for i, at := range []int{1, 4, 7} {
			if !slices.Equal(got[at], want[i+1]) {
				t.Errorf("%s: row %v, want %v", name, got[at], want[i+1])
			}
		}
		for at, say := range map[int]string{2: `:3:3: column "size": "big" is not a number`, 3: ":4: 2 fields, but", 5: `column "size": "1e300" is too large`, 6: "is not UTF-8"} {
			last := len(got[at]) - 1
			if !strings.Contains(got[at][last], say) || !strings.Contains(got[at][last], file) || strings.Join(got[at][1:last], "") != "" {
				t.Errorf("%s: row %d is %q, want the error %q", name, at, got[at], say)
			}
		}
	}
	lines := `{"name":"a","size":0.5,"color":"red","noise":1,"more":[1]}` + "\n\n" + `{"noise":"2","color":"green","size":null,"name":"d"}` + "\n" + `{"name":"g","size":"?","color":"violet","noise":-1}` + "\n"
	if got := records(t, predicted(t, model, write(t, "new.jsonl", lines), 0)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("JSON: %v, want %v", got, want)
	}
	if got := records(t, predicted(t, model, write(t, "new.parquet", parquetTable(t)), 0)); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Parquet: %v, want %v", got, want)
	}
	none, out := write(t, "none.csv", "size,color,noise\nbig,red,2\n1,red\n"), filepath.Join(dir, "out.csv")
	code, _, stderr := command("-predict", none, "-model", model, "-out", out)
	if code != 1 || !strings.Contains(stderr, "none of the 2 rows can be read; the first: "+none+":2:1: ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
	bad := records(t, predicted(t, model, write(t, "new.jsonl", lines+"{\n{\"size\":[1]}\n7\n"), 3))
	if len(bad) != 7 || !strings.Contains(bad[5][5], `:6: column "size": "[1]" is not a number`) {
		t.Errorf("JSON: %v", bad)
	}
}

// predicted predicts a file of which so many rows cannot be read.
func predicted(t *testing.T, model, file string, bad int) string {
	t.Helper()
	code, stdout, stderr := command("-predict", file, "-model", model)
	if code != 0 || strings.Contains(stderr, fmt.Sprintf("tabular: %d of ", bad)) != (bad > 0) || strings.Contains(stderr, "cannot be read") != (bad > 0) {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	return stdout
}

// parquetTable is the table of good rows as a Parquet file.
func parquetTable(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w, err := parquet.NewWriter(&b, []parquet.Column{{Name: "color"}, {Name: "more"}, {Name: "size", Number: true}, {Name: "noise", Number: true}, {Name: "name"}})
	if err == nil {
		err = w.Write([][]parquet.Value{
			{{Text: "red"}, {}, {Number: 0.5}, {Number: 1}, {Text: "a"}},
			{{Text: "green"}, {}, {Missing: true}, {Number: 2}, {Text: "d"}},
			{{Text: "violet"}, {}, {Number: math.NaN()}, {Number: -1}, {Text: "g"}},
		})
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Predictions do not depend on the number of threads, and those of a table of several blocks are those of its parts. A file is continued only for the same input,
// model and flags.
func TestLongTable(t *testing.T) {
	dir := t.TempDir()
	model, out := filepath.Join(dir, "model"), filepath.Join(dir, "out.csv")
	must(t, append(small, "-data", write(t, "my.csv", mixed(200)), "-target", "kind", "-ignore", "name,price,hot,rare", "-epochs", "2", "-out", model)...)
	file := write(t, "new.csv", mixed(3*blockRows+7))
	want := must(t, "-predict", file, "-model", model)
	for _, threads := range []string{"1", "3"} {
		must(t, "-predict", file, "-model", model, "-threads", threads, "-q", "-out", out)
		if got, err := os.ReadFile(out); err != nil || string(got) != want {
			t.Errorf("%s threads: %d bytes, want %d (%v)", threads, len(got), len(want), err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v (%v)", entries, err)
	}
	if err := os.WriteFile(out+".partial", []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := command("-predict", file, "-model", model, "-out", out)
	if code != 1 || !strings.Contains(stderr, "out.csv.partial: there is no record of it") || !strings.Contains(stderr, "to start over, remove it or use -overwrite") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	must(t, "-predict", file, "-model", model, "-out", out, "-overwrite")
}
