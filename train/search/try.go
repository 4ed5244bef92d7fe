package search

import (
	"context"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// try calls the trial in a separate goroutine, so that neither a panic nor runtime.Goexit ends the search.
func try(ctx context.Context, trial TrialFunc, t *Trial) (values Values, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		returned := false
		defer func() {
			if r := recover(); r != nil {
				values, err = nil, errors.Errorf("panic: %v%s", r, panicSite())
			} else if !returned {
				values, err = nil, errors.New("the trial ended its goroutine")
			}
		}()
		values, err = trial(ctx, t)
		returned = true
	}()
	<-done
	return values, err
}

// panicSite returns where the panic happened: the first frame below those of the runtime.
func panicSite() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		if panicked && !strings.HasPrefix(frame.Function, "runtime.") {
			return " (" + frame.Function + ", " + filepath.Base(frame.File) + ":" + strconv.Itoa(frame.Line) + ")"
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
		if !more {
			return ""
		}
	}
}
