package main

import (
	"context"
	"testing"
)

func TestQuickstart(t *testing.T) {
	accuracy, err := run(context.Background())
	if err != nil || accuracy < 0.95 {
		t.Errorf("accuracy %v (%v), want at least 0.95", accuracy, err)
	}
}
