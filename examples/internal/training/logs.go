package training

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// logs returns the callbacks of -log and -tensorboard for member k.
func (o *Flags) logs(k int) (callbacks []train.Callback, err error) {
	if o.Log != "" {
		log, err := logs.New(o.memberFile(o.Log, k))
		if err != nil {
			return nil, err
		}
		callbacks = append(callbacks, &optional{log: log, flag: "-log", failed: o.onFailure, first: k == 0})
	}
	if o.TensorBoard != "" {
		callbacks = append(callbacks, &optional{log: &tensorboard.Log{Dir: memberFolder(o.TensorBoard, k)}, flag: "-tensorboard", failed: o.onFailure, first: k == 0})
	}
	return callbacks, nil
}

// memberPrefix begins the names of the folders of the members.
const memberPrefix = "network-"

// MemberFile returns the name of the file in the folder -checkpoint that is for a member of an ensemble that is no network.
func MemberFile(name string) string { return "member-" + name }

// memberFolder returns the folder of member k in the folder of a flag.
func memberFolder(dir string, k int) string {
	return filepath.Join(dir, fmt.Sprint(memberPrefix, k+1))
}

// memberFile returns the file of member k: in an ensemble the second member has log-2.csv for log.csv.
func (o *Flags) memberFile(path string, k int) string {
	if o.Members.N == 1 {
		return path
	}
	ending := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ending), k+1, ending)
}

// Curves reports whether a flag asks for curves, which need validation data.
func (o *Flags) Curves() bool {
	return o.Report != "" || o.Watch != "" || o.Log != "" || o.TensorBoard != ""
}
