// Command screen predicts files of molecules or rows on Apache Beam:
//
//	go build -o bin/ ./examples/tox21 && go build -C beam -o ../bin/ ./search ./screen
//	bin/screen -in 'library/*.smi.gz' -model model.safetensors -dir predictions -parts 4 -- bin/tox21 -threads 1
//
// The predictions run in processes of the program on the workers of Beam, on Prism in this process without -runner. To continue a run that was stopped, start
// it again.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/selfnorm/selfnorm/beam/pipelines"
)

// about says for -help what the program does.
const about = "Predicts files of molecules or rows by a program with -predict and -shard, such as examples/tox21, on Apache Beam, on Prism in this\n" +
	"process without -runner. The program with further flags follows behind --: screen -in 'l/*.smi' -model m -dir out -- bin/tox21 -threads 1"

func main() { pipelines.Main("screen", about, run) }

func run(f *flag.FlagSet) error {
	s := pipelines.Screening{Stderr: os.Stderr}
	f.StringVar(&s.Inputs, "in", "", "pattern of the files to predict; they may be in an object store, as gs://BUCKET/... or s3://BUCKET/...")
	f.StringVar(&s.Model, "model", "", "file of the networks")
	f.StringVar(&s.Dir, "dir", "", "folder for the predictions, a CSV file for each part of a file")
	f.IntVar(&s.Parts, "parts", 1, "parts of each file, which are predicted side by side; every part is read by its own process, from the beginning of the file")
	f.IntVar(&s.Workers, "workers", 0, "processes on each worker of Beam; 0 means one for each core")
	verbose := f.Bool("verbose", false, "show what Beam logs")
	command, err := pipelines.Init(f, os.Args[1:], verbose)
	if err == nil {
		s.Command, err = pipelines.Absolute(command)
	}
	switch {
	case err != nil:
		return fmt.Errorf("%w (%w)", err, pipelines.ErrUsage)
	case s.Inputs == "" || s.Model == "" || s.Dir == "" || s.Parts < 1 || s.Workers < 0:
		return fmt.Errorf("want -in, -model and -dir, at least 1 -parts and 0 -workers (%w)", pipelines.ErrUsage)
	}
	return s.Run(context.Background())
}
