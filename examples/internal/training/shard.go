package training

import (
	"flag"
	"os"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

// RegisterShard adds the flag -shard, for programs that predict files of any length.
func (o *Flags) RegisterShard(f *flag.FlagSet) {
	f.StringVar(&o.shard, "shard", "", "with -predict, answer a part of the records, into a file of its own beside -out: "+program.ShardSyntax)
}

// CheckShard parses -shard beside -predict, and gives -out the name of the part.
func (o *Flags) CheckShard() (err error) {
	if o.Shard, err = program.ParseShard(o.shard, os.Getenv); err == nil {
		o.Out = o.Shard.Path(o.Out)
	}
	return err
}
