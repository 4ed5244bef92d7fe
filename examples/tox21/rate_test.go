package main

import (
	"io"
	"testing"

	"github.com/selfnorm/selfnorm/train"
)

// The factor is for the first hidden layer alone; a network without hidden layers has none.
func TestInputRate(t *testing.T) {
	for _, c := range []struct {
		layers, rate string
		groups       int
	}{{"2", "3", 1}, {"2", "1", 0}, {"0", "3", 0}} {
		o, code := parseFlags([]string{"-layers", c.layers, "-input-rate", c.rate}, io.Discard)
		if code >= 0 {
			t.Fatalf("layers %s, rate %s: exit code %d", c.layers, c.rate, code)
		}
		var config train.Config
		if err := (&experiment{options: &o, problem: &problem{}}).Configure(0, &config); err != nil {
			t.Fatal(err)
		}
		if len(config.Groups) != c.groups || c.groups == 1 && (config.Groups[0].RateFactor != 3 || config.Groups[0].Match[0] != "hidden1.*") {
			t.Errorf("layers %s, rate %s: groups %+v", c.layers, c.rate, config.Groups)
		}
	}
}
