package tensorboard_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// event is a decoded Event.
type event struct {
	wallTime   float64
	step       int
	version    string
	starts     bool // SessionLog.START
	scalars    map[string]float32
	histograms map[string]histogram
}

type histogram struct {
	min, max, num, sum, squares float64
	limits, counts              []float64
}

// crc32c is the checksum bit by bit, with the polynomial of RFC 3720 reversed.
func crc32c(data []byte) uint32 {
	crc := ^uint32(0)
	for _, b := range data {
		crc ^= uint32(b)
		for range 8 {
			crc = crc>>1 ^ 0x82f63b78&-(crc&1)
		}
	}
	return ^crc
}

func masked(data []byte) uint32 {
	crc := crc32c(data)
	return (crc>>15 | crc<<17) + 0xa282ead8
}

// readFile decodes all records of a file.
func readFile(t testing.TB, path string) (events []event) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for len(b) > 0 {
		if len(b) < 16 || binary.LittleEndian.Uint32(b[8:]) != masked(b[:8]) {
			t.Fatalf("%s: no record in the last %d bytes", path, len(b))
		}
		n := int(binary.LittleEndian.Uint64(b))
		if len(b) < 16+n || binary.LittleEndian.Uint32(b[12+n:]) != masked(b[12:12+n]) {
			t.Fatalf("%s: a damaged record of %d bytes", path, n)
		}
		events = append(events, decodeEvent(t, b[12:12+n]))
		b = b[16+n:]
	}
	return events
}

// readDir decodes the files of a folder, in the order of their names.
func readDir(t testing.TB, dir string) (events []event) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*tfevents*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d files, error %v", len(paths), err)
	}
	for _, path := range paths {
		events = append(events, readFile(t, path)...)
	}
	return events
}

// fields calls f for each field of a message: v is that of a varint or a fixed number, data that of bytes.
func fields(t testing.TB, b []byte, f func(field protowire.Number, v uint64, data []byte)) {
	t.Helper()
	for len(b) > 0 {
		field, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		b = b[n:]
		var v uint64
		var data []byte
		switch kind {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			v, n = protowire.ConsumeFixed64(b)
		case protowire.Fixed32Type:
			var v32 uint32
			v32, n = protowire.ConsumeFixed32(b)
			v = uint64(v32)
		case protowire.BytesType:
			data, n = protowire.ConsumeBytes(b)
		default:
			t.Fatalf("field %d has wire type %d", field, kind)
		}
		if n < 0 {
			t.Fatal(protowire.ParseError(n))
		}
		f(field, v, data)
		b = b[n:]
	}
}

func decodeEvent(t testing.TB, b []byte) event {
	t.Helper()
	e := event{scalars: map[string]float32{}, histograms: map[string]histogram{}}
	fields(t, b, func(field protowire.Number, v uint64, data []byte) {
		switch field {
		case 1:
			e.wallTime = math.Float64frombits(v)
		case 2:
			e.step = int(v)
		case 3:
			e.version = string(data)
		case 5:
			fields(t, data, func(_ protowire.Number, _ uint64, value []byte) { decodeValue(t, value, &e) })
		case 7:
			fields(t, data, func(field protowire.Number, v uint64, _ []byte) { e.starts = field == 1 && v == 1 })
		default:
			t.Fatalf("an event has field %d", field)
		}
	})
	return e
}

func decodeValue(t testing.TB, b []byte, e *event) {
	t.Helper()
	tag := ""
	fields(t, b, func(field protowire.Number, v uint64, data []byte) {
		switch field {
		case 1:
			tag = string(data)
		case 2:
			if _, ok := e.scalars[tag]; ok {
				t.Errorf("step %d has %s twice", e.step, tag)
			}
			e.scalars[tag] = math.Float32frombits(uint32(v))
		case 5:
			e.histograms[tag] = decodeHistogram(t, data)
		default:
			t.Fatalf("a value has field %d", field)
		}
	})
}

func decodeHistogram(t testing.TB, b []byte) (h histogram) {
	t.Helper()
	doubles := func(data []byte) (out []float64) {
		for ; len(data) >= 8; data = data[8:] {
			out = append(out, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		}
		return out
	}
	fields(t, b, func(field protowire.Number, v uint64, data []byte) {
		switch field {
		case 1:
			h.min = math.Float64frombits(v)
		case 2:
			h.max = math.Float64frombits(v)
		case 3:
			h.num = math.Float64frombits(v)
		case 4:
			h.sum = math.Float64frombits(v)
		case 5:
			h.squares = math.Float64frombits(v)
		case 6:
			h.limits = doubles(data)
		case 7:
			h.counts = doubles(data)
		}
	})
	return h
}

// point is a value of a curve.
type point struct {
	step  int
	value float32
}

// curves are the scalars as TensorBoard shows them: the start of a session removes what there is of its step and later ones, but for
// the first start of a run, which it takes for its beginning.
func curves(events []event) map[string][]point {
	shown := map[string][]point{}
	started := false
	for _, e := range events {
		if e.starts && started {
			for tag, points := range shown {
				kept := points[:0]
				for _, p := range points {
					if p.step < e.step {
						kept = append(kept, p)
					}
				}
				shown[tag] = kept
			}
		}
		started = started || e.starts
		for tag, v := range e.scalars {
			shown[tag] = append(shown[tag], point{e.step, v})
		}
	}
	return shown
}
