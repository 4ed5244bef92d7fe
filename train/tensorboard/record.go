package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
)

// appendRecord adds a TFRecord to b: the length as a little-endian uint64, its masked checksum, the data, and theirs
// (tensorflow/core/lib/io/record_writer.h).
func appendRecord(b, data []byte) []byte {
	start := len(b)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(data)))
	b = binary.LittleEndian.AppendUint32(b, maskedCRC(b[start:]))
	b = append(b, data...)
	return binary.LittleEndian.AppendUint32(b, maskedCRC(data))
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// maskedCRC is the CRC-32C of data (RFC 3720, appendix B.4), rotated and shifted by a constant, so that data which contain checksums do not
// get a special checksum.
func maskedCRC(data []byte) uint32 {
	crc := crc32.Checksum(data, castagnoli)
	return (crc>>15 | crc<<17) + 0xa282ead8
}
