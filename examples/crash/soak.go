package main

import (
	"context"
	"io"
)

func soak(ctx context.Context, o *options, dir string, w io.Writer) error { return nil }
