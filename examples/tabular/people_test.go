package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// customers are rows of numbers, a boolean, a city and a class that depends on them; text writes a row.
func customers(n int, text func(i int, price, share float64, ok bool, city, y string) string) string {
	r := rand.New(rand.NewPCG(7, 8))
	var b strings.Builder
	b.WriteString("price,share,ok,city,y\n")
	for i := range n {
		price, share, ok, city := math.Round(100*math.Exp(8+0.8*r.NormFloat64()))/100, math.Round(300*r.Float64())/10, r.IntN(2) == 0, []string{"Paris", "Berlin", "Tokyo"}[r.IntN(3)]
		score := share/15 - 1
		if ok {
			score++
		}
		if city == "Paris" {
			score--
		}
		y := "low"
		if price > 3000*math.Exp(-score) {
			y = "high"
		}
		b.WriteString(text(i, price, share, ok, city, y) + "\n")
	}
	return b.String()
}

// Clean and dirty copies of a table give the same accuracy, within 0.02.
func TestDirtyCopies(t *testing.T) {
	more := []string{"-compare", "none", "-epochs", "30"}
	clean, _ := accuracy(t, customers(600, func(_ int, price, share float64, ok bool, city, y string) string {
		return fmt.Sprintf("%.2f,%.1f,%t,%s,%s", price, share, ok, city, y)
	}), more...)
	dirty, stdout := accuracy(t, customers(600, func(i int, price, share float64, ok bool, city, y string) string {
		grouped := fmt.Sprintf("%.2f", price)
		for at := strings.IndexByte(grouped, '.') - 3; at > 0; at -= 3 {
			grouped = grouped[:at] + "," + grouped[at:]
		}
		yes := map[bool][]string{true: {"Yes", "TRUE", "y", "1"}, false: {"no", "False", "N", "0"}}[ok][i%4]
		return fmt.Sprintf("\"$%s\",%.1f %%,%s,%s,%s", grouped, share, yes, []string{city, strings.ToUpper(city), " " + city + "  "}[i%3], y)
	}), more...)
	if math.Abs(clean-dirty) > 0.02 || clean < 0.85 {
		t.Errorf("accuracy %v, %v of the clean table:\n%s", dirty, clean, stdout)
	}
}

// JSON lines train as the CSV file does, and are predicted.
func TestJSONLines(t *testing.T) {
	row := func(_ int, price, share float64, ok bool, city, y string) string {
		return fmt.Sprintf("%v,%v,%t,%s,%s", price, share, ok, city, y)
	}
	object := func(_ int, price, share float64, ok bool, city, y string) string {
		return fmt.Sprintf(`{"price":%v,"share":%v,"ok":%t,"city":%q,"y":%q}`, price, share, ok, city, y)
	}
	_, lines, _ := strings.Cut(customers(80, object), "\n")
	plain, _ := accuracy(t, customers(80, row), "-compare", "none")
	model := filepath.Join(t.TempDir(), "model")
	got, _ := accuracy(t, lines, "-compare", "none", "-out", model)
	if got != plain {
		t.Errorf("accuracy %v, %v of the CSV file", got, plain)
	}
	file := write(t, "new.jsonl", lines)
	if out := records(t, must(t, "-predict", file, "-model", model)); len(out) != 81 {
		t.Errorf("%d records", len(out))
	}
	if out := must(t, "-evaluate", file, "-model", model); !strings.Contains(out, "80 rows have a target") {
		t.Error(out)
	}
}

// Other methods are judged on the same rows; networks that are worse get a warning; the page and the JSON file have all of it.
func TestVerdict(t *testing.T) {
	dir := t.TempDir()
	file, page := filepath.Join(dir, "r.json"), filepath.Join(dir, "page.html")
	args := append(small, "-data", write(t, "my.csv", mixed(200)), "-json", file, "-report", page)
	for _, c := range []struct {
		target, other string
		warns         bool
		more          []string
	}{
		{"kind", "logistic regression", true, []string{"-epochs", "1", "-lr", "0.00001"}},
		{"price", "ridge regression", false, []string{"-epochs", "20"}},
		{"hot,rare", "logistic regression", false, []string{"-epochs", "5", "-ensemble", "seeds:2"}},
	} {
		stdout := must(t, append(append(args, "-target", c.target, "-ignore", strings.Join(without([]string{"kind", "price", "hot", "rare"}, c.target), ",")), c.more...)...)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			Results     map[string]map[string]float64
			Comparisons []comparison
			Importance  []importance
			Unsure      *unsure
		}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatal(err)
		}
		if len(r.Comparisons) != 2 || r.Results["random forest"] == nil || r.Results[c.other] == nil || r.Comparisons[1].With != c.other {
			t.Fatalf("%s: comparisons %v", c.target, r.Comparisons)
		}
		if (r.Comparisons[0].Verdict == "worse") != strings.Contains(stdout, "worse than the random forest") || c.warns && r.Comparisons[0].Verdict != "worse" {
			t.Errorf("%s: verdict %v in\n%s", c.target, r.Comparisons[0], stdout)
		}
		if r.Unsure == nil || !strings.Contains(stdout, "importance of columns") {
			t.Errorf("%s: %v in\n%s", c.target, r.Unsure, stdout)
		}
		if c.target == "price" && r.Importance[0].Column != "size" {
			t.Errorf("importance %v", r.Importance)
		}
		text, err := os.ReadFile(page)
		if err != nil || !strings.Contains(string(text), "Does a network pay?") || !strings.Contains(string(text), "Importance of columns") || !strings.Contains(string(text), "random forest, for comparison, test rows") {
			t.Errorf("%s: the page lacks a part (%v)", c.target, err)
		}
	}
}

