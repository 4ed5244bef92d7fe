package parquet_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/parquet"
)

// Bad arguments and files give an error that names the file, never a panic.
func TestNoPanics(t *testing.T) {
	var none *parquet.Reader
	for _, r := range []*parquet.Reader{none, {}} {
		if _, err := r.Next(); err == nil {
			t.Error("no error")
		}
		r.Use(nil)
		if r.Columns() != nil || r.Rows() != 0 || r.Row() != 0 || r.Close() != nil {
			t.Error("something in an empty reader")
		}
	}
	var b bytes.Buffer
	var noWriter *parquet.Writer
	for name, err := range map[string]error{
		"nil reader": second(parquet.New("t", nil, 3)), "negative size": second(parquet.New("t", strings.NewReader("PAR1"), -1)),
		"text": second(parquet.New("t", strings.NewReader("a,b\n1,2\n"), 8)), "empty": second(parquet.New("t", strings.NewReader(""), 0)),
		"nil writer": second(parquet.NewWriter(nil, []parquet.Column{{Name: "x"}})), "no columns": second(parquet.NewWriter(&b, nil)),
		"no name": second(parquet.NewWriter(&b, []parquet.Column{{}})), "twice": second(parquet.NewWriter(&b, []parquet.Column{{Name: "x"}, {Name: "x"}})),
		"nil Write": noWriter.Write(nil), "zero Write": (&parquet.Writer{}).Write(nil),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	w, err := parquet.NewWriter(&b, []parquet.Column{{Name: "x"}})
	if err != nil || w.Write([][]parquet.Value{{}}) == nil || noWriter.Close() != nil {
		t.Errorf("a row without values: no error (%v)", err)
	}
}
