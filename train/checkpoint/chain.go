package checkpoint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"gorgonia.org/tensor"
)

// Chain is a list of files that hold the first rows of a table. Each names the one before it, and is never changed: its name contains a
// checksum of its content. So a checkpoint needs no time to save rows that an earlier one has saved.
type Chain struct {
	// Rows is the number of rows in the files, 0 without files, and File the name of the last file.
	Rows int    `json:"rows,omitempty"`
	File string `json:"file,omitempty"`
	// Last is the first column of the last row.
	Last int `json:"last,omitempty"`
}

const (
	historySuffix = ".history"
	earlierKey    = tensorfile.Reserved + "earlier" // metadata of a file of a chain: the name of the file before it, if any

	// segmentBytes and segmentRows are the size at which the rows in a checkpoint move to a file: small beside the time to write any
	// checkpoint, but large enough for a run of 200 epochs to need no other file than a checkpoint.
	segmentBytes = 16 << 10
	segmentRows  = 32
)

// broken reports whether the first rows are no longer those of the chain: Probes drops every second of its moments when there are many.
func (c *Chain) broken(rows int, key func(row int) int) bool {
	return c.Rows < 0 || c.Rows > rows || c.Rows > 0 && key(c.Rows-1) != c.Last
}

// seal moves the rows of t to a new file of the folder if there are enough.
func (c *Chain) seal(dir, name string, t *table) error {
	if 8*len(t.values) < segmentBytes || t.rows() < segmentRows {
		return nil
	}
	f := tensorfile.File{Tensors: map[string]*tensor.Dense{}, Metadata: map[string]string{earlierKey: c.File}}
	if err := t.add(f, name); err != nil {
		return err
	}
	next := Chain{Rows: c.Rows + t.rows(), Last: int(t.row(t.rows() - 1)[0])}
	next.File = segmentName(name, next.Rows, c.File, t)
	if err := tensorfile.Write(filepath.Join(dir, next.File), f); err != nil {
		return err
	}
	*c, t.values = next, nil
	return nil
}

// segmentName is the name of a file of a chain, such as epochs-000000000228-0123456789abcdef.history.
func segmentName(name string, rows int, earlier string, t *table) string {
	h := sha256.New()
	text, _ := json.Marshal(append([]string{earlier}, t.columns...)) // strings always encode
	h.Write(text)
	var x [8]byte
	for _, v := range t.values {
		binary.LittleEndian.PutUint64(x[:], math.Float64bits(v))
		h.Write(x[:])
	}
	return fmt.Sprintf("%s-%012d-%s%s", name, rows, hex.EncodeToString(h.Sum(nil)[:8]), historySuffix)
}

// isSegment reports whether a file has the name of one of a chain.
func isSegment(name string) bool {
	return strings.HasSuffix(name, historySuffix) && (strings.HasPrefix(name, epochsName+"-") || strings.HasPrefix(name, momentsName+"-"))
}

// read returns the tables in the files of the chain, in order. Errors name the file; their cause is ErrDamaged if one is missing or is not
// the one that the chain was made with.
func (c Chain) read(dir, name string) ([]table, error) {
	var tables []table
	for c.Rows > 0 {
		path := filepath.Join(dir, c.File)
		if c.File != filepath.Base(c.File) || !isSegment(c.File) {
			return nil, errors.Wrapf(tensorfile.ErrDamaged, "%q is not a file of %s", c.File, name)
		}
		f, err := tensorfile.ReadTensors(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Wrapf(tensorfile.ErrDamaged, "there is no %s: it holds %s of the history; copy it beside the checkpoint", path, name)
		}
		if err != nil {
			return nil, err
		}
		t, err := tableOf(f, name)
		earlier := f.Metadata[earlierKey]
		if err != nil || t.rows() == 0 || segmentName(name, c.Rows, earlier, &t) != c.File {
			return nil, errors.Wrapf(tensorfile.ErrDamaged, "%s does not hold what its name says", path)
		}
		tables = append(tables, t)
		c = Chain{Rows: c.Rows - t.rows(), File: earlier}
	}
	slices.Reverse(tables)
	return tables, nil
}

// complete adds the rows in files of their own to a checkpoint that has been read from the folder dir.
func complete(f tensorfile.File, dir string) error {
	p, err := Parse(f)
	if err != nil || p.Sealed == nil {
		return nil // Parse is called again where its error counts
	}
	for name, c := range map[string]Chain{epochsName: p.Sealed.Epochs, momentsName: p.Sealed.Moments} {
		tables, err := c.read(dir, name)
		if err != nil {
			return err
		}
		last, err := tableOf(f, name)
		if err != nil {
			return errors.Wrapf(tensorfile.ErrDamaged, "%v", err)
		}
		all := concat(append(tables, last))
		if err := all.add(f, name); err != nil {
			return err
		}
	}
	return nil
}
