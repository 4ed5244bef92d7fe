package parquet

import (
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// textOf returns a function that writes the values of a type as text, or nil if there is no text for them.
func textOf(t parquet.Type) func(parquet.Value) string {
	if l := t.LogicalType(); l != nil && l.Value != nil {
		return logicalText(t.Kind(), l.Value)
	}
	if c := t.ConvertedType(); c != nil {
		switch *c {
		case deprecated.UTF8, deprecated.Enum, deprecated.Json:
		case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
			return unsigned(t.Kind())
		case deprecated.Date:
			return dateText
		case deprecated.TimestampMillis:
			return timestampText(time.Millisecond)
		case deprecated.TimestampMicros:
			return timestampText(time.Microsecond)
		default:
			return nil
		}
	}
	switch t.Kind() {
	case parquet.FixedLenByteArray:
		return nil
	case parquet.Int96: // in old files a point of time
		return int96Text
	}
	return parquet.Value.String
}

func logicalText(kind parquet.Kind, l format.LogicalTypeValue) func(parquet.Value) string {
	switch l := l.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		return parquet.Value.String
	case *format.IntType:
		if !l.IsSigned {
			return unsigned(kind)
		}
		return parquet.Value.String
	case *format.DecimalType:
		return decimalText(int(l.Scale))
	case *format.DateType:
		return dateText
	case *format.TimestampType:
		if l.Unit.Value != nil {
			return timestampText(l.Unit.Value.Duration())
		}
	case *format.TimeType:
		if l.Unit.Value != nil {
			unit := l.Unit.Value.Duration()
			return func(v parquet.Value) string { return moment(0, integer(v), unit).Format("15:04:05") }
		}
	case *format.UUIDType:
		return func(v parquet.Value) string { return hex.EncodeToString(v.ByteArray()) }
	case *format.NullType:
		return func(parquet.Value) string { return "" }
	}
	return nil
}

// unsigned writes numbers without a sign.
func unsigned(kind parquet.Kind) func(parquet.Value) string {
	if kind == parquet.Int32 {
		return func(v parquet.Value) string { return strconv.FormatUint(uint64(v.Uint32()), 10) }
	}
	return func(v parquet.Value) string { return strconv.FormatUint(v.Uint64(), 10) }
}

// integer is the value of a type of 32 or 64 bits.
func integer(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

const day = 24 * 60 * 60 // seconds

// moment is a number of units behind the beginning of a day, counted from 1970.
func moment(days, units int64, unit time.Duration) time.Time {
	per := int64(time.Second / unit)
	seconds := units / per
	if units%per < 0 {
		seconds--
	}
	return time.Unix(days*day+seconds, 0).UTC()
}

func dateText(v parquet.Value) string {
	return moment(integer(v), 0, time.Second).Format(time.DateOnly)
}

func timestampText(unit time.Duration) func(parquet.Value) string {
	return func(v parquet.Value) string { return moment(0, integer(v), unit).Format(time.DateTime) }
}

// int96Text writes nanoseconds of a day and the number of the day, counted by the Julian calendar.
func int96Text(v parquet.Value) string {
	const epoch = 2440588 // the day of 1970-01-01
	i := v.Int96()
	return moment(int64(i[2])-epoch, int64(i[1])<<32|int64(i[0]), time.Nanosecond).Format(time.DateTime)
}

// decimalText writes whole numbers that are scaled by a power of ten.
func decimalText(scale int) func(parquet.Value) string {
	if scale < 0 || scale > 1000 {
		return nil
	}
	return func(v parquet.Value) string {
		n := new(big.Int)
		switch v.Kind() {
		case parquet.Int32, parquet.Int64:
			n.SetInt64(integer(v))
		default: // two's complement, the highest byte first
			b := v.ByteArray()
			if n.SetBytes(b); len(b) > 0 && b[0] >= 0x80 {
				n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
			}
		}
		digits, sign := new(big.Int).Abs(n).String(), ""
		if n.Sign() < 0 {
			sign = "-"
		}
		if scale == 0 {
			return sign + digits
		}
		if len(digits) <= scale {
			digits = strings.Repeat("0", scale+1-len(digits)) + digits
		}
		return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
}
