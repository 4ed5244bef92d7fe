package parquet

import (
	"encoding/binary"
	"io"

	"github.com/pkg/errors"
)

// maxFooter is the limit of the description of a file in bytes.
const maxFooter = 1 << 25

// checkFooter checks that the lists in the description at the end of a file are not longer than the description itself. The library makes room for as many
// elements as a list claims to have, so that a file of a hundred bytes could take all memory.
func checkFooter(r io.ReaderAt, size int64) error {
	const tail = 8 // the length of the description, and the magic
	if size < int64(len(Magic)+tail) {
		return errors.New("no Parquet file: it is too short")
	}
	end := make([]byte, tail)
	if _, err := r.ReadAt(end, size-tail); err != nil {
		return errors.WithStack(err)
	}
	n := int64(binary.LittleEndian.Uint32(end))
	switch {
	case string(end[4:]) != Magic:
		return errors.New("no Parquet file, or one that is cut short or encrypted: it does not end in " + Magic)
	case n > size-tail-int64(len(Magic)):
		return errors.New("the file is damaged: its description is longer than the file")
	case n > maxFooter:
		return errors.Errorf("its description has %d bytes, the limit is %d", n, maxFooter)
	}
	f := footer{text: make([]byte, n)}
	if _, err := r.ReadAt(f.text, size-tail-n); err != nil {
		return errors.WithStack(err)
	}
	if !f.structure(0) {
		return errors.New("the file is damaged: its description cannot be read")
	}
	return nil
}

// footer is a description, or the header of a page, that is walked through, by the compact protocol of Thrift.
type footer struct {
	text []byte
	at   int

	header *pageHeader // keeps what is found in the header of a page; nil in a description
}

// The types of the protocol.
const (
	typeTrue   = 1
	typeFalse  = 2
	typeByte   = 3
	typeInt64  = 6 // and 4 and 5, of fewer bits
	typeDouble = 7
	typeText   = 8
	typeList   = 9
	typeSet    = 10
	typeMap    = 11
	typeStruct = 12
)

// maxDepth bounds how deep values contain others.
const maxDepth = 64

// smallest is the least size of a structure in a list, in bytes: the order of a column.
const smallest = 3

func (f *footer) next() (b byte, ok bool) {
	if f.at >= len(f.text) {
		return 0, false
	}
	f.at++
	return f.text[f.at-1], true
}

func (f *footer) skip(n uint64) bool {
	if n > uint64(len(f.text)-f.at) {
		return false
	}
	f.at += int(n)
	return true
}

func (f *footer) varint() (uint64, bool) {
	v, n := binary.Uvarint(f.text[f.at:])
	if n <= 0 {
		return 0, false
	}
	f.at += n
	return v, true
}

// structure walks through the fields of a structure.
func (f *footer) structure(depth int) bool {
	for field := int16(0); depth < maxDepth; {
		b, ok := f.next()
		if !ok || b == 0 {
			return ok
		}
		field += int16(b >> 4)
		if b>>4 == 0 { // its number follows
			n, ok := f.varint()
			if !ok {
				return false
			}
			field = int16(n>>1) ^ -int16(n&1)
		}
		from, kind := f.at, b&15
		if f.header != nil && !f.header.field(field, kind, depth) {
			return false
		}
		if kind != typeTrue && kind != typeFalse && !f.value(kind, depth+1) {
			return false
		}
		if f.header != nil && kind > typeByte && kind <= typeInt64 {
			v, _ := binary.Varint(f.text[from:f.at])
			f.header.number(field, depth, v)
		}
	}
	return false
}

// value walks through a value.
func (f *footer) value(kind byte, depth int) bool {
	switch {
	case kind == typeTrue || kind == typeFalse || kind == typeByte:
		return f.skip(1)
	case kind > typeByte && kind <= typeInt64:
		_, ok := f.varint()
		return ok
	case kind == typeDouble:
		return f.skip(8)
	case kind == typeText:
		n, ok := f.varint()
		return ok && f.skip(n)
	case kind == typeList || kind == typeSet:
		return f.list(depth)
	case kind == typeMap:
		return f.pairs(depth)
	case kind == typeStruct:
		return f.structure(depth)
	}
	return false
}

func (f *footer) list(depth int) bool {
	b, ok := f.next()
	n := uint64(b >> 4)
	if ok && n == 15 {
		n, ok = f.varint()
	}
	kind, least := b&15, uint64(1)
	if kind == typeStruct && n > 1 {
		least = smallest
	}
	if !ok || n > uint64(len(f.text)-f.at)/least {
		return false
	}
	for range n {
		if !f.value(kind, depth) {
			return false
		}
	}
	return true
}

func (f *footer) pairs(depth int) bool {
	n, ok := f.varint()
	if !ok || n == 0 {
		return ok
	}
	b, ok := f.next()
	if !ok || n > uint64(len(f.text)-f.at)/2 {
		return false
	}
	for range n {
		if !f.value(b>>4, depth) || !f.value(b&15, depth) {
			return false
		}
	}
	return true
}
