package program

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// logs are the callbacks of -log and -tensorboard for member k.
func (o *Flags) logs(k int) (logs []train.Callback, err error) {
	if o.Log != "" {
		log, err := train.NewLog(o.memberFile(o.Log, k))
		if err != nil {
			return nil, err
		}
		logs = append(logs, log)
	}
	if o.TensorBoard != "" {
		logs = append(logs, &tensorboard.Log{Dir: memberFolder(o.TensorBoard, k)})
	}
	return logs, nil
}

// memberFolder is the folder of member k in that of a flag.
func memberFolder(dir string, k int) string {
	return filepath.Join(dir, fmt.Sprintf("network-%d", k+1))
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
	if o.Report != "" || o.Watch != "" || o.Log != "" || o.TensorBoard != "" {
		c.Validation, c.Metric = data, metric
	}
}
