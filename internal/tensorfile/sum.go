package tensorfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
)

// sum is the checksum of metadata and tensors: SHA-256 of a number of fields, each preceded by its length in bytes as a
// little-endian uint64. First the metadata sorted by name, all but the checksum itself: name, text. Then the tensors sorted by
// name: name, dtype as in the header, each size of the shape as a little-endian uint64 (together one field), data.
func sum(metadata map[string]string, views map[string]view) string {
	h := sha256.New()
	field := func(data []byte) {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(data))))
		h.Write(data)
	}
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		if name != checksumKey {
			field([]byte(name))
			field([]byte(metadata[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(views)) {
		v := views[name]
		field([]byte(name))
		field([]byte(v.DType().String()))
		var shape []byte
		for _, d := range v.Shape() {
			shape = binary.LittleEndian.AppendUint64(shape, d)
		}
		field(shape)
		field(v.Data())
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}
