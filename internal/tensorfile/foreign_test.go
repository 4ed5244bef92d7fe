package tensorfile_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// A file of another program is refused by its header alone: this one has a terabyte that nobody can read, or what 32 bits can count.
func TestForeignHuge(t *testing.T) {
	size := int64(1) << min(40, strconv.IntSize-2)
	for name, test := range map[string]struct {
		header string
		kind   error
		want   string
	}{
		"foreign":       {fmt.Sprintf(`{"a":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}`, size/4, size), tensorfile.ErrForeign, "selfnorm.format"},
		"other version": {fmt.Sprintf(`{"__metadata__":{"selfnorm.format":"9"},"a":{"dtype":"U8","shape":[%d],"data_offsets":[0,%d]}}`, size, size), tensorfile.ErrVersion, `"9"`},
		"other dtype":   {fmt.Sprintf(`{"__metadata__":{"selfnorm.format":"1"},"a":{"dtype":"I8","shape":[%d],"data_offsets":[0,%d]}}`, size, size), tensorfile.ErrDamaged, `tensor "a": dtype I8`},
		"too long":      {`{"__metadata__":{"selfnorm.format":"1"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, tensorfile.ErrDamaged, "the file has"},
	} {
		path := filepath.Join(t.TempDir(), "f")
		raw := file(test.header, 0)
		if err := os.WriteFile(path, raw, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, int64(len(raw))+size); err != nil {
			t.Skip(err)
		}
		if _, err := tensorfile.Read(path); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %v, want %v that says %q", name, err, test.kind, test.want)
		}
	}
}

// Tensors of 16 bits become float32, each with its value.
func TestHalf(t *testing.T) {
	for _, test := range []struct {
		dtype string
		bits  uint16
		want  float64
	}{
		{"F16", 0x0000, 0}, {"F16", 0x8000, math.Copysign(0, -1)}, {"F16", 0x3c00, 1}, {"F16", 0xc000, -2}, {"F16", 0x7bff, 65504},
		{"F16", 0x0001, 0x1p-24}, {"F16", 0x8001, -0x1p-24}, {"F16", 0x03ff, 0x1p-14 - 0x1p-24}, {"F16", 0x0400, 0x1p-14}, {"F16", 0x3555, 0.333251953125},
		{"F16", 0x7c00, math.Inf(1)}, {"F16", 0xfc00, math.Inf(-1)}, {"F16", 0x7e00, math.NaN()}, {"F16", 0x7c01, math.NaN()},
		{"BF16", 0x0000, 0}, {"BF16", 0x8000, math.Copysign(0, -1)}, {"BF16", 0x3f80, 1}, {"BF16", 0xc000, -2}, {"BF16", 0x7f7f, 0x1.fep127},
		{"BF16", 0x0001, 0x1p-133}, {"BF16", 0x7f80, math.Inf(1)}, {"BF16", 0xff80, math.Inf(-1)}, {"BF16", 0x7fc0, math.NaN()}, {"BF16", 0x4049, 3.140625},
	} {
		raw := tensorfile.Raw{DType: test.dtype, Shape: []int{1, 1}, Data: binary.LittleEndian.AppendUint16(nil, test.bits)}
		x, err := raw.Dense()
		if err != nil {
			t.Fatal(err)
		}
		got := float64(x.Float32s()[0])
		if got != test.want && !(math.IsNaN(got) && math.IsNaN(test.want)) || math.Signbit(got) != math.Signbit(test.want) && !math.IsNaN(got) {
			t.Errorf("%s %#04x is %v, want %v", test.dtype, test.bits, got, test.want)
		}
		if !slices.Equal(x.Shape(), []int{1, 1}) {
			t.Errorf("shape %v", x.Shape())
		}
	}
}

// All numbers of 16 bits keep their order, and the differences that their format has.
func TestHalfIncreases(t *testing.T) {
	for dtype, infinity := range map[string]uint16{"F16": 0x7c00, "BF16": 0x7f80} {
		var data []byte
		for h := range infinity + 1 {
			data = binary.LittleEndian.AppendUint16(data, h)
		}
		x, err := tensorfile.Raw{DType: dtype, Shape: []int{int(infinity) + 1}, Data: data}.Dense()
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range x.Float32s()[1:] {
			if v <= x.Float32s()[i] {
				t.Fatalf("%s: %#x is %v, %#x is %v", dtype, i, x.Float32s()[i], i+1, v)
			}
		}
	}
}

// A file of the library whose tensors are stored in 16 bits is read, with the checksum of what it stores.
func TestReadRaw(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	header := `{"__metadata__":{"format":"pt"},"b":{"dtype":"I64","shape":[],"data_offsets":[4,12]},"a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]}}`
	raw := append(file(header, 0), 0x80, 0x3f, 0x00, 0xc0, 7, 0, 0, 0, 0, 0, 0, 0)
	if err := os.WriteFile(path, raw, 0o666); err != nil {
		t.Fatal(err)
	}
	tensors, metadata, err := tensorfile.ReadRaw(path)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(metadata, map[string]string{"format": "pt"}) || len(tensors) != 2 || tensors[0].Name != "a" || tensors[1].DType != "I64" || tensors[1].Data[0] != 7 {
		t.Errorf("tensors %+v, metadata %v", tensors, metadata)
	}
	if x, err := tensors[0].Dense(); err != nil || !slices.Equal(x.Float32s(), []float32{1, -2}) {
		t.Errorf("%v (%v)", x, err)
	}
	if _, err := (tensorfile.Raw{DType: "I64", Shape: []int{1}, Data: make([]byte, 8)}).Dense(); err == nil || !strings.Contains(err.Error(), "I64") {
		t.Errorf("integers give %v", err)
	}
	if _, _, err := tensorfile.ReadRaw(t.TempDir()); err == nil {
		t.Error("a folder gives no error")
	}
}

// A header is read as encoding/json and package safetensors read it, or refused.
func FuzzHeader(f *testing.F) {
	fuzztest.Brief(f)
	const a = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	for _, seed := range []string{
		`{}`, `{` + a + `}`, `{"__metadata__":{"x":"y","z":"\u00fc\"\\"},` + a + `}`, " {\n\t" + a + "\r} ", `{"\ud800":{"shape":[],"dtype":"U8","data_offsets":[0,1]}}`,
		`{"a":{"dtype":"F64","shape":[0, 3],"data_offsets":[0,0]}}`, `{` + a + `,"b":{"dtype":"BOOL","shape":[1,1,1],"data_offsets":[8,9]}}`, `{"a":{"shape":[01]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		tail := 0
		for _, t := range lengths(header) {
			tail = max(tail, t)
		}
		raw := file(header, tail)
		tensors, metadata, err := tensorfile.DecodeRaw(raw)
		if err != nil {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(header), &want); err != nil {
			t.Fatalf("encoding/json: %v", err)
		}
		other, err := safetensors.Deserialize(raw)
		if err != nil {
			for _, x := range tensors {
				if strings.HasPrefix(x.DType, "F8") {
					return // a later addition to the format
				}
			}
			t.Fatalf("package safetensors: %v", err)
		}
		_, head, _ := safetensors.ReadMetadata(raw)
		if !maps.Equal(metadata, head.Metadata()) || len(tensors) != other.Len() {
			t.Fatalf("metadata %q and %d tensors, package safetensors has %q and %d", metadata, len(tensors), head.Metadata(), other.Len())
		}
		for _, x := range tensors {
			y, ok := other.Tensor(x.Name)
			if !ok || x.DType != y.DType().String() || fmt.Sprint(x.Shape) != fmt.Sprint(y.Shape()) || !bytes.Equal(x.Data, y.Data()) {
				t.Errorf("%+v, package safetensors has %+v", x, y)
			}
		}
	})
}

// lengths are the second offsets that encoding/json finds, so that files have as much data as their headers say.
func lengths(header string) (out []int) {
	var h map[string]struct {
		Offsets []uint16 `json:"data_offsets"`
	}
	json.Unmarshal([]byte(header), &h)
	for _, x := range h {
		if len(x.Offsets) == 2 {
			out = append(out, int(x.Offsets[1]))
		}
	}
	return out
}

// many is a file of this library with many tensors.
func many(t testing.TB, n int) []byte {
	t.Helper()
	f := withBlocks(t)
	for i := range n {
		if err := f.Params.Add(fmt.Sprintf("hidden%d.dense1.weight", i), dense([]float32{1, 2}, 2, 1), true); err != nil {
			t.Fatal(err)
		}
	}
	return written(t, f)
}

func TestManyTensors(t *testing.T) {
	const n = 100_000
	f, err := tensorfile.Decode(many(t, n))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Params.All()) != n+1 {
		t.Errorf("%d parameters, want %d", len(f.Params.All()), n+1)
	}
}

func BenchmarkManyTensors(b *testing.B) {
	raw := many(b, 300_000)
	path := filepath.Join(b.TempDir(), "f")
	if err := os.WriteFile(path, raw, 0o666); err != nil {
		b.Fatal(err)
	}
	b.Run("Decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := tensorfile.Decode(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ReadRaw", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := tensorfile.ReadRaw(path); err != nil {
				b.Fatal(err)
			}
		}
	})
}
