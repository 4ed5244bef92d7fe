package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ages is a table of n people whose class depends on the age; age writes it.
func ages(n int, age func(i int, v float64) string) string {
	r := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	b.WriteString("age,b,y\n")
	for i := range n {
		v, noise := 20+40*r.Float64(), r.NormFloat64()
		y := "no"
		if v+noise > 40 {
			y = "yes"
		}
		fmt.Fprintf(&b, "%s,%.3f,%s\n", age(i, v), noise, y)
	}
	return b.String()
}

// accuracy trains on a table and returns the accuracy on its test rows, and what was printed.
func accuracy(t *testing.T, text string, more ...string) (float64, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "r.json")
	args := append(slices.Clone(small), "-data", write(t, "my.csv", text), "-target", "y", "-json", file)
	stdout := must(t, append(args, more...)...)
	return fromJSON(t, file).Results["test"]["accuracy"], stdout
}

// A few odd cells do not cost accuracy, and are said with line, text and count; the model and the page have it, too.
func TestFewTexts(t *testing.T) {
	plain := func(_ int, v float64) string { return fmt.Sprintf("%.1f", v) }
	clean, stdout := accuracy(t, ages(600, plain))
	if strings.Contains(stdout, "Column") {
		t.Errorf("something is said about a clean table:\n%s", stdout)
	}
	for say, odd := range map[string]func(i int, v float64) string{
		`1 of 600 values is a text, such as "unknown" on line 302`: func(i int, v float64) string {
			if i == 300 {
				return "unknown"
			}
			return plain(i, v)
		},
		`6 of 600 values are texts, such as "-" on line 9`: func(i int, v float64) string {
			if i%100 == 7 {
				return "-"
			}
			return plain(i, v)
		},
	} {
		page, model := filepath.Join(t.TempDir(), "page.html"), filepath.Join(t.TempDir(), "model")
		got, stdout := accuracy(t, ages(600, odd), "-report", page, "-out", model)
		if math.Abs(got-clean) > 0.02 || !strings.Contains(stdout, say) || !strings.Contains(stdout, "-categorical age") {
			t.Errorf("accuracy %v, %v without odd cells; no %q in\n%s", got, clean, say, stdout)
		}
		_, encoder, _, err := load(model)
		if err != nil || !strings.Contains(strings.Join(encoder.Decisions(), ""), say) {
			t.Errorf("the model says %v (%v)", encoder.Decisions(), err)
		}
		if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "holds numbers") {
			t.Errorf("the page of %d bytes has no note (%v)", len(text), err)
		}
	}
}

// Tables of other programs are read, as good as the plain one.
func TestOtherTables(t *testing.T) {
	plain := ages(200, func(_ int, v float64) string { return fmt.Sprintf("%.1f", v) })
	want, _ := accuracy(t, plain)
	header, rows, _ := strings.Cut(plain, "\n")
	for name, c := range map[string]struct{ text, say string }{
		"separator in the first line": {"sep=;\n" + strings.ReplaceAll(plain, ",", ";"), ""},
		"comment":                     {"# exported in 2024\n" + plain, `The first line, "# exported in 2024", is a comment`},
		"empty fields at the end":     {header + "\n" + strings.ReplaceAll(rows, "\n", ",\n"), "200 of 200 lines end in empty fields"},
		"decimal commas":              {strings.ReplaceAll(strings.ReplaceAll(plain, ",", ";"), ".", ","), "decimal commas"},
		"byte order mark and spaces":  {"\uFEFF" + strings.ReplaceAll(plain, ",", " , "), ""},
		"names of the rows":           {numbered(plain, "who", func(i int) string { return fmt.Sprintf("user%d", i*i%211) }), `Column "who" is left out`},
		"large IDs":                   {numbered(plain, "id", func(i int) string { return fmt.Sprint(9007199254740993000 + int64(i*i)) }), `Column "id" holds whole numbers above 2^53`},
	} {
		got, stdout := accuracy(t, c.text)
		if got != want || !strings.Contains(stdout, c.say) {
			t.Errorf("%s: accuracy %v, want %v; no %q in\n%s", name, got, want, c.say, stdout)
		}
	}
	dated := numbered(plain, "date", func(i int) string { return fmt.Sprintf("2024-%02d-%02d", i%12+1, i%28+1) })
	if _, stdout := accuracy(t, dated, "-epochs", "1"); !strings.Contains(stdout, "its features are month, day, weekday and day of year") {
		t.Errorf("no dates in\n%s", stdout)
	}
	coded := numbered(plain, "zip", func(i int) string { return fmt.Sprintf("%05d", i%9) })
	if _, stdout := accuracy(t, coded, "-epochs", "1"); !strings.Contains(stdout, `codes with leading zeros, such as "00000": they are names, not numbers. If they are numbers, use -numeric zip`) {
		t.Errorf("no codes in\n%s", stdout)
	}
}

