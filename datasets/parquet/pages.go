package parquet

import (
	"encoding/binary"
	"io"

	"github.com/parquet-go/parquet-go/format"
	"github.com/pkg/errors"
)

// Limits of a page.
const (
	maxPage       = 1 << 28 // bytes, unpacked
	maxPageHeader = 1 << 20 // bytes
	usualHeader   = 1 << 10 // bytes that are read at first
)

// checkPages walks through the headers of the pages of a column in a row group. The library makes room for what a header claims, so that a damaged file could
// take all memory.
func checkPages(r io.ReaderAt, m *format.ColumnMetaData) error {
	at := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	for end := at + m.TotalCompressedSize; at < end; {
		size, next, err := pageAt(r, at)
		switch {
		case err != nil:
			return err
		case size > maxPage:
			return errors.Errorf("a page of %d bytes, the limit is %d", size, maxPage)
		case next <= at:
			return errDamaged
		}
		at = next
	}
	return nil
}

var errDamaged = errors.New("the file is damaged: a page of it cannot be read")

// pageAt returns the unpacked size of the page that begins at a place, and where the next one does.
func pageAt(r io.ReaderAt, at int64) (size, next int64, err error) {
	if at < 0 {
		return 0, 0, errDamaged
	}
	for n := usualHeader; n <= maxPageHeader; n *= 32 {
		text := make([]byte, n)
		have, err := r.ReadAt(text, at)
		if err != nil && err != io.EOF {
			return 0, 0, errors.WithStack(err)
		}
		f := footer{text: text[:have], numbers: true}
		if f.structure(0) {
			unpacked, packed := f.fields[2], f.fields[3]
			if unpacked < 0 || packed < 0 {
				break
			}
			return unpacked, at + int64(f.at) + packed, nil
		}
		if have < n {
			break // it does not end in the file
		}
	}
	return 0, 0, errDamaged
}

// number notes a whole number of the outermost structure.
func (f *footer) number(field, depth int, from int) {
	if !f.numbers || depth != 1 || field < 0 || field >= len(f.fields) {
		return
	}
	v, _ := binary.Varint(f.text[from:f.at])
	f.fields[field] = v
}
