package callback_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"golang.org/x/sys/unix"
)

// terminal opens a pseudo-terminal of a width: the side that programs write to, and a function that reads what they wrote and counts the
// carriage returns.
func terminal(t *testing.T, width uint16, returns *atomic.Int32) (*os.File, func() []byte) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(master.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width})
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TERM", "xterm")
	return slave, func() (text []byte) {
		defer master.Close()
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			text = append(text, buffer[:n]...)
			returns.Add(int32(bytes.Count(buffer[:n], []byte("\r"))))
			if err != nil { // EIO when the other side has been closed
				return text
			}
		}
	}
}

// states are the lines that a terminal showed, one after the other: each carriage return begins a new one.
func states(text string) (out []string) {
	for _, s := range regexp.MustCompile(`\r\n?`).Split(text, -1) {
		out = append(out, strings.TrimRight(s, " "))
	}
	return out
}

// On a terminal there is one line, never longer than that is wide, and nothing is left of it at the end.
func TestProgressTerminal(t *testing.T) {
	for _, width := range []uint16{120, 90, 40} {
		var returns atomic.Int32
		file, read := terminal(t, width, &returns)
		text, err := progressIn(t, context.Background(), file, read, func(c *train.Config) {
			c.Epochs = 1_000_000
			c.Callbacks = append(c.Callbacks, traintest.AtStep(func(s *train.State) error {
				if returns.Load() > 12 { // each state has one or two, and one to clear it
					return train.ErrStop
				}
				return nil
			}))
		})
		if err != nil {
			t.Fatal(err)
		}
		shown := states(text)
		if last := shown[len(shown)-1]; strings.Contains(text, "\n") || last != "" {
			t.Errorf("%d columns: at the end the terminal shows %q", width, last)
		}
		all := regexp.MustCompile(`^epoch \d+/1000000  loss [-\d.e]+  accuracy [\d.]+  [\dhm]+s left  \d+ steps/s.*%`)
		complete := 0
		for _, s := range shown {
			if len([]rune(s)) > int(width) {
				t.Errorf("%d columns: the line %q has %d", width, s, len([]rune(s)))
			}
			if all.MatchString(s) {
				complete++
			}
		}
		if (complete > 0) != (width >= 90) {
			t.Errorf("%d columns: %q", width, shown)
		}
	}
}

// A run that is cancelled leaves no half line behind, and a terminal that can do nothing gets lines.
func TestProgressCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	file, read := terminal(t, 80, new(atomic.Int32))
	text, err := progressIn(t, ctx, file, read, func(c *train.Config) {
		c.Callbacks = append([]train.Callback{traintest.AtStep(func(s *train.State) error {
			if s.Step == 6 {
				cancel()
			}
			return nil
		})}, c.Callbacks...)
	})
	shown := states(text)
	if !errors.Is(err, context.Canceled) || !strings.HasPrefix(shown[1], "epoch 1/3") || shown[len(shown)-1] != "" {
		t.Errorf("error %v; the terminal shows %q", err, shown)
	}
	file, read = terminal(t, 80, new(atomic.Int32))
	t.Setenv("TERM", "dumb")
	text, err = progressIn(t, context.Background(), file, read, nil)
	if err != nil || strings.Count(text, "\n") != 3 || !strings.HasPrefix(text, "epoch 1/3") {
		t.Errorf("error %v; the terminal got %q", err, text)
	}
}