// numbered adds a column on the left.
func numbered(text, name string, value func(i int) string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if i == 0 {
			lines[i] = name + "," + line
		} else {
			lines[i] = value(i-1) + "," + line
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// A name with a comma is written in double quotes, in all flags; a name with a quote as it is.
func TestNames(t *testing.T) {
	text := strings.Replace(strings.Replace(mixed(100), "kind", `"kind, of thing"`, 1), "noise", `"noise ""a"""`, 1)
	stdout := must(t, append(small, "-data", write(t, "my.csv", text), "-target", `"kind, of thing"`, "-id", "name", "-ignore", `price,"noise ""a""",hot,rare`, "-epochs", "1")...)
	if !strings.Contains(stdout, "kind, of thing has 3 classes") || !strings.Contains(stdout, "1 numeric and 1 categorical") {
		t.Error(stdout)
	}
	for text, want := range map[string][]string{`a,"b, c",d`: {"a", "b, c", "d"}, `5" pipe,b`: {`5" pipe`, "b"}, "": nil, "a b": {"a b"}} {
		if got, err := names(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// The standard input is a table like a file, for training, prediction and evaluation.
func TestStandardInput(t *testing.T) {
	defer func(before io.Reader) { stdin = before }(stdin)
	text := ages(100, func(_ int, v float64) string { return fmt.Sprintf("%.1f", v) })
	file, model := write(t, "my.csv", text), filepath.Join(t.TempDir(), "model")
	stdin = strings.NewReader(text)
	if stdout := must(t, append(small, "-data", "-", "-target", "y", "-epochs", "3", "-out", model)...); !strings.Contains(stdout, "Data: standard input: 100 rows") {
		t.Error(stdout)
	}
	stdin = strings.NewReader(text)
	if got, want := must(t, "-predict", "-", "-model", model), must(t, "-predict", file, "-model", model); got != want {
		t.Errorf("predictions differ:\n%s%s", got, want)
	}
	stdin = strings.NewReader(text)
	if stdout := must(t, "-evaluate", "-", "-model", model); !strings.Contains(stdout, "100 rows have a target") {
		t.Error(stdout)
	}
}

// A class that no training row has is counted and left out of the judgement, and so is a label that is none.
func TestUnknownLabels(t *testing.T) {
	text := mixed(120)
	data, dir := write(t, "my.csv", text), t.TempDir()
	for target, ignore := range map[string]string{"kind": "price,hot,rare", "hot,rare": "kind,price"} {
		model := filepath.Join(dir, target)
		must(t, append(small, "-data", data, "-target", target, "-ignore", ignore+",name", "-epochs", "1", "-out", model)...)
		more := text + "r,1,red,0,huge,,maybe,\n"
		code, stdout, stderr := command("-model", model, "-evaluate", write(t, "new.csv", more))
		for _, want := range []string{"1 of 121 rows have a label that no row to train on has", "on line 122; they are not judged"} {
			if code != 0 || !strings.Contains(stderr, want) || !strings.Contains(stdout, "rows have a target") {
				t.Errorf("%s: exit code %d, no %q in %q\n%s", target, code, want, stderr, stdout)
			}
		}
	}
}

// Rows that lack one of several numbers to predict are used for the others.
func TestGapsInValues(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(mixed(120)), "\n")
	for i := 3; i < len(lines); i += 10 {
		f := strings.Split(lines[i], ",")
		f[5] = ""
		lines[i] = strings.Join(f, ",")
	}
	file := filepath.Join(t.TempDir(), "r.json")
	stdout := must(t, append(small, "-data", write(t, "my.csv", strings.Join(lines, "\n")), "-target", "price,noise", "-problem", "regression",
		"-ignore", "kind,hot,rare,name", "-json", file)...)
	r := fromJSON(t, file)
	if n := r.RowsTrain + r.RowsValidation + r.RowsTest; n != 120 || !strings.Contains(stdout, "12 of 120 rows lack some of the targets; they are used for the others") {
		t.Errorf("%d rows:\n%s", n, stdout)
	}
	if test := r.ByTarget["test"]["price"]; test["R2"] < 0.3 {
		t.Errorf("price: %v", test)
	}
}
