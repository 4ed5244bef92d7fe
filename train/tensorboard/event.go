package tensorboard

import (
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// The numbers of the fields are those of event.proto, summary.proto and histogram.proto of TensorFlow.
const (
	eventWallTime    protowire.Number = 1
	eventStep        protowire.Number = 2
	eventFileVersion protowire.Number = 3
	eventSummary     protowire.Number = 5
	eventSessionLog  protowire.Number = 7

	summaryValue   protowire.Number = 1
	valueTag       protowire.Number = 1
	valueScalar    protowire.Number = 2
	valueHistogram protowire.Number = 5

	histogramMin     protowire.Number = 1
	histogramMax     protowire.Number = 2
	histogramNum     protowire.Number = 3
	histogramSum     protowire.Number = 4
	histogramSquares protowire.Number = 5
	histogramLimits  protowire.Number = 6
	histogramCounts  protowire.Number = 7

	sessionStatus protowire.Number = 1
	sessionStart  uint64           = 1
)

// fileVersion is the first event of every file. From version 2 on, readers respect the starts of sessions.
const fileVersion = "brain.Event:2"

// newEvent returns an Event without content.
func newEvent(now time.Time, step int) []byte {
	b := appendDouble(nil, eventWallTime, float64(now.UnixMicro())/1e6)
	if step == 0 {
		return b
	}
	return protowire.AppendVarint(protowire.AppendTag(b, eventStep, protowire.VarintType), uint64(step))
}

// versionEvent is the first event of a file.
func versionEvent(now time.Time) []byte {
	return appendBytes(newEvent(now, 0), eventFileVersion, []byte(fileVersion))
}

// startEvent marks the start of a session: TensorBoard drops the events of this and later steps from earlier files. It treats the first
// such event as the beginning of the run, so every file has one.
func startEvent(now time.Time, step int) []byte {
	log := protowire.AppendVarint(protowire.AppendTag(nil, sessionStatus, protowire.VarintType), sessionStart)
	return appendBytes(newEvent(now, step), eventSessionLog, log)
}

// summaryEvent is an event of some values.
func summaryEvent(now time.Time, step int, values []value) []byte {
	var summary []byte
	for _, v := range values {
		summary = appendBytes(summary, summaryValue, v)
	}
	return appendBytes(newEvent(now, step), eventSummary, summary)
}

// value is a Summary.Value.
type value []byte

func scalar(tag string, v float64) value {
	b := appendBytes(nil, valueTag, []byte(tag))
	return protowire.AppendFixed32(protowire.AppendTag(b, valueScalar, protowire.Fixed32Type), math.Float32bits(float32(v)))
}

func (h histogram) value(tag string) value {
	var b, limits, counts []byte
	for i, n := range h.counts {
		limits = protowire.AppendFixed64(limits, math.Float64bits(h.limits[i]))
		counts = protowire.AppendFixed64(counts, math.Float64bits(n))
	}
	b = appendDouble(b, histogramMin, h.min)
	b = appendDouble(b, histogramMax, h.max)
	b = appendDouble(b, histogramNum, h.num)
	b = appendDouble(b, histogramSum, h.sum)
	b = appendDouble(b, histogramSquares, h.squares)
	b = appendBytes(b, histogramLimits, limits)
	b = appendBytes(b, histogramCounts, counts)
	return appendBytes(appendBytes(nil, valueTag, []byte(tag)), valueHistogram, b)
}

func appendDouble(b []byte, field protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(v))
}

func appendBytes(b []byte, field protowire.Number, v []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
}
