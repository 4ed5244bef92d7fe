package parquet_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	lib "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/selfnorm/selfnorm/datasets/parquet"
)

// foreign writes a file of a column of the library's own types.
func foreign(t testing.TB, node lib.Node, values ...lib.Value) []byte {
	t.Helper()
	var b bytes.Buffer
	w := lib.NewGenericWriter[any](&b, lib.NewSchema("x", lib.Group{"x": node}))
	for _, v := range values {
		level := 0
		if node.Optional() && !v.IsNull() {
			level = 1
		}
		if _, err := w.WriteRows([]lib.Row{{v.Level(0, level, 0)}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Values of every type read as a CSV file has them.
func TestTexts(t *testing.T) {
	ints := func(values ...int64) (all []lib.Value) {
		for _, v := range values {
			all = append(all, lib.Int64Value(v))
		}
		return all
	}
	short := func(values ...int32) (all []lib.Value) {
		for _, v := range values {
			all = append(all, lib.Int32Value(v))
		}
		return all
	}
	bytesOf := func(values ...string) (all []lib.Value) {
		for _, v := range values {
			all = append(all, lib.FixedLenByteArrayValue([]byte(v)))
		}
		return all
	}
	for _, c := range []struct {
		name   string
		node   lib.Node
		values []lib.Value
		want   string
	}{
		{"optional", lib.Optional(lib.String()), []lib.Value{lib.ByteArrayValue([]byte("a")), lib.NullValue(), lib.ByteArrayValue(nil)}, "a||"},
		{"dictionary", lib.Encoded(lib.String(), &lib.RLEDictionary), []lib.Value{lib.ByteArrayValue([]byte("a")), lib.ByteArrayValue([]byte("b")), lib.ByteArrayValue([]byte("a"))}, "a|b|a"},
		{"packed", lib.Compressed(lib.String(), &lib.Zstd), []lib.Value{lib.ByteArrayValue([]byte("a"))}, "a"},
		{"delta", lib.Encoded(lib.Int(64), &lib.DeltaBinaryPacked), ints(1, -7, math.MinInt64), "1|-7|-9223372036854775808"},
		{"unsigned", lib.Uint(64), ints(1, -1), "1|18446744073709551615"},
		{"unsigned, 32 bits", lib.Uint(32), short(1, -1), "1|4294967295"},
		{"truth", lib.Leaf(lib.BooleanType), []lib.Value{lib.BooleanValue(true), lib.BooleanValue(false)}, "true|false"},
		{"float32", lib.Leaf(lib.FloatType), []lib.Value{lib.FloatValue(0.1), lib.FloatValue(float32(math.NaN()))}, "0.1|NaN"},
		{"decimal", lib.Decimal(2, 9, lib.Int32Type), short(0, 5, -5, 12345, -12345), "0.00|0.05|-0.05|123.45|-123.45"},
		{"whole decimal", lib.Decimal(0, 9, lib.Int64Type), ints(-12), "-12"},
		{"long decimal", lib.Decimal(3, 30, lib.FixedLenByteArrayType(16)), bytesOf(strings.Repeat("\x00", 14)+"\x01\x00", strings.Repeat("\xff", 16)), "0.256|-0.001"},
		{"date", lib.Date(), short(0, -1, 19782), "1970-01-01|1969-12-31|2024-02-29"},
		{"milliseconds", lib.Timestamp(lib.Millisecond), ints(1000, -1), "1970-01-01 00:00:01|1969-12-31 23:59:59"},
		{"microseconds", lib.Timestamp(lib.Microsecond), ints(61_000_000), "1970-01-01 00:01:01"},
		{"nanoseconds", lib.Timestamp(lib.Nanosecond), ints(1_999_999_999), "1970-01-01 00:00:01"},
		{"time", lib.Time(lib.Millisecond), short(3_661_000), "01:01:01"},
		{"UUID", lib.UUID(), bytesOf("0123456789abcdef"), "30313233343536373839616263646566"},
		{"old time", lib.Leaf(lib.Int96Type), []lib.Value{lib.Int96Value(deprecated.Int96{1_000_000_000, 0, 2440589})}, "1970-01-02 00:00:01"},
	} {
		file := foreign(t, c.node, c.values...)
		r, err := parquet.New("t", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for range c.values {
			texts, err := r.Next()
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			got = append(got, texts...)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Columns inside others, and of types without a text, are left out; a file of nothing else is an error.
func TestForeignColumns(t *testing.T) {
	nodes := lib.Group{
		"a": lib.Group{"b": lib.String()}, "list": lib.Repeated(lib.String()), "raw": lib.Leaf(lib.FixedLenByteArrayType(3)), "bson": lib.BSON(), "x": lib.Optional(lib.String()),
	}
	for _, only := range []bool{false, true} {
		if only {
			delete(nodes, "x")
		}
		var b bytes.Buffer
		if err := lib.NewGenericWriter[any](&b, lib.NewSchema("x", nodes)).Close(); err != nil {
			t.Fatal(err)
		}
		r, err := parquet.New("t", bytes.NewReader(b.Bytes()), int64(b.Len()))
		if only != (err != nil) || !only && !slices.Equal(r.Columns(), []string{"x"}) {
			t.Errorf("columns %q, %v", r.Columns(), err)
		}
	}
}

// A small file that claims to hold much is an error, and takes no memory.
func TestHostile(t *testing.T) {
	file := func(footer string) []byte {
		n := len(footer)
		return []byte("PAR1" + footer + string([]byte{byte(n), byte(n >> 8), 0, 0}) + "PAR1")
	}
	for name, text := range map[string][]byte{
		"a list of 2^31 structures": file("\x15\x04\x19\xfc\xff\xff\xff\xff\x07"),
		"a text of 2^40 bytes":      file("\x18\x80\x80\x80\x80\x80\x40x\x00"),
		"endless structures":        file(strings.Repeat("\x1c", 1000)),
		"a map of 2^31 pairs":       file("\x1b\xff\xff\xff\xff\x07\x88\x00"),
		"a long description":        []byte("PAR1xxxx\xff\xff\xff\x7fPAR1"),
		"encrypted":                 []byte("PAR1xxxx\x04\x00\x00\x00PARE"),
		"empty":                     []byte("PAR1PAR1"),
	} {
		if _, err := parquet.New("hostile", bytes.NewReader(text), int64(len(text))); err == nil || !strings.Contains(err.Error(), "hostile") || len(err.Error()) > 200 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
