package main

import (
	"strings"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/training"
)

// source identifies the compounds and their labels for the file of the networks.
func (p *problem) source() training.Source {
	name := p.data.Notes
	if i := strings.IndexAny(name, "(:,"); i > 0 {
		name = strings.TrimSpace(name[:i])
	}
	return training.Source{Data: name, SHA256: p.data.Checksum(), Targets: tox21.Tasks()}
}

// metadataOf are texts to save with the networks.
func metadataOf(split string, synthetic bool) map[string]string {
	m := map[string]string{molecular.Split: split}
	if synthetic {
		m[molecular.Synthetic] = "true"
	}
	return m
}
