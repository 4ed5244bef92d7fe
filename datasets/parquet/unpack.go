package parquet

import (
	"compress/gzip"
	"encoding/binary"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pierrec/lz4/v4"
	"github.com/pkg/errors"
)

// unpacker checks that packed pages unpack to no more than their headers claim. The library appends what comes, and of a page in LZ4 that cannot be unpacked it
// believes that there was too little room, and doubles it for ever. Snappy says its size first; other pages are unpacked twice.
type unpacker struct {
	packed, plain []byte
	zstd          *zstd.Decoder
}

// lz4Least is how much shorter packing must make a page in LZ4. The library (v0.32.0) makes room for three times the packed bytes; if that is more than it had, it
// unpacks into the new room and reads the old one, which holds zeros or another page.
const lz4Least = 3

// errSwollen is the error for a page that unpacks to more than its header says.
var errSwollen = errors.New("the file is damaged: a page of it unpacks to more bytes than its header says, or cannot be unpacked")

// swollen explains the error of a codec.
func swollen(err error) error { return errors.Wrap(err, errSwollen.Error()) }

// check checks a page of a column.
func (u *unpacker) check(r io.ReaderAt, p *pageHeader, codec format.CompressionCodec) error {
	at, n := p.data+p.levels(), p.packed()-p.levels()
	if codec == format.Uncompressed || p.plain && p.outer[fieldType] == typeDataV2 || n == 0 {
		return nil
	}
	switch codec {
	case format.Snappy:
		return u.snappy(r, at, n, p.unpacked())
	case format.Gzip:
		unpacked, err := gzip.NewReader(io.NewSectionReader(r, at, n))
		if err != nil {
			return swollen(err)
		}
		return bounded(unpacked, p.unpacked())
	case format.Brotli:
		return bounded(brotli.NewReader(io.NewSectionReader(r, at, n)), p.unpacked())
	case format.Zstd, format.Lz4Raw:
		u.packed, u.plain = sized(u.packed, n), sized(u.plain, p.unpacked())
		if _, err := r.ReadAt(u.packed, at); err != nil {
			return errors.WithStack(err)
		}
		if codec == format.Zstd {
			return u.zstandard()
		}
		if lz4Least*n > p.unpacked() {
			return errors.Errorf("a page in LZ4 of %d bytes that unpacks to %d: only those that shrink to a third can be read; write the file with Snappy or Zstandard", n, p.unpacked())
		}
		if _, err := lz4.UncompressBlock(u.packed, u.plain); err != nil {
			return swollen(err)
		}
	}
	return nil // the library knows no other codec
}

// snappy checks the size at the beginning of a packed page.
func (u *unpacker) snappy(r io.ReaderAt, at, n, unpacked int64) error {
	u.packed = sized(u.packed, min(n, binary.MaxVarintLen64))
	if _, err := r.ReadAt(u.packed, at); err != nil {
		return errors.WithStack(err)
	}
	if size, k := binary.Uvarint(u.packed); k <= 0 || size > uint64(unpacked) {
		return errSwollen
	}
	return nil
}

// bounded reads all that is unpacked, at most n bytes.
func bounded(unpacked io.Reader, n int64) error {
	got, err := io.Copy(io.Discard, io.LimitReader(unpacked, n+1))
	if err != nil {
		return swollen(err)
	}
	if got > n {
		return errSwollen
	}
	return nil
}

// zstandard unpacks u.packed into the room of u.plain.
func (u *unpacker) zstandard() (err error) {
	if u.zstd == nil {
		u.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return errors.WithStack(err)
		}
	}
	room := u.plain[:0:len(u.plain)]
	if _, err := u.zstd.DecodeAll(u.packed, room); err != nil {
		return swollen(err)
	}
	return nil
}

// sized returns n bytes, those of b if they are enough.
func sized(b []byte, n int64) []byte {
	if int64(cap(b)) < n {
		return make([]byte, n)
	}
	return b[:n]
}
