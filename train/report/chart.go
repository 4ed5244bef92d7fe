package report

// page.js draws these types.

// group is a set of charts with a common legend.
type group struct {
	ID     string  `json:"id"`
	Legend []entry `json:"legend,omitempty"`
	// Depth means that the entries are layers, coloured from the first to the last.
	Depth  bool    `json:"depth,omitempty"`
	Charts []chart `json:"charts"`
}

// entry is a line of a legend. Series with its key belong to it.
type entry struct {
	Key   string `json:"key"`
	Color int    `json:"color"`           // index in the palette, or -1 for the color of the text
	Hide  bool   `json:"hide,omitempty"`  // at first
	Muted bool   `json:"muted,omitempty"` // drawn in grey
}

// colors is the number of colours in the palette. Higher indices repeat them with dashes.
const colors = 6

// chart is a picture with two axes.
type chart struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Note   string   `json:"note,omitempty"`
	Label  string   `json:"label"` // for screen readers
	X      axis     `json:"x"`
	Y      axis     `json:"y"`
	Square bool     `json:"square,omitempty"`
	Series []series `json:"series"`
	Boxes  []box    `json:"boxes,omitempty"`
	Marks  []mark   `json:"marks,omitempty"`
}

// axis has a name. It spans at least Min to Max if Fixed, otherwise the data.
type axis struct {
	Name  string  `json:"name"`
	Log   bool    `json:"log,omitempty"`
	Fixed bool    `json:"fixed,omitempty"`
	Whole bool    `json:"whole,omitempty"` // of whole numbers
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
}

// series is a line, or points.
type series struct {
	Key    string   `json:"key"`
	Style  string   `json:"style,omitempty"` // "" for a line, or one of the constants below
	X      []number `json:"px"`
	Y      []number `json:"py"`
	Low    []number `json:"low,omitempty"` // an area around the line
	High   []number `json:"high,omitempty"`
	Weight []number `json:"weight,omitempty"` // text that a tooltip adds for a point
}

// The styles of series.
const (
	points    = "points"
	markers   = "markers"   // a line with points
	reference = "reference" // a thin dashed line without tooltip
	path      = "path"      // a line with an arrow's head at its end
	fine      = "fine"      // a thin line
	steps     = "steps"     // a line that is level up to each point
)

// box is a target area. A side that is null lies at the edge of the chart.
type box struct {
	Name   string  `json:"name"`
	Left   *number `json:"left"`
	Right  *number `json:"right"`
	Bottom *number `json:"bottom"`
	Top    *number `json:"top"`
}

// mark is a named point.
type mark struct {
	Name string `json:"name"`
	X    number `json:"x"`
	Y    number `json:"y"`
}

func side(v float64) *number { n := number(v); return &n }
