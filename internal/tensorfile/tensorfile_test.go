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
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

func dense(backing any, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(backing))
}

// sample is a file with all dtypes and the odd numbers.
func sample(t testing.TB) tensorfile.File {
	t.Helper()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string][]float32{
		"weight": {1, float32(math.NaN()), float32(math.Inf(-1)), float32(math.Copysign(0, -1)), 1e-45, 6}, "mean": {7, 8, 9, 1, 2, 3},
	} {
		if err := params.Add(name, dense(v, 3, 2), name == "weight"); err != nil {
			t.Fatal(err)
		}
	}
	return tensorfile.File{
		Params:   params,
		Tensors:  map[string]*tensor.Dense{"moment": dense([]float64{math.Pi, -2}, 2), "text": dense([]byte("any\x00bytes"), 9)},
		Metadata: map[string]string{"units": `größer <than> "quoted"`, "": "no name"},
	}
}

// whole is the sample as the bytes of its file.
func whole(t testing.TB) []byte {
	t.Helper()
	return written(t, sample(t))
}

func written(t testing.TB, f tensorfile.File) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := tensorfile.Write(path, f); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestRoundTrip(t *testing.T) {
	path, want := filepath.Join(t.TempDir(), "f"), sample(t)
	if err := tensorfile.Write(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := tensorfile.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(got.Metadata, want.Metadata) || len(got.Tensors) != 2 {
		t.Errorf("metadata %q, %d tensors", got.Metadata, len(got.Tensors))
	}
	for i, p := range want.Params.All() { // in the same order
		q := got.Params.All()[i]
		if q.Name != p.Name || q.Trainable != p.Trainable || !q.Value.Shape().Eq(p.Value.Shape()) {
			t.Errorf("parameter %d is %+v, want %+v", i, q, p)
		}
		for k, x := range p.Value.Float32s() {
			if math.Float32bits(x) != math.Float32bits(q.Value.Float32s()[k]) {
				t.Errorf("%s[%d] is %v, want %v", p.Name, k, q.Value.Float32s()[k], x)
			}
		}
	}
	if !slices.Equal(got.Tensors["moment"].Float64s(), []float64{math.Pi, -2}) || string(got.Tensors["text"].Data().([]byte)) != "any\x00bytes" {
		t.Errorf("tensors %v", got.Tensors)
	}
}

// Every truncation and every flipped bit gives an error that says that the file is damaged, foreign or of another version.
func TestDamage(t *testing.T) {
	t.Run("version 1", func(t *testing.T) { testDamage(t, whole(t)) })
	t.Run("version 2", func(t *testing.T) { testDamage(t, written(t, withBlocks(t))) })
	t.Run("version 3", func(t *testing.T) {
		testDamage(t, written(t, tensorfile.File{Params: withBlocks(t).Params, Arrays: map[string]any{"a": []uint16{7}}}))
	})
}

func testDamage(t *testing.T, raw []byte) {
	check := func(what string, raw []byte) {
		t.Helper()
		_, err := tensorfile.Decode(raw)
		if !errors.Is(err, tensorfile.ErrDamaged) && !errors.Is(err, tensorfile.ErrForeign) && !errors.Is(err, tensorfile.ErrVersion) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	for n := range raw {
		check(fmt.Sprintf("%d of %d bytes", n, len(raw)), slices.Clone(raw[:n]))
	}
	check("a byte more", append(slices.Clone(raw), 0))
	for i := range 8 * len(raw) {
		flipped := slices.Clone(raw)
		flipped[i/8] ^= 1 << (i % 8)
		if !sameHeader(raw, flipped) {
			check(fmt.Sprintf("bit %d of byte %d flipped", i%8, i/8), flipped)
		}
	}
}

// sameHeader reports whether two files have headers that are the same JSON, with other white space or letters of escapes.
func sameHeader(a, b []byte) bool {
	n := binary.LittleEndian.Uint64(a)
	var x, y map[string]any
	return bytes.Equal(a[:8], b[:8]) && bytes.Equal(a[8+n:], b[8+n:]) &&
		json.Unmarshal(a[8:8+n], &x) == nil && json.Unmarshal(b[8:8+n], &y) == nil && reflect.DeepEqual(x, y)
}

// file makes a safetensors file of a header and data.
func file(header string, data int) []byte {
	raw := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(raw, header...), make([]byte, data)...)
}

func TestDecodeErrors(t *testing.T) {
	const a = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	tests := []struct {
		name string
		raw  []byte
		kind error
		want string
	}{
		{"empty", nil, tensorfile.ErrDamaged, "0 bytes"},
		{"text", []byte("these are no weights at all"), tensorfile.ErrForeign, "not a safetensors file"},
		{"zip", append([]byte("PK\x03\x04"), make([]byte, 100)...), tensorfile.ErrForeign, "not a safetensors file"},
		{"huge header", append(binary.LittleEndian.AppendUint64(nil, math.MaxUint64), '{'), tensorfile.ErrForeign, "not a safetensors"},
		{"header longer than the file", append(binary.LittleEndian.AppendUint64(nil, 99_000_000), '{'), tensorfile.ErrDamaged, "truncated"},
		{"header of nothing", file("", 9), tensorfile.ErrForeign, "not a safetensors"},
		{"no JSON", file("{]", 0), tensorfile.ErrDamaged, "header"},
		{"nested deeply", file(strings.Repeat(`{"a":`, 20000), 0), tensorfile.ErrDamaged, "header"},
		{"name twice", file(`{`+a+`,`+a+`}`, 8), tensorfile.ErrDamaged, `"a" occurs twice`},
		{"key twice", file(`{"a":{"dtype":"F32","dtype":"F64","shape":[2],"data_offsets":[0,8]}}`, 8), tensorfile.ErrDamaged, `"dtype" occurs twice`},
		{"overlap", file(`{`+a+`,"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), tensorfile.ErrDamaged, "offset"},
		{"gap", file(`{`+a+`,"b":{"dtype":"F32","shape":[2],"data_offsets":[9,17]}}`, 17), tensorfile.ErrDamaged, "offset"},
		{"shape beyond the data", file(`{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}`, 8), tensorfile.ErrDamaged, "mismatch"},
		{"shape overflows", file(`{"a":{"dtype":"F32","shape":[9223372036854775808,2],"data_offsets":[0,0]}}`, 0), tensorfile.ErrDamaged, "shape"},
		{"negative offset", file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}`, 8), tensorfile.ErrDamaged, "offsets"},
		{"unknown dtype", file(`{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}`, 8), tensorfile.ErrDamaged, "F31"},
		{"foreign", file(`{`+a+`}`, 8), tensorfile.ErrForeign, "selfnorm.format"},
		{"other version", file(`{"__metadata__":{"selfnorm.format":"4"},`+a+`}`, 8), tensorfile.ErrVersion, `version "4"`},
		{"no checksum", file(`{"__metadata__":{"selfnorm.format":"1"},`+a+`}`, 8), tensorfile.ErrDamaged, "checksum"},
		{"a shape with 0", file(`{"__metadata__":{"selfnorm.format":"1"},"a":{"dtype":"F32","shape":[0,9223372036854775808],"data_offsets":[0,0]}}`, 0), tensorfile.ErrDamaged, "shape"},
		{"array of two axes", file(`{"__metadata__":{"selfnorm.format":"3"},"selfnorm/array/a":{"dtype":"I32","shape":[1,2],"data_offsets":[0,8]}}`, 8), tensorfile.ErrDamaged, "one axis"},
		{"array of halves", file(`{"__metadata__":{"selfnorm.format":"3"},"selfnorm/array/a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}`, 8), tensorfile.ErrDamaged, "F16"},
		{"integers", file(`{"__metadata__":{"selfnorm.format":"1"},"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}`, 8), tensorfile.ErrDamaged, "I64"},
	}
	for _, test := range tests {
		if _, err := tensorfile.Decode(test.raw); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %v that says %q", test.name, err, test.kind, test.want)
		}
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, test.raw, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := tensorfile.Read(path); !errors.Is(err, test.kind) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: Read gives %v, want %v that names the file", test.name, err, test.kind)
		}
	}
	if _, err := tensorfile.Read(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file gives %v", err)
	}
}

func TestWriteErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	column := dense([]float32{1, 2, 3, 4}, 2, 2)
	if err := column.T(); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]*tensor.Dense{
		"weight": dense([]float32{1}, 1), "nil": nil, "scalar": tensor.New(tensor.FromScalar(1.0)),
		"integers": dense([]int{1}, 1), "": dense([]float32{1}, 1), "\xff": dense([]float32{1}, 1), "transposed": column,
	} {
		f := sample(t)
		f.Tensors[name] = x
		if err := tensorfile.Write(path, f); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", name)) {
			t.Errorf("%q: error %v, want one that names it", name, err)
		}
	}
	f := sample(t)
	f.Metadata["latin"] = "gr\xf6\xdfer"
	if err := tensorfile.Write(path, f); err == nil || !strings.Contains(err.Error(), "latin") {
		t.Errorf("metadata that are not UTF-8 give %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a file after errors")
	}
}

// The file obeys the rules of the safetensors format: the length of the header, a header of tensors whose data lie one after
// the other from its end to the end of the file, and texts as metadata. So other programs can read it.
func TestSafetensors(t *testing.T) {
	raw := whole(t)
	n := binary.LittleEndian.Uint64(raw)
	if n%8 != 0 || raw[8] != '{' {
		t.Errorf("header of %d bytes that begins with %q", n, raw[8])
	}
	var header map[string]json.RawMessage
	if err := json.Unmarshal(raw[8:8+n], &header); err != nil {
		t.Fatal(err)
	}
	var metadata map[string]string
	if err := json.Unmarshal(header["__metadata__"], &metadata); err != nil || metadata["selfnorm.format"] != "1" {
		t.Errorf("metadata %v (%v)", metadata, err)
	}
	delete(header, "__metadata__")
	sizes := map[string]int{"F32": 4, "F64": 8, "U8": 1}
	covered := 0
	for name, entry := range header {
		var x struct {
			Dtype   string
			Shape   []int
			Offsets [2]int `json:"data_offsets"`
		}
		if err := json.Unmarshal(entry, &x); err != nil {
			t.Fatal(err)
		}
		size := sizes[x.Dtype]
		for _, d := range x.Shape {
			size *= d
		}
		if x.Offsets[1]-x.Offsets[0] != size || x.Offsets[0]%sizes[x.Dtype] != 0 {
			t.Errorf("%s: %+v", name, x)
		}
		covered += size
		if name == "moment" {
			if got := math.Float64frombits(binary.LittleEndian.Uint64(raw[8+int(n)+x.Offsets[0]:])); got != math.Pi {
				t.Errorf("the first number of moment is %v", got)
			}
		}
	}
	if len(header) != 4 || covered != len(raw)-8-int(n) {
		t.Errorf("%d tensors of %d bytes, want 4 of %d", len(header), covered, len(raw)-8-int(n))
	}
}

// Whatever the bytes, decoding returns an error or a file that comes back from writing it.
func FuzzDecode(f *testing.F) {
	fuzztest.Brief(f)
	f.Add(whole(f))
	f.Add(written(f, withBlocks(f)))
	f.Add(file(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8))
	f.Add(file(`{"__metadata__":{"selfnorm.format":"1","selfnorm.params":"[]"},"a":{"dtype":"F64","shape":[1,0],"data_offsets":[0,0]}}`, 8))
	path := filepath.Join(f.TempDir(), "f")
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := tensorfile.Decode(raw)
		if err != nil {
			return
		}
		if err := tensorfile.Write(path, file); err != nil {
			t.Fatal(err)
		}
		if _, err := tensorfile.Read(path); err != nil {
			t.Fatal(err)
		}
	})
}
