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
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// memberKey is the name of the text of a checkpoint of members that identifies the training they belong to.
const memberKey = "training"

// resumeMember returns the models of a group from the folder -checkpoint, if they are there. Otherwise it trains them, and saves them there.
func (e *experiment) resumeMember(ctx context.Context, d *molecular.Data, m molecular.Member) (*molecular.Group, error) {
	if e.Checkpoint == "" {
		return e.fitMember(ctx, d, m)
	}
	path := filepath.Join(e.Checkpoint, training.MemberFile(m.Name))
	key, err := e.trainingOf(m)
	if err != nil {
		return nil, err
	}
	if g, err := loadMember(path, key, m, e.featurizer.Cols(), e.pooling); err != nil || g != nil {
		return g, err
	}
	g, err := e.fitMember(ctx, d, m)
	if err != nil {
		return nil, err
	}
	text, arrays, err := (&molecular.Members{Rule: molecular.Mean, Weight: molecular.NetworksWeight, Groups: []*molecular.Group{g}}).Pack()
	if err != nil {
		return nil, err
	}
	if err := tensorfile.Write(path, tensorfile.File{Arrays: arrays, Metadata: map[string]string{members.Key: text, memberKey: key}}); err != nil {
		e.Fail("-checkpoint", err)
	}
	return g, nil
}

// loadMember reads a checkpoint of models, whose tasks are now pooled in some way, and returns nil if there is none of this training. Only a file of another program is an error.
func loadMember(path, key string, m molecular.Member, columns int, by *graphs.Calibration) (*molecular.Group, error) {
	f, err := tensorfile.ReadTensors(path)
	switch {
	case errors.Is(err, tensorfile.ErrForeign):
		return nil, errors.Wrap(err, "-checkpoint")
	case errors.Is(err, fs.ErrNotExist), err != nil, f.Metadata[memberKey] != key:
		return nil, nil // training again gives the same members
	}
	of, err := molecular.Unpack(f.Metadata[members.Key], f.Arrays, columns)
	if err != nil || of == nil || len(of.Groups) != 1 || of.Groups[0].Name != m.Name {
		return nil, nil
	}
	g := of.Groups[0]
	g.Settings, g.By = m.Settings(), by
	return g, nil
}

// trainingOf returns a text that differs for trainings of a member that may end differently.
func (e *experiment) trainingOf(m molecular.Member) (string, error) {
	features, err := json.Marshal(e.featurizer)
	if err != nil {
		return "", errors.WithStack(err)
	}
	h := sha256.New()
	fmt.Fprintln(h, 1, m.Name, m.Number, molecular.Fixed(), e.Seed, e.source().SHA256)
	fmt.Fprintf(h, "%s\n%v\n", features, e.fit)
	for _, f := range e.folds {
		fmt.Fprintln(h, f.Fit)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
