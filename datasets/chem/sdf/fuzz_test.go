package sdf

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// FuzzReader: whatever a file holds, each record has a molecule or an error with a line of the record, and the text has an end.
func FuzzReader(f *testing.F) {
	for _, name := range []string{"testdata/mixed.sdf", "testdata/cases.sdf"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for k, part := range bytes.SplitAfter(text, []byte("$$$$\n")) {
			if name == "testdata/mixed.sdf" || k%4 == 0 {
				f.Add(part)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 10_000 {
			return
		}
		lines := bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) + 1
		d := NewReader(bytes.NewReader(data))
		for last := 0; ; {
			rec, err := d.Next()
			if err == io.EOF || bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if rec.Line <= last || rec.Line > lines {
				t.Fatalf("record at line %d of %d after %d", rec.Line, lines, last)
			}
			last = rec.Line
			if rec.Err == nil {
				chemtest.CheckMol(t, rec.Mol)
				smiles.Canonical(rec.Mol)
				continue
			}
			var e *FormatError
			if errors.As(rec.Err, &e) && (e.Line < rec.Line || e.Line > lines) || len(rec.Err.Error()) > 300 {
				t.Fatalf("error at line %d of %d: %v", e.Line, lines, rec.Err)
			}
		}
	})
}

// FuzzV3000 varies what stands behind the counts line of a V3000 molfile.
func FuzzV3000(f *testing.F) {
	text, err := os.ReadFile("testdata/cases.sdf")
	if err != nil {
		f.Fatal(err)
	}
	const head = "v3\n\n\n  0  0  0     0  0            999 V3000\n"
	for part := range bytes.SplitSeq(text, []byte("$$$$\n")) {
		if body, ok := bytes.CutPrefix(part, []byte(head)); ok {
			f.Add(string(body))
		}
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 10_000 {
			return
		}
		m, err := ParseMolfile(strings.NewReader(head + body))
		if err == nil {
			chemtest.CheckMol(t, m)
			return
		}
		if m != nil || len(err.Error()) > 300 {
			t.Fatalf("%d bytes: %v", len(err.Error()), err)
		}
	})
}
