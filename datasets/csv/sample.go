package csv

import (
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Sample reads a table of any length, plain or gzip, and keeps at most n of its rows, in their order. Each row has the same chance to be kept
// (Vitter 1985, algorithm R), and the same seed keeps the same rows. It returns the table of these rows, to fit an encoder that then encodes
// all of them by [Encoder.Stream], and the number of rows that were read. The memory is that of the rows that are kept, bounded by
// Options.MaxMemory. Errors are those of [ReadFrom].
func Sample(name string, r io.Reader, o Options, n int, seed uint64) (t *Table, rows int64, err error) {
	if r == nil {
		return nil, 0, errors.Errorf("csv: %s: the reader is nil", name)
	}
	f, err := formats.New(name, r)
	if err != nil {
		return nil, 0, errors.Wrap(err, "csv")
	}
	return sampled(name, o, n, seed, func(rd *reader) ([]string, error) {
		s, err := rd.begins(f)
		if err != nil {
			return nil, err
		}
		if s.isJSON() {
			return nil, errors.Errorf("%s: JSON cannot be sampled; convert it to CSV or Parquet", name)
		}
		first, isHead, err := rd.first(s, nil)
		if isHead {
			first = nil
		}
		return first, err
	})
}

// SampleRows is [Sample] for other sources of rows, such as a Parquet file.
func SampleRows(name string, from Rows, o Options, n int, seed uint64) (t *Table, rows int64, err error) {
	if from == nil {
		return nil, 0, errors.Errorf("csv: %s: nothing to read from", name)
	}
	return sampled(name, o, n, seed, func(rd *reader) ([]string, error) {
		rd.opts.Comma, rd.records = ',', &counted{rows: from}
		names := slices.Clone(from.Columns())
		from.Use(slices.Repeat([]bool{true}, len(names)))
		return nil, rd.begin(names, true, nil)
	})
}

// sampled samples the records of a reader that begin has prepared; begin returns the first of them, or nil.
func sampled(name string, o Options, n int, seed uint64, begin func(*reader) (first []string, err error)) (*Table, int64, error) {
	if n < 1 {
		return nil, 0, errors.Errorf("csv: %s: a sample of %d rows", name, n)
	}
	rd, err := newReader(name, o, nil, NewRows{})
	if err != nil {
		return nil, 0, err
	}
	first, err := begin(rd)
	if err != nil {
		return nil, 0, errors.Wrap(err, "csv")
	}
	k := kept{n: n, random: rand.New(rand.NewPCG(seed, 1))}
	if err := k.read(rd, first); err != nil {
		return nil, 0, errors.Wrap(err, "csv")
	}
	slices.SortFunc(k.rows, func(a, b keptRow) int { return int(a.number - b.number) })
	rd.records = &k
	for {
		rec, err := k.Next()
		if err == io.EOF {
			err = rd.finish()
			return &rd.Table, k.total, errors.Wrap(err, "csv")
		}
		if err := rd.add(rec); err != nil {
			return nil, 0, errors.Wrap(err, "csv")
		}
	}
}

// kept are the records of a sample. It implements records.
type kept struct {
	n      int
	random *rand.Rand
	rows   []keptRow
	total  int64 // records
	seen   int64 // those that are not empty
	held   int64 // bytes
	at     int   // the record that Next returns next
}

type keptRow struct {
	number int64
	line   int
	fields []string
}

// read reads all records and keeps some.
func (k *kept) read(r *reader, rec []string) error {
	for {
		if rec != nil {
			k.total++
		}
		if slices.ContainsFunc(rec, func(s string) bool { return s != "" }) {
			line, _ := r.records.Place(0)
			if err := k.keep(r, rec, line); err != nil {
				return err
			}
		}
		var err error
		if rec, err = r.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// keep keeps a record, in place of another one if there are enough, or does not.
func (k *kept) keep(r *reader, rec []string, line int) error {
	k.seen++
	at := len(k.rows)
	if at == k.n {
		if at = int(k.random.Int64N(k.seen)); at >= k.n {
			return nil
		}
		k.held -= k.rows[at].size()
	} else {
		k.rows = append(k.rows, keptRow{})
	}
	k.rows[at] = keptRow{k.seen, line, copied(rec)}
	if k.held += k.rows[at].size(); k.held > r.opts.MaxMemory {
		return errors.Errorf("%s:%d: the sample takes more than the limit of %d MiB of memory; to raise it, use %s, or take a smaller sample", r.name, line,
			r.opts.MaxMemory>>20, r.opts.setting("MaxMemory", ""))
	}
	return nil
}

// copied returns a copy of a record whose texts share one piece of memory.
func copied(rec []string) []string {
	all, out := strings.Join(rec, ""), make([]string, len(rec))
	for i, s := range rec {
		out[i], all = all[:len(s)], all[len(s):]
	}
	return out
}

func (r *keptRow) size() int64 {
	n := int64(64)
	for _, s := range r.fields {
		n += int64(16 + len(s))
	}
	return n
}

// Next implements records.
func (k *kept) Next() ([]string, error) {
	if k.at == len(k.rows) {
		return nil, io.EOF
	}
	k.at++
	return k.rows[k.at-1].fields, nil
}

// Place implements records.
func (k *kept) Place(int) (line, column int) { return k.rows[k.at-1].line, 0 }
