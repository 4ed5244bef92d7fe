package csv

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadColumns(t *testing.T) {
	for _, c := range []struct {
		name, text string
		o          Options
		want       []Column
	}{
		{"numbers and texts", "a,b\n1,x\n2.5e3,y\n-.5,x\n", Options{},
			[]Column{{"a", Numeric, 0, 0}, {"b", Categorical, 0, 2}}},
		{"a text after numbers", "a\n1\n1.0\nx\n", Options{}, []Column{{"a", Categorical, 0, 3}}},
		{"missing values", "a,b,c\n1,,?\nNA,x,3\n,y,nan\n", Options{},
			[]Column{{"a", Numeric, 2, 0}, {"b", Categorical, 1, 2}, {"c", Numeric, 2, 0}}},
		{"own missing values", "a,b\n-99,NA\n1,-99\n", Options{Missing: []string{"-99"}},
			[]Column{{"a", Numeric, 1, 0}, {"b", Categorical, 1, 1}}},
		{"only missing values", "a,b\n,1\n,2\n", Options{}, []Column{{"a", Numeric, 2, 0}, {"b", Numeric, 0, 0}}},
		{"infinity is no number", "a\n1\ninf\n", Options{}, []Column{{"a", Numeric, 1, 0}}},
		{"quotes inside fields", "a,b\n5\" pipe,\"x\" y\n3,\"u \"\"v\"\"\"\n", Options{}, []Column{{"a", Categorical, 0, 2}, {"b", Categorical, 0, 2}}},
		{"forced", "a,b,c\n1,2,3\n1.0,4,x\n", Options{Categorical: []string{"a"}, Numeric: []string{"b"}, Ignore: []string{"3"}},
			[]Column{{"a", Categorical, 0, 2}, {"b", Numeric, 0, 0}, {"c", Ignored, 0, 0}}},
		{"spaces", "a , b\n 1 , x \n2,x\n", Options{}, []Column{{"a", Numeric, 0, 0}, {"b", Categorical, 0, 1}}},
		{"quotes", "\"a,\"\"1\"\"\",b\n\"1\",\"two\nlines\"\n\"2\",\"x\"\n", Options{},
			[]Column{{`a,"1"`, Numeric, 0, 0}, {"b", Categorical, 0, 2}}},
		{"byte order mark, CRLF", "\uFEFFa,b\r\n1,2\r\n", Options{}, []Column{{"a", Numeric, 0, 0}, {"b", Numeric, 0, 0}}},
		{"carriage returns", "a,b\r1,2\r3,x", Options{}, []Column{{"a", Numeric, 0, 0}, {"b", Categorical, 0, 2}}},
		{"blank lines", "\na\n\n1\n\n", Options{}, []Column{{"a", Numeric, 0, 0}}},
		{"semicolons", "a;b\n1,5;x,y\n2;z\n", Options{DecimalComma: true},
			[]Column{{"a", Numeric, 0, 0}, {"b", Categorical, 0, 2}}},
		{"tabs and empty fields", "a\tb\n\t1\n2\t\n", Options{}, []Column{{"a", Numeric, 1, 0}, {"b", Numeric, 1, 0}}},
		{"bars", "a|b,c\n1|x,y,z\n2|w\n", Options{}, []Column{{"a", Numeric, 0, 0}, {"b,c", Categorical, 0, 2}}},
		{"separators in quotes", "a,b\n\"x;y;z\",1\n\"u;v\",2\n", Options{}, []Column{{"a", Categorical, 0, 2}, {"b", Numeric, 0, 0}}},
		{"given separator", "a:b\n1:2\n", Options{Comma: ':'}, []Column{{"a", Numeric, 0, 0}, {"b", Numeric, 0, 0}}},
		{"no header", "1,x\n2,y\n", Options{}, []Column{{"1", Numeric, 0, 0}, {"2", Categorical, 0, 2}}},
		{"no header is said", "x,y\nx,z\n", Options{Header: HeaderNo}, []Column{{"1", Categorical, 0, 1}, {"2", Categorical, 0, 2}}},
		{"header of numbers is said", "2019,2020\n1,2\n", Options{Header: HeaderYes}, []Column{{"2019", Numeric, 0, 0}, {"2020", Numeric, 0, 0}}},
		{"header of numbers has the target", "y,2020\n1,2\n0,1\n", Options{Target: "y"}, []Column{{"y", Numeric, 0, 0}, {"2020", Numeric, 0, 0}}},
		{"column without a name", ",b\n0,1\n1,2\n", Options{}, []Column{{"1", Numeric, 0, 0}, {"b", Numeric, 0, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := read(t, c.text, c.o)
			if d := cmp.Diff(c.want, table.Columns()); d != "" {
				t.Errorf("columns (-want +got):\n%s", d)
			}
		})
	}
}

// A compressed file is the same table, and lines are counted as an editor does.
func TestReadFile(t *testing.T) {
	const text = "a,b\n1,\"two\nlines\"\n\n2,x\n"
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte(text))
	w.Close()
	for _, path := range []string{write(t, "my.csv", text), write(t, "my.csv.gz", z.String())} {
		table := must[*Table](t)(Read(path, Options{}))
		if table.Len() != 2 || table.Line(0) != 2 || table.Line(1) != 5 {
			t.Errorf("%s: %d rows, on lines %v", path, table.Len(), table.lines)
		}
	}
	path := write(t, "my.csv.gz", z.String()[:z.Len()-9])
	_, err := Read(path, Options{})
	wantError(t, err, path, "cut short")
	_, err = Read(path+"x", Options{})
	wantError(t, err, path+"x")
}

