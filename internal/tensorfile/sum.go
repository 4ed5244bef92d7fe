package tensorfile

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"iter"
	"maps"
	"slices"
)

// sum is the checksum of metadata and tensors: SHA-256 of a number of fields, each preceded by its length in bytes as a little-endian
// uint64. First the metadata sorted by name, except the checksum itself: name, text. Then the tensors sorted by name: name, dtype as in the
// header, each size of the shape as a little-endian uint64 (together one field), data. Blocks are tensors, so the sum covers them too.
func sum(metadata map[string]string, tensors []Raw) string {
	return sumOf(metadata, slices.Values(byName(tensors)))
}

func byName(tensors []Raw) []Raw {
	compare := func(a, b Raw) int { return cmp.Compare(a.Name, b.Name) }
	if slices.IsSortedFunc(tensors, compare) {
		return tensors
	}
	return slices.SortedFunc(slices.Values(tensors), compare)
}

// headSum is the sum of a file without the data of its tensors and without both checksums.
func headSum(metadata map[string]string, tensors []Raw) string {
	rest := maps.Clone(metadata)
	delete(rest, headKey)
	return sumOf(rest, func(yield func(Raw) bool) {
		for _, t := range byName(tensors) {
			if t.Data = nil; !yield(t) {
				return
			}
		}
	})
}

// sumOf is sum for tensors that are already sorted by name.
func sumOf(metadata map[string]string, tensors iter.Seq[Raw]) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		if name != checksumKey {
			addField(h, []byte(name))
			addField(h, []byte(metadata[name]))
		}
	}
	var shape []byte
	for t := range tensors {
		addField(h, []byte(t.Name))
		addField(h, []byte(t.DType))
		shape = shape[:0]
		for _, d := range t.Shape {
			shape = binary.LittleEndian.AppendUint64(shape, uint64(d))
		}
		addField(h, shape)
		addField(h, t.Data)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

func addField(h hash.Hash, data []byte) {
	var length [8]byte
	binary.LittleEndian.PutUint64(length[:], uint64(len(data)))
	h.Write(length[:])
	h.Write(data)
}
