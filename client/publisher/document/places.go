package document

import (
	"math/big"
	"regexp"
	"strings"

	"github.com/alita-network/alita/x/metadata/types"
)

// degree is the number of units of a box in a degree.
const degree = 10_000_000

// box is a box with exact ends, in degrees.
type box struct{ south, west, north, east *big.Rat }

// places maps spatialCoverage: names, boxes, polygons, lines and points. Several shapes give the box around all.
func (im *importer) places(values []node) {
	var all *box
	var last *Value
	shapes := 0
	for _, n := range values {
		if text, ok := im.placeName(n); ok {
			im.placeNamed(n.v, text)
		}
		if n.v.Kind != Object {
			continue
		}
		for _, b := range im.shapes(n) {
			shapes++
			last = n.v
			all = around(all, b)
		}
	}
	if all == nil {
		return
	}
	if shapes > 1 {
		im.note(last, "%d shapes were carried as the box around all of them", shapes)
	}
	west, south := floor(all.west), floor(all.south)
	east, north := ceil(all.east), ceil(all.north)
	im.out.SpatialCoverage = &types.GeoBox{West: west, South: south, East: east, North: north}
	im.from("$.spatial_coverage", last)
}

func (im *importer) placeName(n node) (string, bool) {
	if text, _, _, ok := im.text(n); ok {
		im.settle(n.v)
		return im.clean(n.v, text, false, true), true
	}
	for _, p := range im.props(n, "name") {
		return im.plain(p)
	}
	return "", false
}

func (im *importer) placeNamed(v *Value, name string) {
	switch {
	case name == "" || name == im.out.SpatialName:
	case len([]rune(name)) > types.MaxSpatialName:
		im.note(v, "not carried: a place name of more than %d characters", types.MaxSpatialName)
	case im.out.SpatialName == "":
		im.out.SpatialName = name
		im.from("$.spatial_name", v)
	default:
		im.note(v, "not carried: a record names one place, the first was taken")
	}
}

// shapes reads the geometry of a Place.
func (im *importer) shapes(place node) []*box {
	var out []*box
	geo := im.props(place, "geo")
	if im.graph.is(place, "GeoShape", "GeoCoordinates") {
		geo = append(geo, place)
	}
	if b := im.point(place); b != nil {
		out = append(out, b)
	}
	for _, g := range geo {
		if g.v.Kind != Object {
			continue
		}
		im.inspect(g.v)
		if g.v != place.v {
			if b := im.point(g); b != nil {
				out = append(out, b)
			}
		}
		for _, term := range [...]string{"box", "polygon", "line"} {
			for _, p := range im.props(g, term) {
				if b := im.shape(p, term, len(out) > 0); b != nil {
					out = append(out, b)
				}
			}
		}
	}
	return out
}

// point reads latitude and longitude.
func (im *importer) point(n node) *box {
	var at [2]*big.Rat
	var from [2]node
	for i, term := range [...]string{"latitude", "longitude"} {
		for _, p := range im.props(n, term) {
			if text, _, _, ok := im.text(p); ok {
				if at[i] = decimal(text); at[i] != nil {
					from[i] = p
				}
			}
		}
	}
	if at[0] == nil || at[1] == nil {
		return nil
	}
	if !within(at[0], 90) || !within(at[1], 180) {
		im.drop(from[0].v, "latitude and longitude lie outside of 90 and 180 degrees")
		im.settle(from[1].v)
		return nil
	}
	im.settle(from[0].v)
	im.settle(from[1].v)
	return &box{at[0], at[1], at[0], at[1]}
}

// shape reads a list of points, each latitude before longitude; a box has two, its lower and its upper corner.
// If a place has a box, its polygon or line describes the same place more closely; a record holds the box.
func (im *importer) shape(n node, term string, have bool) *box {
	text, _, _, ok := im.text(n)
	if !ok {
		return nil
	}
	im.settle(n.v)
	if have && term != "box" {
		im.note(n.v, "not carried: a record holds the box only")
		return nil
	}
	fields := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' || r == '\r' })
	numbers := make([]*big.Rat, len(fields))
	for i, f := range fields {
		if numbers[i] = decimal(f); numbers[i] == nil {
			im.note(n.v, "not carried: %q is no decimal number", printable(f, 40))
			return nil
		}
	}
	if len(numbers) < 4 || len(numbers)%2 != 0 || term == "box" && len(numbers) != 4 {
		im.note(n.v, "not carried: %d numbers; a box is \"south west north east\" and a line or polygon is pairs of latitude and longitude", len(numbers))
		return nil
	}
	for i, v := range numbers {
		if !within(v, [2]int64{90, 180}[i%2]) {
			im.note(n.v, "not carried: %s lies outside of 90 degrees latitude and 180 longitude; latitude comes first", printable(fields[i], 40))
			return nil
		}
	}
	if term == "box" {
		if numbers[0].Cmp(numbers[2]) > 0 {
			im.note(n.v, "not carried: south lies north of north; a box is \"south west north east\"")
			return nil
		}
		return &box{numbers[0], numbers[1], numbers[2], numbers[3]}
	}
	var b *box
	for i := 0; i < len(numbers); i += 2 {
		b = around(b, &box{numbers[i], numbers[i+1], numbers[i], numbers[i+1]})
	}
	im.note(n.v, "the %s was carried as the box around it", term)
	return b
}

// around returns the box around two boxes. If one of them crosses the antimeridian, the result has every longitude.
func around(a, b *box) *box {
	if a == nil {
		return b
	}
	lo := func(x, y *big.Rat) *big.Rat {
		if x.Cmp(y) < 0 {
			return x
		}
		return y
	}
	hi := func(x, y *big.Rat) *big.Rat {
		if x.Cmp(y) > 0 {
			return x
		}
		return y
	}
	out := &box{lo(a.south, b.south), lo(a.west, b.west), hi(a.north, b.north), hi(a.east, b.east)}
	if a.west.Cmp(a.east) > 0 || b.west.Cmp(b.east) > 0 {
		// The exact union may need more than one box.
		out.west, out.east = big.NewRat(-180, 1), big.NewRat(180, 1)
	}
	return out
}

var decimalForm = regexp.MustCompile(`^[+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,2})?$`)

// decimal reads a decimal number exactly, or returns nil.
func decimal(s string) *big.Rat {
	s = trim(s)
	if !decimalForm.MatchString(s) {
		return nil
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

func within(r *big.Rat, most int64) bool {
	return new(big.Rat).Abs(r).Cmp(big.NewRat(most, 1)) <= 0
}

// floor and ceil round to 1e-7 degrees such that the box never gets smaller.
func floor(r *big.Rat) int32 {
	scaled := new(big.Rat).Mul(r, big.NewRat(degree, 1))
	// Int.Div rounds toward minus infinity for positive divisors.
	return int32(new(big.Int).Div(scaled.Num(), scaled.Denom()).Int64())
}

func ceil(r *big.Rat) int32 { return -floor(new(big.Rat).Neg(r)) }
