package stream

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"

	"github.com/pkg/errors"
)

// Source is a sequence of records.
type Source[R any] struct {
	// Next returns the next record, or io.EOF after the last one. A record that cannot be answered is a record, too.
	Next func() (R, error)
	// Text returns the texts of a record that its answer depends on. They are part of the checksum.
	Text func(r R) []string
	// Rows and Weight are the limits of a block: it ends with the record that reaches one of them. WeightOf returns the weight of a record, such as
	// its size in bytes; nil means no such limit.
	Rows, Weight int
	WeightOf     func(r R) int
}

// Block is some records that follow each other.
type Block[R any] struct {
	Records []R
	// After is where the source stands after the block.
	After Place
}

// Place is a place in a source: the number of records before it, and their checksum.
type Place struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // in hexadecimal digits
}

// Blocks cuts a source into blocks. Where the cuts are depends on the records alone, and on where it begins. Use it from one goroutine.
type Blocks[R any] struct {
	source Source[R]
	sum    hash.Hash
	rows   int64
	err    error
}

// NewBlocks returns the blocks of a source.
func NewBlocks[R any](s Source[R]) (*Blocks[R], error) {
	if s.Next == nil || s.Text == nil || s.Rows < 1 || s.WeightOf != nil && s.Weight < 1 {
		return nil, errors.Errorf("stream: blocks of %d rows and weight %d; want Next, Text, and limits of at least 1", s.Rows, s.Weight)
	}
	return &Blocks[R]{source: s, sum: sha256.New()}, nil
}

// Skip reads the records before a place without keeping them. It returns an error with cause [ErrChanged] if they are others than those that
// the place was made of. ctx is looked at from time to time.
func (b *Blocks[R]) Skip(ctx context.Context, to Place) error {
	if b == nil || b.sum == nil || ctx == nil {
		return errors.New("stream: there are no blocks, or no context")
	}
	for b.rows < to.Rows {
		if b.rows%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := b.read(); err == io.EOF {
			return errors.Wrapf(ErrChanged, "it has %d records, of which %d were answered", b.rows, to.Rows)
		} else if err != nil {
			return err
		}
	}
	if to.Rows > 0 && b.place() != to {
		return errors.Wrapf(ErrChanged, "its first %d records have another checksum", to.Rows)
	}
	return nil
}

// ErrChanged is the cause of the error for a source that has changed since its first records were answered.
var ErrChanged = errors.New("the input has changed")

// Next returns the next block, or io.EOF after the last one. The records before another error are dropped.
func (b *Blocks[R]) Next(ctx context.Context) (*Block[R], error) {
	if b == nil || b.sum == nil || ctx == nil {
		return nil, errors.New("stream: there are no blocks, or no context")
	}
	block := &Block[R]{}
	for weight := 0; len(block.Records) < b.source.Rows && (b.source.WeightOf == nil || weight < b.source.Weight); {
		r, err := b.read()
		if err == io.EOF && len(block.Records) > 0 {
			break
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if b.source.WeightOf != nil {
			weight += b.source.WeightOf(r)
		}
		block.Records = append(block.Records, r)
	}
	block.After = b.place()
	return block, nil
}

func (b *Blocks[R]) read() (r R, err error) {
	if b.err != nil {
		return r, b.err
	}
	if r, err = b.source.Next(); err != nil {
		b.err = err
		return r, err
	}
	b.rows++
	var size [binary.MaxVarintLen64]byte
	texts := b.source.Text(r)
	b.sum.Write(size[:binary.PutUvarint(size[:], uint64(len(texts)))])
	for _, s := range texts {
		b.sum.Write(size[:binary.PutUvarint(size[:], uint64(len(s)))])
		io.WriteString(b.sum, s)
	}
	return r, nil
}

func (b *Blocks[R]) place() Place {
	return Place{b.rows, hex.EncodeToString(b.sum.Sum(nil))}
}
