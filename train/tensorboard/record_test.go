package tensorboard

import (
	"encoding/hex"
	"hash/crc32"
	"strings"
	"testing"
	"time"
)

// The checksums of RFC 3720, appendix B.4, and of the record of 24 bytes with which the event files of TensorFlow and PyTorch begin.
func TestChecksum(t *testing.T) {
	var up, down [32]byte
	for i := range up {
		up[i], down[i] = byte(i), byte(31-i)
	}
	for want, data := range map[uint32]string{
		0x8a9136aa: strings.Repeat("\x00", 32), 0x62a8ab43: strings.Repeat("\xff", 32), 0x46dd794e: string(up[:]), 0x113fdb5c: string(down[:]),
		0xe3069283: "123456789",
	} {
		if got := crc32.Checksum([]byte(data), castagnoli); got != want {
			t.Errorf("%x: checksum %08x, want %08x", data, got, want)
		}
		if got, want := maskedCRC([]byte(data)), (want>>15|want<<17)+0xa282ead8; got != want {
			t.Errorf("%x: masked checksum %08x, want %08x", data, got, want)
		}
	}
	record := appendRecord(nil, versionEvent(time.Unix(1500000000, 0)))
	if got := hex.EncodeToString(record[:13]); got != "1800000000000000a37f4b2209" || len(record) != 12+24+4 {
		t.Errorf("a file begins with %s, %d bytes", got, len(record))
	}
	if got := string(record[21:36]); got != "\x1a\x0dbrain.Event:2" {
		t.Errorf("the version is %q", got)
	}
}
