package parallel

import (
	"encoding/binary"
	"io"
	"math"
	"net"
	"os"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/internal/shards"
)

// The kinds of frames. A frame is its kind, the length of its content as 8 bytes, little-endian as all numbers, and the content.
const (
	frameHello = 'h'
	frameFacts = 'f'
	frameState = 's'
	frameSum   = 'g' // from a process to rank 0
	frameTotal = 't' // from rank 0
	frameError = 'e' // a text; nothing follows
)

// Limits of what others may send.
const (
	maxText  = 1 << 13
	maxFacts = 1 << 20
	maxState = 1 << 33
)

// peerError is an error that names the process that it is about.
type peerError struct{ error }

// named reports whether an error names the process that it is about.
func named(err error) bool {
	var p peerError
	return errors.As(err, &p)
}

// fault adds the rank of a process to an error of its connection, and says in words what has happened.
func (p *peer) fault(err error) error {
	if err == nil || named(err) {
		return err
	}
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, os.ErrDeadlineExceeded):
		err = errors.New("it does not answer in time")
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe) || isReset(err):
		if last := p.lastWords(); last != nil {
			return last
		}
		err = errors.New("the connection is closed: the process has ended or was killed")
	}
	return peerError{errors.Errorf("rank %d: %v", p.rank, err)}
}

// lastWords returns the error that the other process has sent before the connection was closed, or nil.
func (p *peer) lastWords() error {
	p.conn.SetReadDeadline(time.Now().Add(farewell))
	var last peerError
	if _, err := p.expect(frameError, 0); errors.As(err, &last) {
		return last
	}
	return nil
}

// isReset reports whether the system of the other end says that nobody listens there.
func isReset(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && !op.Timeout()
}

// begin sends the beginning of a frame.
func (p *peer) begin(kind byte, length int64) error {
	var head [9]byte
	head[0] = kind
	binary.LittleEndian.PutUint64(head[1:], uint64(length))
	_, err := p.w.Write(head[:])
	return err
}

// send sends a frame.
func (p *peer) send(kind byte, content []byte) error {
	if err := p.begin(kind, int64(len(content))); err != nil {
		return err
	}
	if _, err := p.w.Write(content); err != nil {
		return err
	}
	return p.w.Flush()
}

func (p *peer) sendText(kind byte, text string) error {
	return p.send(kind, []byte(text[:min(len(text), maxText)]))
}

// expect reads the beginning of a frame of a kind, with a content of at most so many bytes. The error of the other process is an error.
func (p *peer) expect(kind byte, most int64) (length int64, err error) {
	var head [9]byte
	if _, err := io.ReadFull(p.r, head[:]); err != nil {
		return 0, err
	}
	n := binary.LittleEndian.Uint64(head[1:])
	if head[0] == frameError && n <= maxText {
		text := make([]byte, n)
		if _, err := io.ReadFull(p.r, text); err != nil {
			return 0, err
		}
		return 0, peerError{errors.New(string(text))}
	}
	if head[0] != kind || n > uint64(most) {
		return 0, errors.Errorf("it sends a frame %q of %d bytes, want %q of at most %d", head[0], n, kind, most)
	}
	return int64(n), nil
}

// receive reads a frame. It makes room as the content comes, not as its length claims.
func (p *peer) receive(kind byte, most int64) ([]byte, error) {
	n, err := p.expect(kind, most)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(p.r, n))
	if err == nil && int64(len(content)) < n {
		err = io.ErrUnexpectedEOF
	}
	return content, err
}

// bytesOf returns the length of a vector of n values.
func bytesOf(n int, double bool) int64 {
	if double {
		return 8 * int64(n)
	}
	return 4 * int64(n)
}

// sendVector sends the values of a vector.
func (p *peer) sendVector(v shards.Vector) error {
	var piece [4096]byte
	for x := v.F32; len(x) > 0; {
		n := min(len(x), len(piece)/4)
		for i, f := range x[:n] {
			binary.LittleEndian.PutUint32(piece[4*i:], math.Float32bits(f))
		}
		if _, err := p.w.Write(piece[:4*n]); err != nil {
			return err
		}
		x = x[n:]
	}
	for x := v.F64; len(x) > 0; {
		n := min(len(x), len(piece)/8)
		for i, f := range x[:n] {
			binary.LittleEndian.PutUint64(piece[8*i:], math.Float64bits(f))
		}
		if _, err := p.w.Write(piece[:8*n]); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

// receiveVector fills a vector.
func (p *peer) receiveVector(v shards.Vector) error {
	var piece [4096]byte
	for x := v.F32; len(x) > 0; {
		n := min(len(x), len(piece)/4)
		if _, err := io.ReadFull(p.r, piece[:4*n]); err != nil {
			return err
		}
		for i := range x[:n] {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(piece[4*i:]))
		}
		x = x[n:]
	}
	for x := v.F64; len(x) > 0; {
		n := min(len(x), len(piece)/8)
		if _, err := io.ReadFull(p.r, piece[:8*n]); err != nil {
			return err
		}
		for i := range x[:n] {
			x[i] = math.Float64frombits(binary.LittleEndian.Uint64(piece[8*i:]))
		}
		x = x[n:]
	}
	return nil
}
