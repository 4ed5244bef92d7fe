package serve

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/pkg/errors"
)

// Serve answers requests from a listener until ctx is cancelled. Then it takes no new ones, answers those that have begun within the time
// grace, and ends. It returns an error if the listener fails, or if requests were cut off. A slow client is cut off: a header may take 5
// seconds, a request the time limit, and an answer twice as much.
func (s *Server) Serve(ctx context.Context, l net.Listener, grace time.Duration) error {
	quiet := log.New(io.Discard, "", 0)
	if s.Log != nil {
		quiet = s.Log
	}
	h := &http.Server{
		Handler: s, ErrorLog: quiet, MaxHeaderBytes: 1 << 16,
		ReadHeaderTimeout: min(5*time.Second, s.Timeout), ReadTimeout: s.Timeout, WriteTimeout: 2 * s.Timeout, IdleTimeout: 2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- h.Serve(l) }()
	select {
	case err := <-failed:
		return errors.WithStack(err)
	case <-ctx.Done():
	}
	s.Drain()
	last, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := h.Shutdown(last); err != nil {
		h.Close()
		return errors.Errorf("requests that had begun were cut off after %v", grace)
	}
	return nil
}
