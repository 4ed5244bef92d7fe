package rowfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"sync"

	"github.com/pkg/errors"
)

// maxDescription is the limit of the description of a file in bytes.
const maxDescription = 1 << 26

// File is a file of rows that is open for reading. Several goroutines may use it at once.
type File struct {
	path     string
	d        Description
	file     *os.File
	size     int64
	sums     []byte
	checksum string
	cache    *cache

	closing sync.Once
	closed  error // of Close
}

// Open opens a file. It reads the description and the checksums of the chunks, 16 bytes per MiB of rows, and no row. It returns an error that names
// the path for a file that is no file of rows, was cut short, or is damaged.
func Open(path string) (*File, error) {
	f, err := open(path)
	return f, errors.Wrap(err, "rowfile")
}

func open(path string) (_ *File, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.Errorf("%s: it is no ordinary file", path)
	}
	f := &File{path: path}
	if f.file, err = os.Open(path); err != nil {
		return nil, errors.WithStack(err)
	}
	if err := f.read(); err != nil {
		f.file.Close()
		return nil, errors.Wrap(err, path)
	}
	f.cache = newCache(f)
	return f, nil
}

var (
	errForeign = errors.New("it is no file of rows of this program")
	errCut     = errors.New("it is cut short or damaged: its end is missing; write it again")
)

// read reads all but the rows.
func (f *File) read() error {
	info, err := f.file.Stat()
	if err != nil {
		return errors.WithStack(err)
	}
	f.size = info.Size()
	head, tail := make([]byte, headSize), make([]byte, tailSize)
	if n, err := f.file.ReadAt(head, 0); n < len(magic) || string(head[:len(magic)]) != magic {
		if err != nil && err != io.EOF {
			return errors.WithStack(err)
		}
		return errForeign
	}
	if f.size < headSize+tailSize {
		return errCut
	}
	if err := f.readAt(tail, f.size-tailSize); err != nil {
		return err
	}
	length := binary.LittleEndian.Uint64(tail)
	if string(tail[16:]) != endMagic || length > maxDescription || int64(length) > f.size-headSize-tailSize {
		return errCut
	}
	text := make([]byte, length)
	if err := f.readAt(text, f.size-tailSize-int64(length)); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &f.d); err != nil {
		return errors.Wrap(err, "its description is damaged")
	}
	if err := f.d.check(); err != nil {
		return errors.Wrap(err, "its description is damaged")
	}
	return f.readSums(text, binary.LittleEndian.Uint32(tail[8:]))
}

// readSums reads the checksums of the chunks, once the length of the file shows that they are there.
func (f *File) readSums(text []byte, sum uint32) error {
	rows, sums := int64(f.d.Rows)*int64(f.d.bytes()), 4*int64(f.d.chunks())
	if f.d.Rows < 1 || f.size != headSize+rows+sums+int64(len(text))+tailSize {
		return errors.Errorf("it has %d bytes, but its description wants %d: it is damaged", f.size, headSize+rows+sums+int64(len(text))+tailSize)
	}
	f.sums = make([]byte, sums)
	if err := f.readAt(f.sums, headSize+rows); err != nil {
		return err
	}
	if crc32.Update(crc32.Checksum(f.sums, castagnoli), castagnoli, text) != sum {
		return errors.New("its description is damaged: the checksum is wrong")
	}
	whole := sha256.New()
	whole.Write(f.sums)
	whole.Write(text)
	f.checksum = hex.EncodeToString(whole.Sum(nil))
	return nil
}

// readAt reads a part of the file, all of it.
func (f *File) readAt(b []byte, at int64) error {
	if n, err := f.file.ReadAt(b, at); n < len(b) {
		if err == io.EOF {
			return errors.Errorf("it was cut short while it was read: %d of %d bytes from %d on", n, len(b), at)
		}
		return errors.WithStack(err)
	}
	return nil
}

// Close ends the reading, and closes the file. Data of the file cannot be read any more.
func (f *File) Close() error {
	if f == nil || f.file == nil {
		return nil
	}
	f.closing.Do(func() {
		f.cache.close()
		f.closed = f.file.Close()
	})
	return errors.Wrap(f.closed, "rowfile")
}

// Description returns what the rows hold.
func (f *File) Description() Description {
	if f == nil {
		return Description{}
	}
	d := f.d
	d.Columns, d.Shape, d.Tasks, d.Classes = slices.Clone(d.Columns), slices.Clone(d.Shape), slices.Clone(d.Tasks), slices.Clone(d.Classes)
	d.Encoder = slices.Clone(d.Encoder)
	return d
}

// Checksum identifies the content of the file: a SHA-256 of the checksums of its chunks and its description, in hexadecimal digits.
func (f *File) Checksum() string {
	if f == nil {
		return ""
	}
	return f.checksum
}
