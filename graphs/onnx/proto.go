package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// message is a protocol buffer message under construction. Field numbers are those of onnx.proto (ONNX 1.12).
type message []byte

func (m *message) text(field protowire.Number, s string) {
	*m = protowire.AppendString(protowire.AppendTag(*m, field, protowire.BytesType), s)
}

func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

func (m *message) integer(field protowire.Number, x int64) {
	*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), uint64(x))
}

func (m *message) float(field protowire.Number, x float32) {
	*m = protowire.AppendFixed32(protowire.AppendTag(*m, field, protowire.Fixed32Type), math.Float32bits(x))
}

const (
	irVersion = 8
	opset     = 17
	floatType = 1 // TensorProto.FLOAT
	intType   = 7 // TensorProto.INT64
)

// encodeModel returns a ModelProto. metadata holds pairs of key and value.
func encodeModel(graph message, metadata [][2]string) message {
	var version, m message
	version.text(1, "")
	version.integer(2, opset)
	m.integer(1, irVersion)
	m.text(2, "selfnorm")
	m.bytes(7, graph)
	m.bytes(8, version)
	for _, pair := range metadata {
		var entry message
		entry.text(1, pair[0])
		entry.text(2, pair[1])
		m.bytes(14, entry)
	}
	return m
}

// valueInfo returns the ValueInfoProto of a tensor with any number of rows of the given shape.
func valueInfo(name string, kind int64, row ...int) message {
	var rows, shape, tensor, typ, m message
	rows.text(2, "batch")
	shape.bytes(1, rows)
	for _, d := range row {
		var size message
		size.integer(1, int64(d))
		shape.bytes(1, size)
	}
	tensor.integer(1, kind)
	tensor.bytes(2, shape)
	typ.bytes(1, tensor)
	m.text(1, name)
	m.bytes(2, typ)
	return m
}

// initializer is a constant of the model.
type initializer struct {
	name   string
	shape  []int
	values []float32
}

// encode returns a TensorProto.
func (t initializer) encode() message {
	var m message
	for _, d := range t.shape {
		m.integer(1, int64(d))
	}
	m.integer(2, floatType)
	m.text(8, t.name)
	raw := make([]byte, 0, 4*len(t.values))
	for _, v := range t.values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	m.bytes(9, raw)
	return m
}

// node is an ONNX op applied to named values.
type node struct {
	name, op string
	inputs   []string
	output   string
	attrs    []Attr
}

// encode returns a NodeProto.
func (n node) encode() message {
	var m message
	for _, in := range n.inputs {
		m.text(1, in)
	}
	m.text(2, n.output)
	m.text(3, n.name)
	m.text(4, n.op)
	for _, a := range n.attrs {
		m.bytes(5, a.encoded)
	}
	return m
}

// Attr is an attribute of an ONNX node.
type Attr struct{ encoded message }

// Float is an attribute of type FLOAT.
func Float(name string, x float64) Attr {
	var m message
	m.text(1, name)
	m.float(2, float32(x))
	m.integer(20, 1)
	return Attr{m}
}

// Int is an attribute of type INT.
func Int(name string, x int) Attr {
	var m message
	m.text(1, name)
	m.integer(3, int64(x))
	m.integer(20, 2)
	return Attr{m}
}
