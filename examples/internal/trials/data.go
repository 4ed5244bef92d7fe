package trials

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
)

// Checksum collects what trials depend on, for the name of their data.
type Checksum struct{ h hash.Hash }

// NewChecksum returns one of nothing.
func NewChecksum() *Checksum { return &Checksum{sha256.New()} }

// Text adds texts.
func (c *Checksum) Text(all ...string) {
	for _, s := range all {
		c.number(uint64(len(s)))
		c.h.Write([]byte(s))
	}
}

// Rows adds numbers of rows.
func (c *Checksum) Rows(rows []int) {
	c.number(uint64(len(rows)))
	for _, r := range rows {
		c.number(uint64(r))
	}
}

// Numbers adds numbers, each with its bits.
func (c *Checksum) Numbers(values []float32) {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	c.number(uint64(len(values)))
	c.h.Write(raw)
}

// Set adds the features, dense or sparse, and the labels of a set.
func (c *Checksum) Set(set *datasets.Set) error {
	const atOnce = 1024
	n, width := set.Len(), set.Width()
	c.number(uint64(n))
	c.number(uint64(width))
	for lo := 0; lo < n; lo += atOnce {
		rows := make([]int, min(atOnce, n-lo))
		for i := range rows {
			rows[i] = lo + i
		}
		values := make([]float32, len(rows)*width)
		if err := set.Features.Gather(values, width, rows); err != nil {
			return errors.Wrap(err, set.Name)
		}
		c.Numbers(values)
	}
	c.Numbers(set.Labels)
	return nil
}

func (c *Checksum) number(v uint64) {
	var raw [8]byte
	binary.LittleEndian.PutUint64(raw[:], v)
	c.h.Write(raw[:])
}

// Name returns the name of the data with the first 64 bits of the checksum.
func (c *Checksum) Name(name string) string {
	return fmt.Sprintf("%s %s", name, hex.EncodeToString(c.h.Sum(nil)[:8]))
}
