package parquet_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	lib "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/selfnorm/selfnorm/datasets/parquet"
	"pgregory.net/rapid"
)

// written writes a file, a block of rows at a time.
func written(t interface {
	Helper()
	Fatal(...any)
}, columns []parquet.Column, rows [][]parquet.Value, block int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := parquet.NewWriter(&b, columns)
	for err == nil && len(rows) > 0 {
		n := min(block, len(rows))
		err = w.Write(rows[:n])
		rows = rows[n:]
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A reader finds all that was written: names and order of the columns, whatever they are, and values.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z=, "\.é]{1,8}`), 1, 6, rapid.ID).Draw(t, "names")
		var columns []parquet.Column
		for _, n := range names {
			columns = append(columns, parquet.Column{Name: n, Number: rapid.Bool().Draw(t, "number")})
		}
		n := rapid.IntRange(0, 700).Draw(t, "rows")
		rows, want := make([][]parquet.Value, n), make([][]string, n)
		for i := range rows {
			for k, c := range columns {
				v := parquet.Value{Missing: (i*7+k)%5 == 0, Number: float64(i) / 3, Text: strings.Repeat("x", i%4*k)}
				text := v.Text
				if c.Number {
					text = fmt.Sprint(v.Number)
				}
				if v.Missing {
					text = ""
				}
				rows[i], want[i] = append(rows[i], v), append(want[i], text)
			}
		}
		file := written(t, columns, rows, rapid.IntRange(1, 100).Draw(t, "block"))
		if !bytes.Equal(file, written(t, columns, rows, 1000)) {
			t.Fatal("other bytes")
		}
		r, err := parquet.New("t", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Columns(), names) || r.Rows() != int64(n) {
			t.Fatalf("columns %q of %d rows, want %q of %d", r.Columns(), r.Rows(), names, n)
		}
		last := rapid.Bool().Draw(t, "the last column alone")
		if last {
			used := make([]bool, len(names))
			used[len(names)-1] = true
			r.Use(used)
		}
		for i := range want {
			got, err := r.Next()
			if last {
				for k := range len(names) - 1 {
					want[i][k] = ""
				}
			}
			if err != nil || !slices.Equal(got, want[i]) {
				t.Fatalf("row %d is %q (%v), want %q", i, got, err, want[i])
			}
		}
		for range 2 {
			if _, err := r.Next(); err != io.EOF {
				t.Fatal(err)
			}
		}
	})
}

// Numbers that are none stay so.
func TestOddNumbers(t *testing.T) {
	file := written(t, []parquet.Column{{Name: "x", Number: true}}, [][]parquet.Value{{{Number: math.NaN()}}, {{Number: math.Inf(1)}}, {{Number: math.Copysign(0, -1)}}}, 9)
	r, err := parquet.New("t", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"NaN", "+Inf", "-0"} {
		if got, err := r.Next(); err != nil || got[0] != want {
			t.Errorf("%q (%v), want %q", got, err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// However a file is damaged, reading ends in rows or an error.
func FuzzReader(f *testing.F) {
	rows := make([][]parquet.Value, 20)
	for i := range rows {
		rows[i] = []parquet.Value{{Text: fmt.Sprint("t", i%3)}, {Number: float64(i), Missing: i%4 == 0}}
	}
	file := written(f, []parquet.Column{{Name: "a"}, {Name: "b", Number: true}}, rows, 9)
	f.Add(file, 0, byte(0))
	for i := 4; i < len(file); i += 37 {
		f.Add(file, i, byte(1<<(i%8)))
	}
	for i, codec := range codecs {
		f.Add(packed(f, codec, 1+i%2, "one", "two", "two", "three", "none"), 0, byte(0))
	}
	for _, e := range []encoding.Encoding{&lib.DeltaByteArray, &lib.DeltaLengthByteArray, &lib.RLEDictionary} {
		f.Add(foreign(f, lib.Optional(lib.Encoded(lib.String(), e)), lib.ByteArrayValue([]byte("one")), lib.ByteArrayValue([]byte("one two"))), 0, byte(0))
	}
	for _, e := range []encoding.Encoding{&lib.DeltaBinaryPacked, &lib.RLEDictionary} {
		f.Add(foreign(f, lib.Encoded(lib.Int(64), e), lib.Int64Value(1), lib.Int64Value(3), lib.Int64Value(1)), 0, byte(0))
	}
	f.Fuzz(func(t *testing.T, file []byte, at int, flip byte) {
		if len(file) > 1<<16 {
			return
		}
		file = slices.Clone(file)
		if at >= 0 && at < len(file) {
			file[at] ^= flip
		}
		r, err := parquet.New("name", bytes.NewReader(file), int64(len(file)))
		for n := 0; err == nil && n < 1000; n++ {
			_, err = r.Next()
		}
		if err != nil && err != io.EOF && !strings.Contains(err.Error(), "name") {
			t.Error(err)
		}
	})
}
