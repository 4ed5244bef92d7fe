package parquet_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	lib "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/selfnorm/selfnorm/datasets/parquet"
)

var codecs = []compress.Codec{&lib.Uncompressed, &lib.Snappy, &lib.Gzip, &lib.Brotli, &lib.Zstd, &lib.Lz4Raw}

// packed writes a file of a column of texts, in pages of a version of the format.
func packed(t testing.TB, codec compress.Codec, version int, texts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := lib.NewGenericWriter[any](&b, lib.NewSchema("x", lib.Group{"x": lib.Optional(lib.String())}), lib.Compression(codec), lib.DataPageVersion(version))
	for i, text := range texts {
		v := lib.ByteArrayValue([]byte(text)).Level(0, 1, 0)
		if i%5 == 4 {
			v = lib.NullValue().Level(0, 0, 0)
		}
		if _, err := w.WriteRows([]lib.Row{{v}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// firstPage returns where the header of the first page begins.
func firstPage(t *testing.T, file []byte) int {
	t.Helper()
	f, err := lib.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return int(f.Metadata().RowGroups[0].Columns[0].MetaData.DataPageOffset)
}

// all reads all rows.
func all(file []byte) (texts []string, err error) {
	r, err := parquet.New("name", bytes.NewReader(file), int64(len(file)))
	for err == nil {
		var row []string
		if row, err = r.Next(); err == nil {
			texts = append(texts, row...)
		}
	}
	if err == io.EOF {
		err = nil
	}
	return texts, err
}

// Pages of every codec and version are read. A page that unpacks to more than its header says is refused, and so is one whose bytes are not those of
// the codec, except with Snappy before the library unpacks it.
func TestCodecs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, 300)
	for i := range texts {
		texts[i] = strings.Repeat(fmt.Sprintf("%016x", rng.Uint64()), 6) // a page of these shrinks to a fourth, not to nothing
	}
	for _, codec := range codecs {
		for version := 1; version <= 2; version++ {
			name := fmt.Sprintf("%v, pages of version %d", codec, version)
			file := packed(t, codec, version, texts...)
			got, err := all(file)
			if err != nil || len(got) != len(texts) || got[3] != texts[3] || got[4] != "" {
				t.Fatalf("%s: %d rows, %v", name, len(got), err)
			}
			if codec == &lib.Uncompressed {
				continue
			}
			at := firstPage(t, file)
			// The header begins with its type, then has the unpacked size as a zigzag varint, here of 3 bytes.
			size, n := binary.Uvarint(file[at+3:])
			if n != 3 || size/2 < 20000 {
				t.Fatalf("%s: a page of %d bytes, in %d", name, size/2, n)
			}
			less := size/2 - 2000 // also less than the values without the levels of version 2
			swollen := bytes.Clone(file)
			binary.PutUvarint(swollen[at+3:], less*2)
			if _, err := all(swollen); err == nil || !strings.Contains(err.Error(), `name: column "x": the file is damaged`) {
				t.Errorf("%s: %d bytes instead of %d: %v", name, less, size/2, err)
			}
			garbage := bytes.Clone(file)
			for i := at + 1000; i < at+1100; i++ { // behind the header, which has the least and the greatest text
				garbage[i] = 0xFF
			}
			want := `name: column "x": the file is damaged`
			if codec == &lib.Snappy { // checked by its size alone: the library finds it
				want = `name: row 1: column "x"`
			}
			if _, err := all(garbage); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: garbage: %v, want %q", name, err, want)
			}
		}
	}
}

// Numbers that no codec makes shorter are those that were written, or refused: of such pages in LZ4 the library gives zeros.
func TestRandomNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, codec := range codecs {
		for _, n := range []int{1, 10, 300, 3000} {
			var b bytes.Buffer
			w := lib.NewGenericWriter[any](&b, lib.NewSchema("x", lib.Group{"x": lib.Leaf(lib.DoubleType)}), lib.Compression(codec))
			want := make([]string, n)
			for i := range want {
				v := rng.Float64()
				want[i] = fmt.Sprint(v)
				if _, err := w.WriteRows([]lib.Row{{lib.DoubleValue(v).Level(0, 0, 0)}}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := all(b.Bytes())
			if codec == &lib.Lz4Raw {
				if err == nil || !strings.Contains(err.Error(), `name: column "x": a page in LZ4`) {
					t.Errorf("%d numbers in LZ4: %v", n, err)
				}
			} else if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v: %d of %d numbers: %v", codec, len(got), n, err)
			}
		}
	}
}

// A header may not claim more values than fit into memory, and no field may come twice.
func TestHeaders(t *testing.T) {
	file := packed(t, &lib.Snappy, 1, "a", "b")
	at := firstPage(t, file)
	header := []byte{
		0x15, 0, // field 1, a number: a page of data
		0x15, 20, // unpacked bytes
		0x15, 20, // packed bytes
		0x2c, // field 5: the header of a page of data
		0x15,
	}
	ending := []byte{0x15, 0, 0x15, 6, 0x15, 6, 0, 0}
	put := func(parts ...[]byte) []byte { return append(bytes.Clone(file[:at]), bytes.Join(parts, nil)...) }
	tail := file[at:]
	for name, c := range map[string]struct {
		page []byte
		want string
	}{
		"values": {put(header, binary.AppendUvarint(nil, 2<<26), ending), "67108864 values"},
		"twice":  {put(header[:4], []byte{0x05, 4, 20}, header[4:], []byte{4}, ending), "cannot be read"},
	} {
		page := append(c.page, tail...)
		if _, err := all(page); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
