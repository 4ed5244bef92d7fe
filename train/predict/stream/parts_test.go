package stream_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/predict/stream"
)

// lines is a format of whole files.
type lines struct{ w io.Writer }

func (l lines) Write(rows [][]stream.Value) error {
	text, err := stream.AppendCSV(nil, []stream.Column{{Name: "x"}}, rows)
	if err == nil {
		_, err = l.w.Write(text)
	}
	return err
}

func (l lines) Close() error {
	_, err := io.WriteString(l.w, "end\n")
	return err
}

var format = stream.Format{Suffix: ".txt", Rows: 35, New: func(w io.Writer, _ []stream.Column) (stream.PartWriter, error) { return lines{w}, nil }}

// answerParts answers a source in a folder, and ends with errCut after a number of blocks unless it is 0.
func answerParts(folder string, s stream.Source[string], most int) error {
	p, state, err := stream.CreateParts(folder, format, []stream.Column{{Name: "x"}}, facts, false)
	if err != nil {
		return err
	}
	defer p.Close()
	b, err := stream.NewBlocks(s)
	if err == nil {
		err = b.Skip(context.Background(), state.Place)
	}
	for n := 0; err == nil; n++ {
		if most > 0 && n == most {
			return errCut
		}
		var block *stream.Block[string]
		if block, err = b.Next(context.Background()); err == nil {
			var rows [][]stream.Value
			for _, r := range block.Records {
				rows = append(rows, []stream.Value{{Text: r}})
			}
			err = p.Append(rows, stream.State{Place: block.After})
		}
	}
	if err != io.EOF {
		return err
	}
	return p.Publish()
}

// content returns the names and the texts of the files in a folder.
func content(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, e := range entries {
		text += e.Name() + ":\n" + read(t, filepath.Join(folder, e.Name()))
	}
	return text
}

// A folder that is cut at random moments and continued has the files of one that was not; each is whole at any moment.
func TestPartsCuts(t *testing.T) {
	alone := filepath.Join(t.TempDir(), "out")
	if err := answerParts(alone, numbers(300), 0); err != nil {
		t.Fatal(err)
	}
	want := content(t, alone)
	if n := strings.Count(want, "end\n"); n < 5 || strings.Count(want, "\n") != 300+2*n {
		t.Fatalf("%d parts:\n%s", n, want)
	}
	for range 3 {
		dir := t.TempDir()
		folder := filepath.Join(dir, "out")
		for {
			err := answerParts(folder, numbers(300), 4+rand.IntN(20))
			if err == nil {
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			wantFiles(t, dir, "out.partial", "out.partial.json")
			if now := content(t, folder+".partial"); !strings.HasPrefix(want, now) {
				t.Fatalf("the parts %s", now)
			}
			// A process may leave these that is killed between a part and its record, or inside a part.
			for _, name := range []string{"part-00099.txt", ".part-00002.txt.4000000-abcdefghijklm.tmp"} {
				if err := os.WriteFile(filepath.Join(folder+".partial", name), []byte("torn"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := content(t, folder); got != want {
			t.Fatalf("%s\nwant\n%s", got, want)
		}
		wantFiles(t, dir, "out")
	}
}

// A folder that exists is replaced on demand only, and only if it holds nothing but parts; one that another run has begun is not continued.
func TestPartsOther(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "out")
	columns := []stream.Column{{Name: "x"}}
	if err := answerParts(folder, numbers(30), 0); err != nil {
		t.Fatal(err)
	}
	if err := answerParts(folder, numbers(30), 0); !errors.Is(err, stream.ErrExists) {
		t.Errorf("an existing folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := stream.CreateParts(folder, format, columns, facts, true); err == nil || !strings.Contains(err.Error(), "mine") {
		t.Errorf("a folder with other files: %v", err)
	}
	if err := os.Remove(filepath.Join(folder, "mine")); err != nil {
		t.Fatal(err)
	}
	p, _, err := stream.CreateParts(folder, format, columns, facts, true)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Append([][]stream.Value{{{Text: "new"}}}, stream.State{Place: stream.Place{Rows: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := p.Publish(); err != nil || content(t, folder) != "part-00001.txt:\nnew\nend\n" {
		t.Errorf("%v: %s", err, content(t, folder))
	}
	wantFiles(t, dir, "out")

	other := filepath.Join(dir, "other")
	if err := answerParts(other, numbers(300), 30); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	if _, _, err := stream.CreateParts(other, format, columns, facts[:1], false); !errors.Is(err, stream.ErrOther) {
		t.Errorf("other facts: %v", err)
	}
	part := filepath.Join(other+".partial", "part-00001.txt")
	text := read(t, part)
	if err := os.Remove(part); err != nil {
		t.Fatal(err)
	}
	if _, _, err := stream.CreateParts(other, format, columns, facts, false); !errors.Is(err, stream.ErrOther) || !strings.Contains(err.Error(), "the part is missing") {
		t.Errorf("a missing part: %v", err)
	}
	if err := os.WriteFile(part, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, _, err = stream.CreateParts(other, format, columns, facts, false); err != nil || !p.Began() || p.Rows() == 0 {
		t.Fatal(err)
	}
	if _, _, err := stream.CreateParts(other, format, columns, facts, false); err == nil {
		t.Error("a second process has the folder")
	}
	if err := p.Remove(); err != nil {
		t.Error(err)
	}
	wantFiles(t, dir, "out")
	for _, bad := range []stream.Format{{}, {Suffix: ".x", New: format.New}, {Suffix: ".x", Rows: 1}} {
		if _, _, err := stream.CreateParts(folder, bad, nil, nil, true); err == nil {
			t.Error("a format without all: no error")
		}
	}
	var none *stream.Parts
	for _, p := range []*stream.Parts{none, {}} {
		if p.Append(nil, stream.State{}) == nil || p.Publish() == nil || p.Close() != nil || p.Remove() != nil || p.Began() || p.Rows() != 0 {
			t.Error(fmt.Sprint("something in no parts: ", p))
		}
	}
}
