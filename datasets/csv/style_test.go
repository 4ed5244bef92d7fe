package csv

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

func TestStyledNumbers(t *testing.T) {
	for _, c := range []struct {
		text  string
		comma bool
		want  float64
	}{
		{"1,234", false, 1234}, {"-1,234,567.5", false, -1234567.5}, {"1.234,5", true, 1234.5}, {"1.234.567", true, 1234567}, {"1 234,5", true, 1234.5},
		{"1\u00a0234", false, 1234}, {"1'234.5", false, 1234.5}, {"12,34,567", false, 1234567}, {"$1,234.50", false, 1234.5}, {"-$5", false, -5}, {"$-5", false, -5},
		{"12 \u20ac", false, 12}, {"\u20ac1.234,56", true, 1234.56}, {"USD 3.5", false, 3.5}, {"3.5USD", false, 3.5}, {"US$2", false, 2}, {"R$ 7,5", true, 7.5}, {"12.5%", false, 12.5}, {"7 %", false, 7},
		{"(1,234)", false, -1234}, {"($5.00)", false, -5}, {"\u22123", false, -3}, {"$.5", false, 0.5}, {"$1e3", false, 1000},
	} {
		if v, _, ok := asTable.scan(c.text, c.comma); !ok || v != c.want {
			t.Errorf("%q is %v (%t), want %v", c.text, v, ok, c.want)
		}
	}
	for _, text := range []string{"", "$", "%", "1,23", "1,2345", ",123", "1,,234", "1 2", "12,34", "1,234.5.6", "1'234,567", "$%5", "5%%", "USD", "(5", "--5", "1,234e", "0x$1", "1_000", "$1_0", "12 apples", "1234,567", "1-2", "()"} {
		if v, _, ok := asTable.scan(text, false); ok {
			t.Errorf("%q is read as %v", text, v)
		}
	}
}

// Amounts alone say what the commas of a table are, and new rows are read in the same way.
func TestAmountsDecideCommas(t *testing.T) {
	for _, c := range []struct {
		amount, beside string // the second one says that commas are between thousands
		want           float64
	}{{"$%d,5", "", 1.5}, {"%d,75 \u20ac", "", 1.75}, {"$%d,250", "1,234,567", 1250}} {
		text := "a;b;y\n"
		for i := range 40 {
			text += fmt.Sprintf(c.amount, 1+i%9) + ";" + c.beside + []string{";u\n", ";v\n"}[i%2]
		}
		table := read(t, text, Options{Auto: true, Target: "y"})
		e := must[*Encoder](t)(table.Fit(table.Rows()))
		if got := table.columns[0].number.at(0); got != c.want {
			t.Errorf("%q begins with %v, want %v", text[:12], got, c.want)
		}
		again := must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader(text)))
		if a, b := values(must[*datasets.Set](t)(e.Set(again))), values(must[*datasets.Set](t)(e.Set(table))); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%q: new rows differ", text[:12])
		}
	}
}

// A table whose numbers have signs and separators gives the features of the plain table.
func TestStyledTable(t *testing.T) {
	plain, us, euro, quoted := "a,b,y\n", "a;b;y\n", "a;b;y\n", "a,b,y\n"
	for i := range 60 {
		v, w := 1234.5+100.25*float64(i), i%7
		whole, cents := int(v), int(math.Round(100*(v-math.Floor(v))))
		grouped := fmt.Sprintf("%d%%s%03d", whole/1000, whole%1000)
		y := []string{"u", "v"}[i%2]
		plain += fmt.Sprintf("%.2f,%d,%s\n", v, w, y)
		us += fmt.Sprintf("$%s.%02d;%d%%;%s\n", fmt.Sprintf(grouped, ","), cents, w, y)
		euro += fmt.Sprintf("%s,%02d \u20ac;%d %%;%s\n", fmt.Sprintf(grouped, "."), cents, w, y)
		quoted += fmt.Sprintf("\"%d,%02d\",%d,%s\n", whole, cents, w, y)
	}
	o := Options{Target: "y", Auto: true}
	encode := func(text string) (*Encoder, [][]float32) {
		table := read(t, text, o)
		e := must[*Encoder](t)(table.Fit(table.Rows()))
		return e, values(must[*datasets.Set](t)(e.Set(table)))
	}
	_, want := encode(plain)
	for name, text := range map[string]string{"dollars": us, "euros": euro, "quoted decimal commas": quoted} {
		e, got := encode(text)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: other features:\n%v\n%v", name, got[:2], want[:2])
		}
		if said := strings.Join(e.Decisions(), "\n"); !strings.Contains(said, `Column "a" holds numbers with`) {
			t.Errorf("%s: said %q", name, said)
		}
		again := values(must[*datasets.Set](t)(e.Set(must[*Table](t)(e.ReadFrom("new.csv", strings.NewReader(text))))))
		if fmt.Sprint(again) != fmt.Sprint(want) {
			t.Errorf("%s: new rows have other features", name)
		}
	}
}

// A number that is written with separators and signs is read back; any text gives a finite number or none.
func FuzzStyle(f *testing.F) {
	fuzztest.Brief(f)
	f.Add("1,234.5", 1234.5)
	f.Add("(\u20ac1.234,5 %)", -1e6)
	f.Add("1'2'3", 0.125)
	f.Fuzz(func(t *testing.T, text string, v float64) {
		for st := asTable; st <= pointGroups; st++ {
			for _, comma := range []bool{false, true} {
				if v, _, ok := st.scan(text, comma); ok && v-v != 0 {
					t.Errorf("%q is %v", text, v)
				}
			}
		}
		if v, _, ok := scanAny(text, true); ok && v-v != 0 {
			t.Errorf("%q is %v", text, v)
		}
		if !(math.Abs(v) < 1e15) || v == 0 {
			return
		}
		v = math.Round(v*100) / 100
		digits := strconv.FormatFloat(math.Abs(v), 'f', 2, 64)
		whole, fraction, _ := strings.Cut(digits, ".")
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
		sign := ""
		if v < 0 {
			sign = "-"
		}
		if got, _, ok := asTable.scan(sign+"$"+whole+"."+fraction, false); !ok || got != v {
			t.Errorf("%s$%s.%s is read as %v (%t)", sign, whole, fraction, got, ok)
		}
	})
}
