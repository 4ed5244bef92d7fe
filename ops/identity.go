package ops

import (
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"hash/maphash"
	"math"
	"reflect"
	"strconv"
	"sync/atomic"
	"unsafe"

	"github.com/pkg/errors"
)

// identity distinguishes ops. Gorgonia merges nodes whose hashes are equal, so Apply compares identities and gives unequal
// ops different hashes.
type identity struct {
	key  string // origin, name and attributes
	id   any    // Def.ID, or a unique serial
	salt uint32 // incremented until no unequal op has the same hash
}

func (a identity) equal(b identity) bool { return a.key == b.key && a.id == b.id }

// origin distinguishes built-in ops from a user's, so that a user's "SELU" is not the built-in one.
type origin string

const (
	builtin origin = "selfnorm/ops."
	custom  origin = "custom."
)

// serial is the identity of a user-defined op that declares none.
type serial uint64

var serials atomic.Uint64

func newSerial() serial { return serial(serials.Add(1)) }

// newIdentity returns the identity of def. Built-in ops without an ID are functions of their inputs and attributes.
func newIdentity(from origin, def *Def) (identity, error) {
	key := appendQuoted([]byte(from), def.Name)
	for i, a := range def.Attrs {
		var err error
		if key, err = appendAttr(key, reflect.ValueOf(a)); err != nil {
			return identity{}, errors.Wrapf(err, "attribute %d", i)
		}
	}
	id := def.ID
	switch {
	case id == nil && from != builtin:
		id = newSerial()
	case id != nil && !reflect.ValueOf(id).Comparable():
		return identity{}, errors.Errorf("ID of type %T is not comparable", id)
	}
	return identity{key: string(key), id: id}, nil
}

// appendQuoted appends a string so that the text after it cannot be mistaken for a part of it.
func appendQuoted(key []byte, s string) []byte { return append(strconv.AppendQuote(key, s), ' ') }

// appendAttr appends an attribute with its Go type, so that 1, 1.0 and "1" differ.
func appendAttr(key []byte, v reflect.Value) ([]byte, error) {
	if !v.IsValid() {
		return append(key, "nil "...), nil
	}
	t := v.Type()
	key = appendQuoted(appendQuoted(key, t.PkgPath()), t.String())
	switch v.Kind() {
	case reflect.Bool:
		return append(strconv.AppendBool(key, v.Bool()), ' '), nil
	case reflect.String:
		return appendQuoted(key, v.String()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return append(strconv.AppendInt(key, v.Int(), 10), ' '), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return append(strconv.AppendUint(key, v.Uint(), 10), ' '), nil
	case reflect.Float32, reflect.Float64:
		return append(strconv.AppendUint(key, math.Float64bits(v.Float()), 16), ' '), nil
	case reflect.Slice, reflect.Array:
		key = append(strconv.AppendInt(key, int64(v.Len()), 10), ' ')
		for i := range v.Len() {
			var err error
			if key, err = appendAttr(key, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return key, nil
	case reflect.Interface:
		return appendAttr(key, v.Elem())
	}
	return nil, errors.Errorf("type %v, want a number, a string, a bool or a slice of them", t)
}

var hashSeed = maphash.MakeSeed()

func (o *op[T]) WriteHash(h hash.Hash) {
	h.Write([]byte(o.identity.key))
	if o.identity.id != nil {
		binary.Write(h, binary.LittleEndian, maphash.Comparable(hashSeed, o.identity.id))
	}
	binary.Write(h, binary.LittleEndian, o.identity.salt)
}

func (o *op[T]) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// String returns the name of the op with its attributes. Unlike an identity, it is the same in every process.
func (o *op[T]) String() string {
	if len(o.def.Attrs) == 0 {
		return o.def.Name
	}
	return fmt.Sprintf("%s%v", o.def.Name, o.def.Attrs)
}

// functions is the identity of an Elementwise: two are equal if they hold the same function values.
type functions struct {
	f, slope, f32, grad32, gradAt32, f64, grad64, gradAt64 unsafe.Pointer
}

// function returns the address of the function value f, which is different for each closure, or nil for a nil f.
// The op refers to f, so no other function can get that address while the op lives.
func function[F any](f F) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&f)) }
