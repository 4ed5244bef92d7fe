package csv

import (
	"math"
	"strings"
	"time"
)

// part is a part of a date, in words.
type part string

// dateParts are the features that a date can give.
var dateParts = []part{"year", "month", "day", "weekday", "day of year", "hour"}

// of returns the part of a date in seconds since 1970, NaN for NaN. Weekdays count from Monday, 1.
func (p part) of(seconds float64) float64 {
	if math.IsNaN(seconds) {
		return seconds
	}
	t := time.Unix(int64(seconds), 0).UTC()
	switch p {
	case "year":
		return float64(t.Year())
	case "month":
		return float64(t.Month())
	case "day":
		return float64(t.Day())
	case "weekday":
		return float64((t.Weekday()+6)%7 + 1)
	case "day of year":
		return float64(t.YearDay())
	case "hour":
		return float64(t.Hour()) + float64(t.Minute())/60 + float64(t.Second())/3600
	}
	return math.NaN()
}

// A date as in package time, in the order in which they are preferred if a column can be read as several.
var dateLayouts = []string{
	"2006-1-2", "2006/1/2", "2006.1.2", "1/2/2006", "2/1/2006", "2.1.2006", "2-1-2006", "1-2-2006",
	"1/2/06", "2/1/06", "2.1.06", "2-1-06", "2-Jan-2006", "2-Jan-06", "2 Jan 2006", "2 January 2006", "2. January 2006",
	"Jan 2, 2006", "January 2, 2006", "Jan 2 2006", "January 2 2006", "2006-1", "2006/1", "Jan 2006", "January 2006",
}

var timeLayouts = []string{"15:04:05", "15:04", "15:04:05Z07:00", "15:04:05Z0700", "15:04:05-07", "15:04Z07:00", "3:04 PM", "3:04:05 PM", "15:04:05 MST", "15:04:05 -0700"}

// layoutWords describes a layout of dates.
func layoutWords(layout string) string {
	return strings.NewReplacer("2006", "YYYY", "06", "YY", "January", "month", "Jan", "month", "1", "MM", "2", "DD").Replace(layout)
}

// parseDate reads a date, with or without the time of the day, as seconds since 1970 by the clock that it shows.
func parseDate(s, layout string) (float64, bool) {
	if len(s) > 64 || len(s) < 6 {
		return 0, false
	}
	day, clock := s, ""
	if colon := strings.IndexByte(s, ':'); colon > 0 {
		cut := strings.LastIndexAny(s[:colon], " T")
		if cut < 0 {
			return 0, false
		}
		day, clock = strings.TrimSpace(s[:cut]), s[cut+1:]
	}
	t, err := time.Parse(layout, day)
	if err != nil || t.Year() < 1500 || t.Year() > 2500 {
		return 0, false
	}
	if clock == "" {
		return float64(t.Unix()), true
	}
	for _, l := range timeLayouts {
		if c, err := time.Parse(l, clock); err == nil {
			return float64(t.Unix() + int64(c.Hour()*3600+c.Minute()*60+c.Second())), true
		}
	}
	return 0, false
}

// findLayout returns the layout that most rows of a categorical column have, and how many; ok is false if they are fewer than nine in
// ten of the values.
func (c *column) findLayout() (layout string, ok bool) {
	candidates := dateLayouts
	const sample = 50
	count := make([]int, len(c.dict))
	values := 0
	for _, k := range c.codes.all() {
		if k >= 0 {
			count[k]++
			values++
		}
	}
	read := func(layout string, most int) (rows, of int) {
		for k, s := range c.dict[:min(most, len(c.dict))] {
			of += count[k]
			if _, is := parseDate(s, layout); is {
				rows += count[k]
			}
		}
		return rows, of
	}
	best := 0
	for _, l := range candidates {
		if rows, of := read(l, sample); 2*rows < of {
			continue
		}
		if rows, _ := read(l, len(c.dict)); rows > best {
			best, layout = rows, l
		}
	}
	return layout, best > 1 && 10*best >= 9*values
}

// becomeDate turns a categorical column into one of dates. It looks for the parts that vary.
func (c *column) becomeDate(layout string) {
	value := make([]float64, len(c.dict))
	for k, s := range c.dict {
		v, ok := parseDate(s, layout)
		if !ok {
			v = math.NaN()
		}
		value[k] = v
	}
	c.number = series{}
	for r, k := range c.codes.all() {
		if k < 0 {
			c.number.add(nan)
			continue
		}
		if math.IsNaN(value[k]) {
			c.odd.add(c.dict[k], r, 0)
			c.missing++
		}
		c.number.add(value[k])
	}
	c.kind, c.layout = Date, layout
	c.codes, c.dict, c.place = blocks[int32]{}, nil, nil
	for _, p := range dateParts {
		first := math.NaN()
		for _, v := range c.number.all() {
			x := p.of(v)
			if math.IsNaN(first) {
				first = x
			} else if x == x && x != first {
				c.parts = append(c.parts, p)
				break
			}
		}
	}
}
