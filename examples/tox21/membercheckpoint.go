package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// memberKey is the name of the text of a checkpoint of members that identifies the training they belong to.
const memberKey = "training"

// resumeMember returns the models of a group from the folder -checkpoint, if they are there. Otherwise it trains them, and saves them there.
func (e *experiment) resumeMember(ctx context.Context, m member) (*group, error) {
	if e.Checkpoint == "" {
		return e.fitMember(ctx, m)
	}
	path := filepath.Join(e.Checkpoint, training.MemberFile(m.name))
	key, err := e.trainingOf(m)
	if err != nil {
		return nil, err
	}
	if g, err := loadMember(path, key, m, e.featurizer.Cols(), e.pooling); err != nil || g != nil {
		return g, err
	}
	g, err := e.fitMember(ctx, m)
	if err != nil {
		return nil, err
	}
	text, arrays, err := packGroups(combineMean, []*group{g})
	if err != nil {
		return nil, err
	}
	if err := tensorfile.Write(path, tensorfile.File{Arrays: arrays, Metadata: map[string]string{membersKey: text, memberKey: key}}); err != nil {
		e.Fail("-checkpoint", err)
	}
	return g, nil
}

// loadMember reads a checkpoint of models, whose tasks are now pooled in some way, and returns nil if there is none of this training. Only a file of another program is an error.
func loadMember(path, key string, m member, columns int, by *graphs.Calibration) (*group, error) {
	f, err := tensorfile.ReadTensors(path)
	switch {
	case errors.Is(err, tensorfile.ErrForeign):
		return nil, errors.Wrap(err, "-checkpoint")
	case errors.Is(err, fs.ErrNotExist), err != nil, f.Metadata[memberKey] != key:
		return nil, nil // training again gives the same members
	}
	_, groups, err := unpackGroups(f.Metadata[membersKey], f.Arrays, columns)
	if err != nil || len(groups) != 1 || groups[0].name != m.name {
		return nil, nil
	}
	groups[0].member, groups[0].by = m, by
	return groups[0], nil
}

// trainingOf returns a text that differs for trainings of a member that may end differently.
func (e *experiment) trainingOf(m member) (string, error) {
	features, err := json.Marshal(e.featurizer)
	if err != nil {
		return "", errors.WithStack(err)
	}
	h := sha256.New()
	fmt.Fprintln(h, 1, m.name, m.chosen, forestTree, neighbourRadius, e.Seed, e.source().SHA256)
	fmt.Fprintf(h, "%s\n%v\n", features, e.fit)
	for _, f := range e.folds {
		fmt.Fprintln(h, f.Fit)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
