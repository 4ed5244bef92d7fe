package parquet

import (
	"io"

	"github.com/parquet-go/parquet-go/format"
	"github.com/pkg/errors"
)

// Limits of a page.
const (
	maxPage       = 1 << 28 // bytes, packed and unpacked
	maxValues     = 1 << 25
	maxPageHeader = 1 << 20 // bytes
	usualHeader   = 1 << 10 // bytes that are read at first
)

// checkPages walks through the pages of a column in a row group. The library makes room for what a header claims, and for whatever a page unpacks to, so that a
// damaged file could take all memory.
func (u *unpacker) checkPages(r io.ReaderAt, m *format.ColumnMetaData, codec format.CompressionCodec) error {
	at := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	for end := at + m.TotalCompressedSize; at < end; {
		p, err := pageAt(r, at)
		switch {
		case err != nil:
			return err
		case max(p.unpacked(), p.packed()) > maxPage:
			return errors.Errorf("a page of %d bytes, the limit is %d", max(p.unpacked(), p.packed()), maxPage)
		case p.values() > maxValues:
			return errors.Errorf("a page of %d values, the limit is %d", p.values(), maxValues)
		case p.next() <= at:
			return errDamaged
		}
		if err := u.check(r, p, codec); err != nil {
			return err
		}
		at = p.next()
	}
	return nil
}

var errDamaged = errors.New("the file is damaged: a page of it cannot be read")

// pageAt reads the header of the page that begins at a place.
func pageAt(r io.ReaderAt, at int64) (*pageHeader, error) {
	if at < 0 {
		return nil, errDamaged
	}
	for n := usualHeader; n <= maxPageHeader; n *= 32 {
		text := make([]byte, n)
		have, err := r.ReadAt(text, at)
		if err != nil && err != io.EOF {
			return nil, errors.WithStack(err)
		}
		p := &pageHeader{}
		f := footer{text: text[:have], header: p}
		if f.structure(0) {
			p.data = at + int64(f.at)
			if p.unpacked() < 0 || p.packed() < 0 || p.levels() > p.packed() {
				break
			}
			return p, nil
		}
		if have < n {
			break // it does not end in the file
		}
	}
	return nil, errDamaged
}
