// Command search runs the searches of a program on Apache Beam:
//
//	go build -o bin/ ./examples/uci && go build -C beam -o ../bin/ ./search ./screen
//	bin/search -workers 4 -- bin/uci -tasks small -nets all -out results.jsonl
//
// The trials run in processes of the program on the workers of Beam, on Prism in this process without -runner. The program itself selects and writes its
// tables. To continue a search that was stopped, start it again.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/selfnorm/selfnorm/beam/pipelines"
)

// about says for -help what the program does.
const about = "Runs the trials of the searches of a program, such as examples/uci, on Apache Beam, on Prism in this process without -runner.\n" +
	"The flags of the program, among them -out, follow behind --: search -workers 4 -- bin/uci -tasks small -out results.jsonl"

func main() { pipelines.Main("search", about, run) }

func run(f *flag.FlagSet) error {
	s := pipelines.Search{Stdout: os.Stdout, Stderr: os.Stderr}
	f.StringVar(&s.Results, "results", "", "results file of the program, if it is not what its -out names: trials.jsonl in the folder, for examples/table2")
	f.StringVar(&s.Dir, "dir", "", "folder for the results of the workers, which may be gs://BUCKET/... or s3://BUCKET/...; otherwise that of -results with .beam behind it")
	f.IntVar(&s.Workers, "workers", 0, "processes on each worker of Beam; 0 means one for each core")
	verbose := f.Bool("verbose", false, "show what Beam logs")
	command, err := pipelines.Init(f, os.Args[1:], verbose)
	if err == nil {
		s.Command, err = pipelines.Absolute(command)
	}
	if err != nil {
		return fmt.Errorf("%w (%w)", err, pipelines.ErrUsage)
	}
	if s.Results == "" {
		s.Results = out(command)
	}
	if s.Results == "" || s.Workers < 0 {
		return fmt.Errorf("want -out FILE among the flags of the program, or -results, and at least 0 -workers (%w)", pipelines.ErrUsage)
	}
	if s.Dir == "" {
		s.Dir = s.Results + ".beam"
	}
	return s.Run(context.Background())
}

// out returns the value of -out in a command.
func out(command []string) string {
	for i, arg := range command {
		name, value, given := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		switch {
		case name != "-out" && name != "out":
		case given:
			return value
		case i+1 < len(command):
			return command[i+1]
		}
	}
	return ""
}
