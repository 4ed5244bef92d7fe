package tox21

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Checksum returns the SHA-256 of the compounds in hexadecimal digits: of their identifiers, SMILES and labels, in order.
func (d *Data) Checksum() string {
	h := sha256.New()
	for _, c := range d.list() {
		fmt.Fprintf(h, "%q %q %v\n", c.ID, c.SMILES, c.Labels)
	}
	return hex.EncodeToString(h.Sum(nil))
}