// without are the names that are not in a list.
func without(names []string, list string) (rest []string) {
	for _, name := range names {
		if !strings.Contains(","+list+",", ","+name+",") {
			rest = append(rest, name)
		}
	}
	return rest
}

// The latest rows are those of the test; groups stay whole.
func TestLatestAndGroups(t *testing.T) {
	first, second := latest([]int{4, 0, 1, 2, 3, 5}, []float64{5, 3, math.NaN(), 9, 9, 9}, 0.5)
	if fmt.Sprint(first, second) != "[0 1 2] [3 4 5]" {
		t.Errorf("%v, %v", first, second)
	}
	if first, second = latest([]int{0, 1, 2, 3}, []float64{1, 2, 2, 2}, 0.5); len(second) != 0 || len(first) != 4 {
		t.Errorf("equal times are divided: %v, %v", first, second)
	}
	text := "who,when,w,a,y\n"
	for i := range 120 {
		text += fmt.Sprintf("p%d,2024-%02d-%02d,%d,%d,%d\n", i/4, 1+i/28, 1+i%28, i%3, i%10, i%7%2)
	}
	data := write(t, "my.csv", text)
	args := append(small, "-data", data, "-target", "y", "-epochs", "1", "-weight", "w", "-compare", "none")
	if out := must(t, append(args, "-split", "time:when")...); !strings.Contains(out, `latest by "when"`) {
		t.Error(out)
	}
	for _, more := range [][]string{nil, {"-ensemble", "folds:3"}} {
		if out := must(t, append(append(args, "-group", "who"), more...)...); !strings.Contains(out, `30 groups of "who"`) || strings.Contains(out, "w, ") {
			t.Error(out)
		}
	}
	for _, bad := range [][]string{{"-split", "when"}, {"-split", "time:when", "-group", "who"}, {"-split", "time:when", "-ensemble", "folds:3"}, {"-compare", "some"}, {"-target-scale", "sqrt"}} {
		if code, _, stderr := command(append(args, bad...)...); code != 2 || !strings.Contains(stderr, bad[0]) {
			t.Errorf("%v: exit code %d: %s", bad, code, stderr)
		}
	}
	if code, _, stderr := command(append(args, "-split", "time:w", "-target", "w")...); code != 1 {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// A target with a long tail may be learned as logarithms; predictions are in its unit all the same.
func TestTargetScale(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	text := "a,b,y\n"
	for range 300 {
		a, b := r.NormFloat64(), r.NormFloat64()
		text += fmt.Sprintf("%.4f,%.4f,%.3f\n", a, b, 100*math.Exp(1.5*a+b+0.1*r.NormFloat64()))
	}
	data, dir := write(t, "my.csv", text), t.TempDir()
	model, file, graph := filepath.Join(dir, "model"), filepath.Join(dir, "r.json"), filepath.Join(dir, "m.onnx")
	out := must(t, append(small, "-scaling", "standardize", "-data", data, "-target", "y", "-epochs", "20", "-out", model, "-json", file, "-onnx", graph, "-compare", "none")...)
	if !strings.Contains(out, "the labels are logarithms") || fromJSON(t, file).Results["test"]["R2"] < 0.5 {
		t.Errorf("R2 %v:\n%s", fromJSON(t, file).Results["test"], out)
	}
	if out := records(t, must(t, "-predict", data, "-model", model)); number(t, out[1][0]) < 0 || len(out) != 301 {
		t.Errorf("predictions %v", out[1])
	}
	if out := must(t, append(small, "-scaling", "standardize", "-data", data, "-target", "y", "-epochs", "1", "-compare", "none", "-target-scale", "linear")...); strings.Contains(out, "logarithms") {
		t.Error(out)
	}
	if code, _, stderr := command(append(small, "-data", write(t, "even.csv", mixed(60)), "-target", "size", "-target-scale", "log")...); code != 1 || !strings.Contains(stderr, "long upper tail") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
