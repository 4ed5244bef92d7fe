package parquet

import (
	"io"
	"runtime/debug"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"github.com/pkg/errors"
)

// Limits of a file.
const (
	maxColumns = 100_000
	maxText    = 1 << 20 // bytes of a value
	batch      = 256     // values that are decoded at once
)

// Reader reads the rows of a Parquet file one at a time. Its memory is that of a page of each column that is used, at most 256 MiB, of one page more, packed and unpacked, and of the dictionary of its
// texts, whatever the size of the file. Use it from one goroutine.
type Reader struct {
	name    string
	from    io.ReaderAt
	file    *parquet.File
	columns []column
	group   int   // the next row group
	left    int64 // rows of the current one
	row     int64 // rows read
	rows    int64
	texts   []string
	unpack  unpacker
	err     error
}

// column is a column that can be read.
type column struct {
	name  string
	index int // among the leaves of the file
	codec format.CompressionCodec
	text  func(parquet.Value) string
	used  bool

	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	some   []parquet.Value
	at, n  int
}

// Magic is the beginning of a Parquet file.
const Magic = "PAR1"

// New reads a file of the given size; name stands for it in errors. It returns an error if that is no Parquet file, or one without a column that can be
// read.
func New(name string, r io.ReaderAt, size int64) (_ *Reader, err error) {
	if r == nil {
		return nil, errors.Errorf("parquet: %s: nothing to read from", name)
	}
	defer recovered(name, &err)
	if err := checkFooter(r, size); err != nil {
		return nil, errors.Wrapf(err, "parquet: %s", name)
	}
	file, err := parquet.OpenFile(r, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, errors.Wrapf(err, "parquet: %s", name)
	}
	p := &Reader{name: name, from: r, file: file, rows: file.NumRows()}
	for _, c := range file.Root().Columns() {
		if len(p.columns) == maxColumns {
			return nil, errors.Errorf("parquet: %s: more than %d columns, the limit", name, maxColumns)
		}
		if !c.Leaf() || c.Repeated() || c.MaxDefinitionLevel() > 1 {
			continue
		}
		if text := textOf(c.Type()); text != nil {
			p.columns = append(p.columns, column{name: c.Name(), index: c.Index(), codec: codecOf(c), text: text, used: true})
		}
	}
	if len(p.columns) == 0 {
		return nil, errors.Errorf("parquet: %s: no column of numbers, texts, truth values or dates", name)
	}
	p.texts = make([]string, len(p.columns))
	return p, nil
}

// codecOf returns how the pages of a column are packed in all row groups, as the library sees it.
func codecOf(c *parquet.Column) format.CompressionCodec {
	if codec := c.Compression(); codec != nil {
		return codec.CompressionCodec()
	}
	return format.Uncompressed
}

// recovered turns a panic of the library, as for a damaged file, into an error.
func recovered(name string, err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("parquet: %s: the file is damaged: %v", name, r)
		if e, ok := r.(error); ok && e.Error() == "" {
			*err = errors.WithMessage(*err, string(debug.Stack()))
		}
	}
}

// Columns returns the names of the columns that can be read.
func (p *Reader) Columns() (names []string) {
	if p == nil {
		return nil
	}
	for i := range p.columns {
		names = append(names, p.columns[i].name)
	}
	return names
}

// Use chooses the columns to read, before the first row: those with true. The texts of the others are empty.
func (p *Reader) Use(used []bool) {
	if p == nil || p.row > 0 {
		return
	}
	for i := range p.columns {
		p.columns[i].used = i < len(used) && used[i]
	}
}

// Rows returns the number of rows, and Row how many have been read.
func (p *Reader) Rows() int64 {
	if p == nil {
		return 0
	}
	return p.rows
}

// Row returns how many rows have been read.
func (p *Reader) Row() int64 {
	if p == nil {
		return 0
	}
	return p.row
}

// Next returns the texts of the next row, valid until the next call, or io.EOF after the last one. Errors name the file and the row.
func (p *Reader) Next() (texts []string, err error) {
	if p == nil || p.file == nil {
		return nil, errors.New("parquet: no open file")
	}
	if p.err != nil {
		return nil, p.err
	}
	defer func() {
		if err != nil {
			p.err = err
			p.Close()
		}
	}()
	defer recovered(p.name, &err)
	for p.left == 0 {
		if err := p.nextGroup(); err != nil {
			return nil, err
		}
	}
	for i := range p.columns {
		c := &p.columns[i]
		if !c.used {
			continue
		}
		v, err := c.next()
		if err != nil {
			return nil, errors.Wrapf(err, "parquet: %s: row %d: column %q", p.name, p.row+1, c.name)
		}
		p.texts[i] = ""
		if !v.IsNull() {
			p.texts[i] = c.text(v)
		}
		if n := len(p.texts[i]); n > maxText {
			return nil, errors.Errorf("parquet: %s: row %d: column %q: a text of %d bytes, the limit is %d", p.name, p.row+1, c.name, n, maxText)
		}
	}
	p.left--
	p.row++
	return p.texts, nil
}

// nextGroup begins the next row group.
func (p *Reader) nextGroup() error {
	groups := p.file.RowGroups()
	if p.group == len(groups) {
		return io.EOF
	}
	g := groups[p.group]
	p.group++
	p.left = g.NumRows()
	if p.left < 0 {
		return errors.Errorf("parquet: %s: the file is damaged: %d rows", p.name, p.left)
	}
	chunks := g.ColumnChunks()
	for i := range p.columns {
		c := &p.columns[i]
		if !c.used {
			continue
		}
		c.close()
		if c.index < 0 || c.index >= len(chunks) {
			return errors.Errorf("parquet: %s: the file is damaged: no column %d in row group %d", p.name, c.index, p.group)
		}
		if err := p.checkPages(c); err != nil {
			return errors.Wrapf(err, "parquet: %s: column %q", p.name, c.name)
		}
		c.pages = chunks[c.index].Pages()
	}
	return nil
}

// checkPages checks the pages of a column in the row group that begins.
func (p *Reader) checkPages(c *column) error {
	groups := p.file.Metadata().RowGroups
	if p.group > len(groups) || c.index >= len(groups[p.group-1].Columns) {
		return errDamaged
	}
	return p.unpack.checkPages(p.from, &groups[p.group-1].Columns[c.index].MetaData, c.codec)
}

// next returns the next value of the current row group.
func (c *column) next() (parquet.Value, error) {
	for c.at == c.n {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if err != nil {
				return parquet.Value{}, short(err)
			}
			c.page, c.values = page, page.Values()
		}
		if c.some == nil {
			c.some = make([]parquet.Value, batch)
		}
		n, err := c.values.ReadValues(c.some)
		c.at, c.n = 0, n
		if err != nil && err != io.EOF {
			return parquet.Value{}, err
		}
		if err == io.EOF || n == 0 {
			c.values = nil // the page stays until its values are used
			if n == 0 {
				parquet.Release(c.page)
				c.page = nil
			}
		}
	}
	c.at++
	return c.some[c.at-1], nil
}

// short names the reason for an end inside a row group.
func short(err error) error {
	if err == io.EOF {
		return errors.New("the file is damaged: fewer values than rows")
	}
	return errors.WithStack(err)
}

func (c *column) close() {
	if c.pages != nil {
		c.pages.Close()
	}
	c.pages, c.page, c.values, c.at, c.n = nil, nil, nil, 0, 0
}

// Close frees the memory. It does not close the file.
func (p *Reader) Close() error {
	if p == nil {
		return nil
	}
	for i := range p.columns {
		p.columns[i].close()
	}
	p.unpack = unpacker{}
	return nil
}
