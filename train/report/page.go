package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Points per line: for a file, and for a live page, which is rendered several times a second.
const (
	linePoints = 1000
	livePoints = 300
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

//go:embed plot.js
var plotJS string

//go:embed page.js
var pageJS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// page is the data of the template.
type page struct {
	Policy string
	Live   bool
	CSS    template.CSS
	JS     template.JS
	Parts  parts
	Data   payload
}

// payload is the data that the page draws, as JSON.
type payload struct {
	Groups     []group          `json:"groups"`
	Histograms []histogramChart `json:"histograms"`
	// Parts are the parts of the page that a live page replaces, by element id. A file already contains them.
	Parts map[string]string `json:"parts,omitempty"`
}

// histogramChart is a Histogram in JSON form.
type histogramChart struct {
	Group  string `json:"group"`
	Name   string `json:"name"`
	Low    number `json:"low"`
	High   number `json:"high"`
	Counts []int  `json:"counts"`
	Mean   number `json:"mean"`
	Std    number `json:"std"`
}

// Write writes the page of a run to a file, which appears only when it is complete. It returns an error for a result whose parts do not fit
// together.
func Write(path string, r Run) error {
	var b bytes.Buffer
	if err := Render(&b, r); err != nil {
		return err
	}
	return errors.Wrap(output.Write(path, func(w io.Writer) error {
		_, err := b.WriteTo(w)
		return err
	}), "report")
}

// Render writes the page of a run.
// It returns an error for a result whose parts do not fit together.
func Render(w io.Writer, r Run) error { return render(w, r, linePoints, false) }

func render(w io.Writer, r Run, limit int, live bool) error {
	if w == nil {
		return errors.New("report: the writer is nil")
	}
	parts, data, err := build(&r, limit)
	if err != nil {
		return errors.Wrap(err, "report")
	}
	js := plotJS + pageJS
	p := page{Live: live, CSS: template.CSS(pageCSS), JS: template.JS(js), Policy: policy(js), Parts: parts, Data: data}
	return errors.Wrap(pageTemplate.Execute(w, p), "report")
}

// policy is the content security policy: this script and this style, and no requests but those of the live page to its server.
func policy(js string) string {
	return fmt.Sprintf("default-src 'none'; script-src 'sha256-%s'; style-src 'sha256-%s'; img-src data:; connect-src 'self'; "+
		"base-uri 'none'; form-action 'none'", digest(js), digest(pageCSS))
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// build computes the content of the page. limit is the number of points per line.
func build(r *Run, limit int) (parts, payload, error) {
	var data payload
	r.Results = eachOutput(r.Results)
	p := newParts(r)
	for _, g := range []*group{networksGroup(r, limit), trainingGroup(r, limit), layerGroup(r, limit), depthGroup(r), densityGroup(r)} {
		if g != nil {
			data.Groups = append(data.Groups, *g)
		}
	}
	curves := 0
	for _, result := range r.Results {
		if result.Result != nil {
			curves += 2 * min(result.Outputs, maxCurves)
		}
	}
	for i, result := range r.Results {
		v, err := newResultView(fmt.Sprintf("result%d", i), result, pointsPerLine(curves, limit/2, 40*linePoints))
		if err != nil {
			return p, data, err
		}
		p.Results = append(p.Results, v)
		data.Groups = append(data.Groups, v.charts)
	}
	var err error
	if p.Bars, err = newContributions(r.Contributions); err != nil {
		return p, data, err
	}
	for i, h := range r.Histograms {
		if i < 2*maxLayers {
			data.Histograms = append(data.Histograms, histogramChart{
				shorten(h.Group, maxName), shorten(h.Name, maxName), number(h.Low), number(h.High), h.Counts, number(h.Mean), number(h.Std)})
		}
	}
	return p, data, nil
}

// update is the JSON that a live page gets.
func update(r *Run) (payload, error) {
	p, data, err := build(r, livePoints)
	if err != nil {
		return data, err
	}
	data.Parts = map[string]string{}
	for _, name := range []string{"title", "about", "banner", "status", "tiles", "warnings", "results", "contributions", "members", "last", "moments", "epochs"} {
		var b bytes.Buffer
		if err := pageTemplate.ExecuteTemplate(&b, name, p); err != nil {
			return data, err
		}
		data.Parts[name] = b.String()
	}
	return data, nil
}
