package onnx_test

import (
	"encoding/binary"
	"math"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// model is an ONNX file read back, as far as these tests need it. The reader shares nothing with the writer.
type model struct {
	ir, opset      int64
	producer       string
	metadata       map[string]string
	nodes          []modelNode
	constants      map[string]modelTensor
	inputs, output []modelValue
}

type modelNode struct {
	name, op string
	inputs   []string
	outputs  []string
	floats   map[string]float64
	ints     map[string]int64
	lists    map[string][]int
}

type modelTensor struct {
	shape  []int
	values []float64
}

// modelValue is an input or output: dims holds its sizes, or the name of one that is open.
type modelValue struct {
	name string
	elem int64
	dims []any
}

// fields calls f for each field of a message, with the bytes or the number that it holds.
func fields(t testing.TB, raw []byte, f func(field protowire.Number, b []byte, x uint64)) {
	t.Helper()
	for len(raw) > 0 {
		field, kind, n := protowire.ConsumeTag(raw)
		if n < 0 {
			t.Fatalf("no protocol buffer: %v", protowire.ParseError(n))
		}
		raw = raw[n:]
		var b []byte
		var x uint64
		switch kind {
		case protowire.BytesType:
			b, n = protowire.ConsumeBytes(raw)
		case protowire.VarintType:
			x, n = protowire.ConsumeVarint(raw)
		case protowire.Fixed32Type:
			var y uint32
			y, n = protowire.ConsumeFixed32(raw)
			x = uint64(y)
		default:
			t.Fatalf("field %d has wire type %d", field, kind)
		}
		if n < 0 {
			t.Fatalf("field %d: %v", field, protowire.ParseError(n))
		}
		raw = raw[n:]
		f(field, b, x)
	}
}

func decode(t testing.TB, raw []byte) *model {
	t.Helper()
	m := &model{metadata: map[string]string{}, constants: map[string]modelTensor{}}
	fields(t, raw, func(field protowire.Number, b []byte, x uint64) {
		switch field {
		case 1:
			m.ir = int64(x)
		case 2:
			m.producer = string(b)
		case 7:
			m.graph(t, b)
		case 8:
			fields(t, b, func(field protowire.Number, _ []byte, x uint64) {
				if field == 2 {
					m.opset = int64(x)
				}
			})
		case 14:
			var pair [3]string
			fields(t, b, func(field protowire.Number, b []byte, _ uint64) { pair[field] = string(b) })
			m.metadata[pair[1]] = pair[2]
		}
	})
	return m
}

func (m *model) graph(t testing.TB, raw []byte) {
	fields(t, raw, func(field protowire.Number, b []byte, _ uint64) {
		switch field {
		case 1:
			m.nodes = append(m.nodes, decodeNode(t, b))
		case 5:
			m.constant(t, b)
		case 11:
			m.inputs = append(m.inputs, decodeValue(t, b))
		case 12:
			m.output = append(m.output, decodeValue(t, b))
		}
	})
}

func decodeNode(t testing.TB, raw []byte) modelNode {
	n := modelNode{floats: map[string]float64{}, ints: map[string]int64{}, lists: map[string][]int{}}
	fields(t, raw, func(field protowire.Number, b []byte, _ uint64) {
		switch field {
		case 1:
			n.inputs = append(n.inputs, string(b))
		case 2:
			n.outputs = append(n.outputs, string(b))
		case 3:
			n.name = string(b)
		case 4:
			n.op = string(b)
		case 5:
			var name string
			var value, kind uint64
			fields(t, b, func(field protowire.Number, b []byte, x uint64) {
				switch field {
				case 1:
					name = string(b)
				case 2, 3:
					value = x
				case 8:
					n.lists[name] = append(n.lists[name], int(int64(x)))
				case 20:
					kind = x
				}
			})
			switch kind {
			case 7: // INTS
			case 1:
				n.floats[name] = float64(math.Float32frombits(uint32(value)))
			default:
				n.ints[name] = int64(value)
			}
		}
	})
	return n
}

func (m *model) constant(t testing.TB, raw []byte) {
	var name string
	var c modelTensor
	fields(t, raw, func(field protowire.Number, b []byte, x uint64) {
		switch field {
		case 1:
			c.shape = append(c.shape, int(x))
		case 2:
			if x != 1 {
				t.Fatalf("constant of data type %d", x)
			}
		case 8:
			name = string(b)
		case 9:
			for ; len(b) > 0; b = b[4:] {
				c.values = append(c.values, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
			}
		}
	})
	size := 1
	for _, d := range c.shape {
		size *= d
	}
	if _, ok := m.constants[name]; ok || size != len(c.values) {
		t.Fatalf("constant %q is there twice, or has %d values in shape %v", name, len(c.values), c.shape)
	}
	m.constants[name] = c
}

func decodeValue(t testing.TB, raw []byte) (v modelValue) {
	fields(t, raw, func(field protowire.Number, b []byte, _ uint64) {
		if field == 1 {
			v.name = string(b)
			return
		}
		fields(t, b, func(_ protowire.Number, b []byte, _ uint64) { // TypeProto.tensor_type
			fields(t, b, func(field protowire.Number, b []byte, x uint64) {
				if field == 1 {
					v.elem = int64(x)
					return
				}
				fields(t, b, func(_ protowire.Number, b []byte, _ uint64) { // a dimension
					fields(t, b, func(field protowire.Number, b []byte, x uint64) {
						if field == 2 {
							v.dims = append(v.dims, string(b))
						} else {
							v.dims = append(v.dims, int(x))
						}
					})
				})
			})
		})
	})
	return v
}