func TestReadErrors(t *testing.T) {
	for _, c := range []struct {
		name, text string
		o          Options
		say        string
	}{
		{"empty", "", Options{}, "my.csv: the table is empty"},
		{"only a header", "a,b\n", Options{}, "my.csv: no rows"},
		{"short record", "a,b\n1,2\n3\n", Options{}, "my.csv:3: 1 fields, but the first line has 2"},
		{"long record", "a,b\n1,2,3\n", Options{}, "my.csv:2"},
		{"open quote", "a,b\n1,\"x\n", Options{}, "my.csv:2:3"},
		{"twice", "a,b,a\n1,2,3\n", Options{}, `my.csv:1:5: column "a" comes twice`},
		{"texts without a header", "x,y,x\nx,z,x\n", Options{}, "my.csv:1:5: column \"x\" comes twice, as number 1 and 3; rename one; if this line names no columns, use Header: \"no\""},
		{"not a number", "a,b\n1,2\n3, x\n", Options{Numeric: []string{"b"}}, `my.csv:3:4: column "b": "x" is not a number`},
		{"target not a number", "a,b\n1,2\n3,x\n", Options{Target: "b", Problem: Regression}, `my.csv:3:3: column "b": "x" is not a number`},
		{"Latin-1", "a\n\xe4\n", Options{}, "iconv -f latin1"},
		{"UTF-16", "\xff\xfea\x00\n\x00", Options{}, "iconv -f utf-16"},
		{"no target", "a,b\n1,2\n", Options{Target: "c"}, `my.csv: target: no column "c"; there are "a", "b"`},
		{"no column 3", "a,b\n1,2\n", Options{Ignore: []string{"3"}}, `no column "3"`},
		{"no column -3", "a,b\n1,2\n", Options{Ignore: []string{"-3"}}, `no column "-3"`},
		{"no ID", "a,b\n1,2\n", Options{ID: "c"}, `no column "c"`},
		{"two kinds", "a,b\n1,2\n", Options{Ignore: []string{"a"}, Numeric: []string{"a"}}, "cannot be both ignored and numeric"},
		{"target ignored", "a,b\n1,2\n", Options{Ignore: []string{"a"}, Target: "a"}, "the target and something else"},
		{"target twice", "a,b\n1,2\n", Options{Targets: []string{"a", "1"}}, "the target and something else"},
		{"target categorical", "a,b\n1,2\n", Options{Categorical: []string{"a"}, Target: "a", Problem: Regression}, "categorical and the target"},
		{"both kinds of target", "a\n1\n", Options{Target: "a", Targets: []string{"a"}}, "both Target and Targets"},
		{"problem", "a\n1\n", Options{Problem: "guess"}, `"guess"`},
		{"header", "a\n1\n", Options{Header: "perhaps"}, `"perhaps"`},
		{"separator", "a\n1\n", Options{Comma: '"'}, "cannot separate"},
		{"separator is the decimal comma", "a\n1\n", Options{Comma: ',', DecimalComma: true}, "cannot separate"},
		{"share", "a\n1\n", Options{TestShare: 1}, "share 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadFrom("my.csv", strings.NewReader(c.text), c.o)
			wantError(t, err, "csv: ", c.say)
		})
	}
}

func TestParseNumber(t *testing.T) {
	for _, s := range []string{"0", "-1", "+1", ".5", "5.", "1e-3", "1E5", "007"} {
		if _, ok := parseNumber(s, false); !ok {
			t.Errorf("%q is not read as a number", s)
		}
	}
	for _, s := range []string{"", "-", ".", "e5", "1e", "1e999", "0x1", "1_000", "1,5", "1 5", "inf", "NaN", "1-2", "--1", "٣"} {
		if v, ok := parseNumber(s, false); ok {
			t.Errorf("%q is read as %v", s, v)
		}
	}
	if v, ok := parseNumber("-1,25", true); !ok || v != -1.25 {
		t.Errorf("decimal comma: %v, %v", v, ok)
	}
	for _, s := range []string{"1,000,000", "1,000.5"} {
		if v, ok := parseNumber(s, true); ok {
			t.Errorf("%q is read as %v", s, v)
		}
	}
}

// The separator is found however long the table is, and even if the sample ends within a line.
func TestSniffLongTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("a;b;c\n")
	for i := 0; b.Len() < 2*sampleSize; i++ {
		fmt.Fprintf(&b, "%d,%d;text, with, commas;%d\n", i, i%10, i)
	}
	if got := read(t, b.String(), Options{DecimalComma: true}).Columns(); len(got) != 3 || got[0].Kind != Numeric {
		t.Errorf("columns %v", got)
	}
	long := "a,b\n" + strings.Repeat("x", sampleSize) + ",1\n"
	if got := read(t, long, Options{}).Columns(); len(got) != 2 {
		t.Errorf("columns %v", got)
	}
}
