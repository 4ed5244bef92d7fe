package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train/metric"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock ticks by a second at each look.
func clock() func() time.Time {
	now := time.Time{}
	return func() time.Time { now = now.Add(time.Second); return now }
}

func toy(_ context.Context, t *Trial) (Values, error) {
	x, err := t.Point.Float("x")
	if err != nil || x == 2 {
		return nil, errors.New("two\n\x1b[2Jlines")
	}
	return nil, t.Report(metric.Accuracy, 1, x/10)
}

func toyConfig(t testing.TB) Config {
	points, err := Space{Int("x", 1, 2, 4, 3)}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	return Config{Points: points, Trial: toy, Parallel: 1, Clock: clock()}
}

// Without a terminal there is a line per finished trial.
func TestScreenLines(t *testing.T) {
	c := toyConfig(t)
	var b bytes.Buffer
	c.Table = &b
	if _, err := Run(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	want := `1/4  x=1  0.1000 at epoch 1  best so far; 3s left
2/4  x=2  failed: two  [2Jlines; 2s left
3/4  x=4  0.4000 at epoch 1  best so far; 1s left
4/4  x=3  0.3000 at epoch 1
4 of 4 trials finished, 1 failed; best 0.4000 at epoch 1: x=4
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// terminal applies what a screen writes: text, line breaks, cursor up, and clear to the end.
type terminal struct {
	t     *testing.T
	lines []string
	most  int // lines of the longest text
	width int
}

func (v *terminal) Write(p []byte) (int, error) {
	text := string(p)
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			var up int
			if _, err := fmt.Sscanf(rest, "%dA\r\x1b[J", &up); err != nil || up > len(v.lines) {
				v.t.Fatalf("escape sequence in %q after %d lines", text, len(v.lines))
			}
			v.lines = v.lines[:len(v.lines)-up]
			_, text, _ = strings.Cut(rest, "\x1b[J")
			continue
		}
		line, rest, ok := strings.Cut(text, "\n")
		if !ok || len(line) >= v.width || strings.Contains(line, "\x1b") {
			v.t.Fatalf("line %q of a terminal of %d columns", line, v.width)
		}
		v.lines = append(v.lines, line)
		text = rest
	}
	v.most = max(v.most, len(v.lines))
	return len(p), nil
}

// On a terminal the block is drawn in place: what stays is what stays without a terminal, cut to the width.
func TestScreenTerminal(t *testing.T) {
	for _, width := range []int{20, 200} {
		c := toyConfig(t)
		v := &terminal{t: t, width: width}
		s := newScreen(v, c.Clock)
		s.size = func() (int, int) { return width, 24 }
		c.Observer = s.show
		var during []string
		trial := c.Trial
		c.Trial = func(ctx context.Context, task *Trial) (Values, error) {
			values, err := trial(ctx, task)
			during = append(during, strings.Join(v.lines, "\n"))
			return values, err
		}
		if _, err := Run(context.Background(), c); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"1/4  x=1  0.1000 at epoch 1  best so far",
			"2/4  x=2  failed: two  [2Jlines",
			"3/4  x=4  0.4000 at epoch 1  best so far",
			"4/4  x=3  0.3000 at epoch 1",
			"4 of 4 trials finished, 1 failed; best 0.4000 at epoch 1: x=4",
		}
		for i := range want {
			want[i] = want[i][:min(len(want[i]), width-1)]
		}
		if diff := cmp.Diff(want, v.lines); diff != "" {
			t.Errorf("width %d (-want +got):\n%s", width, diff)
		}
		if width == 200 && !strings.Contains(during[3], "3 of 4 done, 1 failed; ") || width == 200 && !strings.Contains(during[3], "\n  x=3  epoch 1  0.3000") {
			t.Errorf("during the last trial the terminal shows\n%s", during[3])
		}
	}
}

// The block is never higher than the terminal.
func TestScreenHeight(t *testing.T) {
	v := &terminal{t: t, width: 80}
	s := newScreen(v, clock())
	s.size = func() (int, int) { return 80, 10 }
	for slot := range 30 {
		s.show(Event{Type: Started, Slot: slot, Total: 99, Trial: TrialResult{Point: Point{{"x", slot}}}})
	}
	if v.most > 9 || v.lines[len(v.lines)-1] != "  and 23 more" {
		t.Errorf("%d lines, the last is %q", v.most, v.lines[len(v.lines)-1])
	}
}

func TestScreenNested(t *testing.T) {
	folds, err := CyclicFolds([][]int{{1}, {2}, {3}})
	if err != nil {
		t.Fatal(err)
	}
	c := toyConfig(t)
	var b bytes.Buffer
	c.Table, c.Points = &b, c.Points[:1]
	n := Nested{Config: c, Folds: folds, Test: func(context.Context, *Trial) (Values, error) { return Values{"auc": 0.9, "acc": 0.8}, nil }}
	if _, err := RunNested(context.Background(), n); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"3/3  fold 3  x=1  0.1000 at epoch 1", "test of fold 3  x=1  acc=0.8000 auc=0.9000"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", 59 * time.Second: "59s", 61 * time.Second: "1m01s", 25*time.Hour + 90*time.Second: "25h01m"} {
		if got := duration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
