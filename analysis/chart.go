package analysis

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// The size of a chart and of its margins, in pixels.
const (
	chartWidth, chartHeight                        = 720, 400
	marginLeft, marginRight, marginTop, marginFoot = 150, 30, 40, 60
)

// chart draws data on two linear axes as SVG.
type chart struct {
	title, below, left string
	note               string
	x0, x1, y0, y1     float64
	body               bytes.Buffer
	rowNames           []string // names along the left axis instead of numbers, from the top
	columnNames        []string // names along the axis below instead of numbers, in the middle of each unit
}

func newChart(title, below, left string) *chart {
	return &chart{title: title, below: below, left: left, x1: 1, y1: 1}
}

// ranges sets the axes; an empty range is widened.
func (c *chart) ranges(x0, x1, y0, y1 float64) {
	if !(x1 > x0) {
		x1 = x0 + 1
	}
	if !(y1 > y0) {
		y1 = y0 + 1
	}
	c.x0, c.x1, c.y0, c.y1 = x0, x1, y0, y1
}

func (c *chart) x(v float64) float64 {
	return marginLeft + (v-c.x0)/(c.x1-c.x0)*(chartWidth-marginLeft-marginRight)
}

func (c *chart) y(v float64) float64 {
	return chartHeight - marginFoot - (v-c.y0)/(c.y1-c.y0)*(chartHeight-marginTop-marginFoot)
}

func px(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

func (c *chart) line(x1, y1, x2, y2 float64, style string) {
	fmt.Fprintf(&c.body, `<line x1="%s" y1="%s" x2="%s" y2="%s" %s/>`+"\n", px(x1), px(y1), px(x2), px(y2), style)
}

func (c *chart) text(x, y float64, anchor, s string) {
	fmt.Fprintf(&c.body, `<text x="%s" y="%s" text-anchor="%s">%s</text>`+"\n", px(x), px(y), anchor, escape(s))
}

// bar draws a bar from the bottom. A viewer shows its title under the pointer.
func (c *chart) bar(from, to, value float64, title string) {
	c.cell(from, to, c.y0, value, barColor, title)
}

// shorten cuts a name so that it fits a width.
func shorten(name string, width float64) string {
	const perRune = 6.5
	runes := []rune(name)
	if most := max(1, int(width/perRune)); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

const barColor = "#4878a8"

// cell fills a rectangle. A viewer shows its title under the pointer.
func (c *chart) cell(x0, x1, y0, y1 float64, color, title string) {
	top, bottom := min(c.y(y0), c.y(y1)), max(c.y(y0), c.y(y1))
	fmt.Fprintf(&c.body, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" stroke="#fff" stroke-width="0.5"><title>%s</title></rect>`+"\n",
		px(c.x(x0)), px(top), px(c.x(x1)-c.x(x0)), px(bottom-top), color, escape(title))
}

func (c *chart) dot(x, y float64, title string) {
	fmt.Fprintf(&c.body, `<circle cx="%s" cy="%s" r="4" fill="#4878a8"><title>%s</title></circle>`+"\n", px(c.x(x)), px(c.y(y)), escape(title))
}

// ticks returns some five round numbers in a range.
func ticks(from, to float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((to-from)/5)))
	for _, m := range []float64{1, 2, 5, 10} {
		if (to-from)/(step*m) <= 6 {
			step *= m
			break
		}
	}
	var out []float64
	for i := math.Ceil(from / step); i*step <= to*(1+1e-12) && len(out) < 20; i++ {
		out = append(out, i*step)
	}
	return out
}

const axisStyle = `stroke="#999"`

// svg returns the drawing: the axes, their names, and the marks drawn so far.
func (c *chart) svg() []byte {
	data := c.body.String()
	c.body.Reset()
	left, right, bottom := c.x(c.x0), c.x(c.x1), c.y(c.y0)
	c.line(left, bottom, right, bottom, axisStyle)
	c.line(left, bottom, left, c.y(c.y1), axisStyle)
	for i, name := range c.columnNames {
		c.text(c.x(float64(i)+0.5), bottom+18, "middle", shorten(name, (right-left)/float64(len(c.columnNames))))
	}
	if c.columnNames == nil {
		for _, v := range ticks(c.x0, c.x1) {
			c.line(c.x(v), bottom, c.x(v), bottom+5, axisStyle)
			c.text(c.x(v), bottom+18, "middle", strconv.FormatFloat(v, 'g', 6, 64))
		}
	}
	if c.rowNames == nil {
		for _, v := range ticks(c.y0, c.y1) {
			c.line(left-5, c.y(v), left, c.y(v), axisStyle)
			c.text(left-8, c.y(v)+4, "end", strconv.FormatFloat(v, 'g', 8, 64))
		}
	}
	for i, name := range c.rowNames {
		c.text(left-8, c.y(float64(i))+4, "end", shorten(name, marginLeft-8))
	}
	c.text((left+right)/2, 22, "middle", c.title)
	c.text((left+right)/2, chartHeight-22, "middle", c.below)
	c.text(8, 22, "start", c.left)
	c.text((left+right)/2, chartHeight-6, "middle", c.note)
	frame := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+
		"\n"+`<rect width="100%%" height="100%%" fill="#fff"/>`+"\n", chartWidth, chartHeight, chartWidth, chartHeight)
	return []byte(frame + c.body.String() + data + "</svg>\n")
}

