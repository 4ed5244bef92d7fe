package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pkg/errors"
)

const defaultMax = 1 << 30

// transfer asks for the bytes that the part file lacks and appends them. resumed reports whether it asked for a
// continuation; if it did, the caller may start over on errRestart.
func (c *Client) transfer(ctx context.Context, p part, f File) (resumed bool, err error) {
	have, mark := p.size()
	if have > 0 && mark == "" && f.SHA256 == "" {
		have = 0 // no way to find out whether the continuation fits
	}
	resumed = have > 0

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	resp, err := c.ask(ctx, f, have, mark)
	if err != nil {
		return resumed, errors.Wrapf(brief(err), "fetch: %s", f.URL)
	}
	defer resp.Body.Close()
	switch have, err = begin(resp, have, mark); {
	case errors.Is(err, errRestart):
		return resumed, err
	case err != nil:
		return resumed, errors.Wrapf(err, "fetch: %s", f.URL)
	}
	limit := f.MaxBytes
	if limit <= 0 {
		limit = defaultMax
	}
	total := int64(-1)
	if resp.ContentLength >= 0 {
		total = have + resp.ContentLength
	}
	if total > limit {
		return resumed, errors.Errorf("fetch: %s: %d bytes are more than the limit of %d", f.URL, total, limit)
	}
	body := &watched{r: resp.Body, stall: c.Stall, cancel: cancel, tell: func(n int64) {
		if c.Progress != nil {
			c.Progress(f.Name, have+n, total)
		}
	}}
	got, err := store(p, have, versionMark(resp.Header), io.LimitReader(body, limit-have+1))
	if cause := context.Cause(ctx); err != nil && cause != nil {
		err = cause
	}
	if err != nil {
		return resumed, errors.Wrapf(err, "fetch: %s: stopped after %d bytes; try again to continue", f.URL, have+got)
	}
	if have+got > limit {
		p.remove()
		return resumed, errors.Errorf("fetch: %s: more than the limit of %d bytes", f.URL, limit)
	}
	return resumed, nil
}

// ask sends the request for the bytes from have on.
func (c *Client) ask(ctx context.Context, f File, have int64, mark string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // the checksum is that of the file as it is stored
	if have > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
		if mark != "" {
			req.Header.Set("If-Range", mark)
		}
	}
	client := c.HTTP
	if client == nil {
		client = defaultClient
	}
	return client.Do(req)
}

// brief is an error of a request without the address, which after redirects is that of the last one, and without long texts of the server.
func brief(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		err = e.Err
	}
	if text := err.Error(); len(text) > 200 {
		return errors.New(strings.ToValidUTF8(text[:200], "") + "...")
	}
	return err
}

// Its connections are not kept: a server that sends more than it has announced would fill the log of net/http.
var defaultClient = func() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.ResponseHeaderTimeout = 30 * time.Second
	t.DisableKeepAlives = true
	return &http.Client{Transport: t}
}()

// begin reads from the answer at which byte its body starts: 0, or have if the server continues the same version.
func begin(resp *http.Response, have int64, mark string) (int64, error) {
	switch {
	case resp.StatusCode == http.StatusOK:
		return 0, nil
	case resp.StatusCode == http.StatusPartialContent && have > 0:
		now := versionMark(resp.Header)
		if !strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)) || mark != "" && now != "" && now != mark {
			return 0, errRestart
		}
		return have, nil
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && have > 0:
		return 0, errRestart
	}
	return 0, errors.Errorf("server answered %d %s%s", resp.StatusCode, http.StatusText(resp.StatusCode), retryAfter(resp.Header))
}

// retryAfter is the end of an error for a busy server that names a time for the next request (RFC 9110, 10.2.3).
func retryAfter(h http.Header) string {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return fmt.Sprintf("; try again after %d seconds", n)
	}
	if at, err := http.ParseTime(text); err == nil {
		return "; try again after " + at.UTC().Format(http.TimeFormat)
	}
	return ""
}

// store appends the body to the part file and returns how many bytes it wrote.
func store(p part, have int64, mark string, body io.Reader) (int64, error) {
	file, err := p.open(have > 0, mark)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(file, body)
	if err == nil {
		err = file.Sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	return n, err
}

// watched passes a body on, reports how much has come, and cancels the request when nothing comes for a while.
type watched struct {
	r      io.Reader
	stall  time.Duration
	cancel context.CancelCauseFunc
	tell   func(n int64)
	n      int64
}

func (w *watched) Read(b []byte) (int, error) {
	stall := w.stall
	if stall == 0 {
		stall = time.Minute
	}
	timer := time.AfterFunc(stall, func() { w.cancel(errors.Errorf("nothing came for %v", stall)) })
	n, err := w.r.Read(b)
	timer.Stop()
	w.n += int64(n)
	w.tell(w.n)
	return n, err
}
