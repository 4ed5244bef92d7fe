package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/pkg/errors"
)

// runLoad sends the same request again and again from many clients, and prints how long the answers took. An answer without status 200, and
// one with other predictions than the first, is an error.
func (o *options) runLoad(ctx context.Context, w io.Writer) error {
	body, err := os.ReadFile(o.body)
	if err != nil {
		return errors.Wrap(err, "-body")
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: o.clients}, Timeout: time.Minute}
	want, _, err := ask(ctx, client, o.url, body)
	if err != nil {
		return err
	}
	end := time.Now().Add(o.load)
	var mu sync.Mutex
	var all []time.Duration
	var wrong, failed int
	var first error
	var group sync.WaitGroup
	for range o.clients {
		group.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				got, took, err := ask(ctx, client, o.url, body)
				mu.Lock()
				switch {
				case err != nil:
					failed++
					first = err
				case !bytes.Equal(got, want):
					wrong++
				default:
					all = append(all, took)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if len(all) == 0 {
		return errors.Wrap(first, "no request was answered")
	}
	slices.Sort(all)
	at := func(share float64) time.Duration {
		return all[int(share*float64(len(all)-1))].Round(10 * time.Microsecond)
	}
	fmt.Fprintf(w, "%d clients, %v: %d answers, %.0f a second, %d errors, %d wrong answers\n", o.clients, o.load, len(all), float64(len(all))/o.load.Seconds(), failed, wrong)
	fmt.Fprintf(w, "median %v, p95 %v, p99 %v, longest %v\n", at(0.5), at(0.95), at(0.99), at(1))
	if failed+wrong > 0 {
		return errors.Errorf("%d errors and %d wrong answers (%v)", failed, wrong, first)
	}
	return nil
}

// ask sends a request and returns the predictions of its answer: "predictions", or "outputs" of the protocol.
func ask(ctx context.Context, client *http.Client, url string, body []byte) (predictions []byte, took time.Duration, err error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, 0, errors.WithStack(err)
	}
	q.Header.Set("Content-Type", "application/json")
	began := time.Now()
	r, err := client.Do(q)
	if err != nil {
		return nil, 0, errors.WithStack(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	took = time.Since(began)
	if err != nil {
		return nil, 0, errors.WithStack(err)
	}
	if r.StatusCode != http.StatusOK {
		return nil, 0, errors.Errorf("status %d: %s", r.StatusCode, bytes.TrimSpace(text))
	}
	var a struct{ Predictions, Outputs json.RawMessage }
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, 0, errors.WithStack(err)
	}
	return append(a.Predictions, a.Outputs...), took, nil
}
