package main

import (
	"context"
	"slices"
)

// job is work that writes files to a folder. Started again after a kill, it continues.
type job struct {
	name string
	run  func(ctx context.Context, dir string) error
	// files are those that must be equal in the end, and of which a reader must never see a part.
	files []string
	// other, if not nil, writes the other content that each of the files may hold after a kill: those of this job are replaced in turn.
	other func(ctx context.Context, dir string) error
}

// jobs are the jobs by the order of the table.
var jobs = []job{
	{name: "training", run: training, files: []string{"model.safetensors", "log.csv", "log.jsonl"}},
	{name: "ensemble", run: ensemble, files: []string{"models.safetensors"}},
	{name: "search", run: searching, files: []string{"results.jsonl"}},
	{name: "predictions", run: predictions, files: []string{"predictions.csv", "model.safetensors", "result.json"}, other: func(ctx context.Context, dir string) error { return replace(ctx, dir, 0) }},
}

func jobNames() (names []string) {
	for _, j := range jobs {
		names = append(names, j.name)
	}
	return names
}

func jobNamed(name string) job {
	return jobs[slices.Index(jobNames(), name)]
}