// stack puts one drawing above another.
func stack(top, bottom []byte) []byte {
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n%s<g transform=\"translate(0 %d)\">\n%s</g>\n</svg>\n",
		chartWidth, 2*chartHeight, chartWidth, 2*chartHeight, top, chartHeight, bottom)
}

func maximum(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = math.Max(most, v)
	}
	return most
}

// estimate is a coefficient divided by its standard error.
type estimate struct {
	name  string
	value float64
}

// confidence95 is the 97.5 % quantile of the normal distribution.
const confidence95 = 1.959963984540054

// plotEstimates draws each coefficient in units of its standard error, with its 95 % interval. Coefficients in their own units do not share
// an axis, and without the rows there are no points to draw a line through.
func plotEstimates(response string, all []estimate) []byte {
	c := newChart("coefficients for "+response, "estimate / standard error, with its 95 % interval", "")
	low, high := -3.0, 3.0
	for _, e := range all {
		low, high = math.Min(low, e.value-3), math.Max(high, e.value+3)
		c.rowNames = append(c.rowNames, e.name)
	}
	c.ranges(low, high, float64(len(all))-0.5, -0.5)
	// The first coefficient is on top.
	c.y0, c.y1 = float64(len(all))-0.5, -0.5
	c.line(c.x(0), c.y(c.y0), c.x(0), c.y(c.y1), axisStyle+` stroke-dasharray="4 3"`)
	for i, e := range all {
		at := c.y(float64(i))
		c.line(c.x(e.value-confidence95), at, c.x(e.value+confidence95), at, `stroke="#4878a8" stroke-width="2"`)
		c.dot(e.value, float64(i), e.name+": "+strconv.FormatFloat(e.value, 'g', 4, 64))
	}
	return c.svg()
}

// plotLoss draws the loss of each round.
func plotLoss(rounds []Round) []byte {
	c := newChart("loss per round", "round", "")
	if len(rounds) == 0 {
		return c.svg()
	}
	c.left = rounds[0].LossName
	low, high := rounds[0].Loss, rounds[0].Loss
	for _, r := range rounds {
		low, high = math.Min(low, r.Loss), math.Max(high, r.Loss)
	}
	pad := (high - low) / 20
	c.ranges(0.5, float64(len(rounds))+0.5, low-pad, high+pad)
	for i, r := range rounds {
		if i > 0 {
			c.line(c.x(float64(i)), c.y(rounds[i-1].Loss), c.x(float64(i+1)), c.y(r.Loss), `stroke="#4878a8"`)
		}
		c.dot(float64(i+1), r.Loss, fmt.Sprintf("round %d: %s", i+1, formatFloat(r.Loss)))
	}
	return c.svg()
}

// plotTable draws the cells of a table that lie in bins, the darker the more rows they have, each with its count.
func plotTable(names []string, t CrossTable) []byte {
	rows, columns := t.Axes[0].Bins, t.Axes[1].Bins
	c := newChart(names[0]+" and "+names[1], names[1], names[0])
	most := 0.0
	for _, counts := range t.Counts[:rows] {
		for _, n := range counts[:columns] {
			most = max(most, float(new(big.Rat).SetInt(n)))
		}
	}
	for i := range rows {
		c.rowNames = append(c.rowNames, t.label(0, i))
	}
	for j := range columns {
		c.columnNames = append(c.columnNames, t.label(1, j))
	}
	c.ranges(0, float64(columns), 0, 1)
	// The first row is on top.
	c.y0, c.y1 = float64(rows)-0.5, -0.5
	for i, counts := range t.Counts[:rows] {
		for j, n := range counts[:columns] {
			part := 0.0
			if most > 0 {
				part = float(new(big.Rat).SetInt(n)) / most
			}
			// From white to the colour of bars.
			shade := func(to float64) int { return int(math.Round(255 + part*(to-255))) }
			c.cell(float64(j), float64(j+1), float64(i)-0.5, float64(i)+0.5, fmt.Sprintf("#%02x%02x%02x", shade(0x48), shade(0x78), shade(0xa8)),
				c.rowNames[i]+", "+c.columnNames[j]+": "+n.String())
			c.text(c.x(float64(j)+0.5), c.y(float64(i))+4, "middle", n.String())
		}
	}
	return c.svg()
}
