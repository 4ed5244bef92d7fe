package formats

import "bytes"

// Foreign recognizes a file that is not plain text by its first bytes, and returns what it is and what to do with it. It returns
// an empty string for anything else.
func Foreign(head []byte) string {
	for _, f := range []struct{ magic, what string }{
		{"\xff\xfe", "text in UTF-16, not UTF-8; convert it, for example: iconv -f utf-16 -t utf-8"},
		{"\xfe\xff", "text in UTF-16, not UTF-8; convert it, for example: iconv -f utf-16 -t utf-8"},
		{"\xd0\xcf\x11\xe0", "an old office document such as .xls; save the sheet as CSV"},
		{"%PDF-", "a PDF document"},
		{"PAR1", "a Parquet file; write the table as CSV"},
		{"ARROW1", "an Arrow file; write the table as CSV"},
		{"SQLite format 3", "an SQLite database; write the table as CSV"},
		{"\x89HDF", "an HDF5 file; write the table as CSV"},
		{"BZh", "compressed by bzip2; decompress it, or compress it with gzip"},
		{"\xfd7zXZ", "compressed by xz; decompress it, or compress it with gzip"},
		{"\x28\xb5\x2f\xfd", "compressed by zstd; decompress it, or compress it with gzip"},
		{"7z\xbc\xaf", "a 7z archive; unpack it"},
		{"Rar!\x1a", "a RAR archive; unpack it"},
		{"\x1f\x8b", "compressed by gzip twice; decompress it once"},
		{"\x89PNG", "a picture (PNG)"},
		{"\xff\xd8\xff", "a picture (JPEG)"},
		{"GIF8", "a picture (GIF)"},
		{"\x7fELF", "a program"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.what
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")):
		if bytes.Contains(head, []byte("[Content_Types].xml")) || bytes.Contains(head, []byte("xl/")) {
			return "an Excel workbook (.xlsx); save the sheet as CSV"
		}
		if bytes.Contains(head, []byte("opendocument.spreadsheet")) {
			return "an OpenDocument spreadsheet (.ods); save the sheet as CSV"
		}
		return "a zip archive; unpack it"
	case bytes.IndexByte(head, 0) >= 0:
		return "no text: it holds zero bytes"
	}
	return ""
}
