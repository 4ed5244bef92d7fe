package program

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/train"
)

// logs are the callbacks of -log for member k.
func (o *Flags) logs(k int) ([]train.Callback, error) {
	if o.Log == "" {
		return nil, nil
	}
	log, err := train.NewLog(o.memberFile(o.Log, k))
	return []train.Callback{log}, err
}

// memberFile is the file of member k by that of a flag: of several networks the second has log-2.csv for log.csv.
func (o *Flags) memberFile(path string, k int) string {
	if o.Members.N == 1 {
		return path
	}
	ending := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ending), k+1, ending)
}

// Validate makes a training judge the network on data after each epoch, if a flag asks for curves. Nothing is chosen by them.
func (o *Flags) Validate(c *train.Config, data train.Data, metric train.Metric) {
	if o.Report != "" || o.Watch != "" || o.Log != "" {
		c.Validation, c.Metric = data, metric
	}
}
