package sdf

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// TestHostile: a record without an end is an error that names file, line and limit, soon after the limit, and in little memory. The reading
// ends when no other record begins.
func TestHostile(t *testing.T) {
	molecule := v2000(atomsCN, "  1  2  1\n", "")
	for name, c := range map[string]struct{ begin, text, say string }{
		"empty lines":        {"", "\n", "x.sdf:262145: the record has more than 262144 lines"},
		"empty lines of CR":  {"", "\r", "x.sdf:262145: the record has more than 262144 lines"},
		"a line":             {"", "x", "x.sdf:1: the line is longer than the limit of 1048576 bytes"},
		"a line of zeros":    {"\n", "\x00", "x.sdf:2: the line is longer than the limit"},
		"long lines":         {"", strings.Repeat("x", 100_000) + "\n", "the record is longer than the limit of 16777216 bytes"},
		"a value":            {molecule + "> <a>\n", strings.Repeat("x", 50_000) + "\n", "the record is longer than the limit"},
		"properties":         {strings.TrimSuffix(molecule, "M  END\n"), "M  CHG  1   1   1\n", "the record has more than 262144 lines"},
		"a V3000 line":       {"\n\n\n  0  0  0     0  0            999 V3000\n", "M  V30 BEGIN -\n", "the record has more than 262144 lines"},
		"a longer V3000 one": {"\n\n\n  0  0  0     0  0            999 V3000\n", "M  V30 " + strings.Repeat("x", 10_000) + "-\n", "longer than the limit"},
	} {
		in := &fuzztest.Endless{Text: strings.Repeat(c.text, 4096/len(c.text)+1)}
		d := NewReader(io.MultiReader(strings.NewReader(c.begin), in))
		d.Name = "x.sdf"
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		rec, err := d.Next()
		runtime.ReadMemStats(&after)
		if err != nil || rec.Err == nil || rec.Mol != nil {
			t.Errorf("%s: %v, %+v", name, err, rec)
			continue
		}
		if text := rec.Err.Error(); !strings.Contains(text, c.say) || !strings.Contains(text, "x.sdf:") || len(text) > 300 {
			t.Errorf("%s: error %q, want %q", name, text, c.say)
		}
		if in.Bytes > maxRecord+1<<20 {
			t.Errorf("%s: %d bytes are read", name, in.Bytes)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 100<<20 {
			t.Errorf("%s: %d MiB are allocated", name, n>>20)
		}
		if rec, err = d.Next(); err == nil || err == io.EOF || !strings.Contains(err.Error(), "no end ($$$$)") || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), "x.sdf") {
			t.Errorf("%s: then %v, %+v", name, err, rec)
		}
		if in.Bytes > maxRecord+maxSkip+1<<20 {
			t.Errorf("%s: %d bytes are read", name, in.Bytes)
		}
		if _, again := d.Next(); again != err {
			t.Errorf("%s: then %v", name, again)
		}
	}
}

// TestAfterLimit: the records behind one beyond a limit are read, with their lines.
func TestAfterLimit(t *testing.T) {
	molecule := v2000(atomsCN, "  1  2  1\n", "")
	items := &strings.Builder{}
	for k := range maxItems + 1 {
		fmt.Fprintf(items, "> <item %d>\n\n", k)
	}
	for name, record := range map[string]string{
		"lines": strings.Repeat("\n", maxLines+10), "a line": strings.Repeat("$", 3<<20) + "\n", "bytes": strings.Repeat(strings.Repeat("x", 1000)+"\n", 17_000),
		"data items": molecule + items.String(), "atoms": "\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 10001 0 0 0 0\n" +
			strings.Repeat("M  V30\n", 10_001) + "M  END\n",
	} {
		text := molecule + "$$$$\n" + record + "$$$$\n" + molecule + "$$$$\n"
		all := readAll(t, strings.NewReader(text))
		if len(all) != 3 || all[0].Err != nil || all[1].Err == nil || all[1].Mol != nil || all[2].Err != nil {
			t.Errorf("%s: %d records", name, len(all))
			continue
		}
		if want := 2 + strings.Count(molecule+"$$$$\n"+record+"$$$$\n", "\n") - 1; all[2].Line != want {
			t.Errorf("%s: the last record is at line %d, want %d", name, all[2].Line, want)
		}
		if text := all[1].Err.Error(); len(text) > 300 || !strings.Contains(text, "1") {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestName: with a name, each error of the file has it.
func TestName(t *testing.T) {
	for _, text := range []string{"x\n", "$RXN\n", v2000(atomsCN, "  1  1  1\n", ""), v2000(atomsCN, "  1  2  1\n", "M  CHG  1   1   9\n"), "\x1f\x8b\x08"} {
		d := NewReader(strings.NewReader(text))
		d.Name = "folder/x.sdf"
		rec, err := d.Next()
		if err == nil {
			err = rec.Err
		}
		if err == nil || !strings.Contains(err.Error(), d.Name) || !strings.Contains(err.Error(), "1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestTitle: a title of any length that programs write is read; one beyond the limit is an error of its record, and is not repeated.
func TestTitle(t *testing.T) {
	molecule := v2000(atomsCN, "  1  2  1\n", "") + "$$$$\n"
	all := readAll(t, strings.NewReader(strings.Repeat("x", 1<<19)+molecule+strings.Repeat("x", 900)+molecule))
	if len(all) != 2 || all[0].Err == nil || len(all[0].Title) > 100 || all[1].Err != nil || len(all[1].Title) < 900 {
		t.Fatalf("%d records: %+v", len(all), all)
	}
	if text := all[0].Err.Error(); !strings.Contains(text, "line 1: ") || !strings.Contains(text, "limit") || len(text) > 300 {
		t.Error(text)
	}
}

// TestShiftedHeader: a counts line that is not the fourth is an error at its line, and the next record is read.
func TestShiftedHeader(t *testing.T) {
	whole := v2000(atomsCN, "  1  2  1\n", "") + "$$$$\n"
	lines := strings.SplitAfter(whole, "\n")
	for name, c := range map[string]struct {
		text string
		line int
	}{
		"one too many":  {"x\n" + whole, 5},
		"blank":         {"\n" + whole, 5},
		"three":         {"\n\nx\n" + whole, 7},
		"one too few":   {strings.Join(lines[1:], ""), 3},
		"none":          {strings.Join(lines[3:], ""), 1},
		"V3000":         {"\n" + v3000("C", "") + "$$$$\n", 5},
		"with a number": {"x\n  1  2\n" + whole, 6},
	} {
		all := readAll(t, strings.NewReader(c.text+whole))
		if len(all) != 2 || all[1].Err != nil {
			t.Errorf("%s: %d records", name, len(all))
			continue
		}
		var e *FormatError
		if !errors.As(all[0].Err, &e) || e.Line != c.line || !strings.Contains(e.Msg, "the counts line must be the fourth") {
			t.Errorf("%s: %v, want the counts line at line %d", name, all[0].Err, c.line)
		}
	}
}
