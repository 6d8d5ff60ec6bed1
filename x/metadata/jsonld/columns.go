package jsonld

import (
	"fmt"
	"strings"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// ColumnType is the type of a column's values.
type ColumnType = datapooltypes.ColumnType

// described is a column as a document describes it, with its place there.
type described struct {
	Column
	at *Value
}

// variables maps Croissant's record sets and variableMeasured to columns, and both to the file's header where that
// is known.
func (im *importer) variables(n node) {
	columns := im.recordSets(im.props(n, "cr:recordSet"))
	measured := im.measured(im.props(n, "variableMeasured"))
	for i := range columns {
		for _, m := range measured {
			if m.Name == columns[i].Name {
				fill(&columns[i].Column, m.Column)
			}
		}
	}
	if len(columns) == 0 {
		columns = measured
	} else {
		for _, m := range measured {
			if !hasColumn(columns, m.Name) {
				im.drop(m.at, "no field of the record set has this name")
			}
		}
	}
	if im.opts.Header == nil {
		for _, c := range columns {
			im.column(c)
		}
		return
	}
	im.header(columns)
}

func (im *importer) column(c described) {
	if c.at != nil {
		im.from(fmt.Sprintf("$.columns[%d]", len(im.out.Columns)), c.at)
	}
	im.out.Columns = append(im.out.Columns, c.Column)
}

// header makes the core's columns those of the file. A described column that the file does not have refuses the
// record: the document is about other data then.
func (im *importer) header(columns []described) {
	inFile := make(map[string]bool, len(im.opts.Header))
	for _, name := range im.opts.Header {
		inFile[name] = true
		c := described{Column: Column{Name: name}}
		for _, d := range columns {
			if d.Name == name {
				c = d
				break
			}
		}
		if c.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED {
			c.Type = im.opts.Types[name]
		}
		im.column(c)
	}
	for _, c := range columns {
		if !inFile[c.Name] {
			im.refuse(c.at, types.FlagFile, "the file has no column %q; it has %s", printable(c.Name, 60), listed(im.opts.Header))
		}
	}
}

func listed(names []string) string {
	const most = 12
	parts := make([]string, 0, most+1)
	for i, n := range names {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		parts = append(parts, `"`+printable(n, 40)+`"`)
	}
	return strings.Join(parts, ", ")
}

func hasColumn(columns []described, name string) bool {
	for _, c := range columns {
		if c.Name == name {
			return true
		}
	}
	return false
}

// fill takes from b what a lacks.
func fill(a *Column, b Column) {
	if a.Unit == "" {
		a.Unit = b.Unit
	}
	if a.Description == "" {
		a.Description = b.Description
	}
	if a.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED {
		a.Type = b.Type
	}
	a.Sensitive = a.Sensitive || b.Sensitive
}

// measured reads variableMeasured: names, or PropertyValues and StatisticalVariables.
func (im *importer) measured(values []node) []described {
	var out []described
	add := func(c Column, v *Value) {
		if hasColumn(out, c.Name) {
			im.note(v, "not carried: the variable %q occurs twice", printable(c.Name, 60))
			return
		}
		out = append(out, described{c, v})
	}
	for _, n := range values {
		if text, _, markup, ok := im.text(n); ok {
			im.take(n.v)
			if name := im.clean(n.v, text, markup, false); name != "" {
				add(Column{Name: name}, n.v)
			}
			continue
		}
		if n.v.Kind != Object {
			continue
		}
		var c Column
		// Some repositories put the name where a value would stand.
		for _, term := range [...]string{"name", "value", "alternateName"} {
			if c.Name == "" {
				c.Name = normalize(im.one(n, term), false)
			}
		}
		if c.Name == "" {
			im.note(n.v, "not carried: the variable has no name")
			continue
		}
		im.describe(n, &c)
		add(c, n.v)
	}
	return out
}

// describe reads the unit, the description, the type and the sensitivity of a variable or field.
func (im *importer) describe(n node, c *Column) {
	text := func(v *Value, what, s string, most int) string {
		if len([]rune(s)) > most {
			im.note(v, "not carried: a %s of more than %d characters", what, most)
			return ""
		}
		return s
	}
	unit := normalize(im.one(n, "unitText"), false)
	if code := normalize(im.one(n, "unitCode"), false); unit == "" {
		unit = code
	} else if code != "" && code != unit {
		im.note(n.v, "not carried: a unit code beside the unit's name")
	}
	c.Unit = text(n.v, "unit", unit, types.MaxUnit)
	c.Description = text(n.v, "description", im.one(n, "description"), types.MaxColumnText)
	if strings.EqualFold(im.one(n, termSensitive), "true") {
		c.Sensitive = true
	}
	for _, p := range im.props(n, "cr:dataType") {
		t, ok := dataType(p, im)
		switch {
		case !ok:
		case c.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED:
			c.Type = t
			im.take(p.v)
		case c.Type == t:
			im.take(p.v)
		case c.Type == datapooltypes.COLUMN_TYPE_TEXT && t == datapooltypes.COLUMN_TYPE_CATEGORY:
			c.Type = t // a category whose values are texts
			im.take(p.v)
		}
	}
}

// one reads the first of a property's values that is text; further ones are left over.
func (im *importer) one(n node, term string) string {
	for _, p := range im.props(n, term) {
		if text, _, markup, ok := im.text(p); ok {
			im.take(p.v)
			return im.clean(p.v, text, markup, true)
		}
		for _, t := range im.localized("", []node{p}, true) {
			return t.Text
		}
	}
	return ""
}

// dataType maps the types of schema.org, Croissant and XML Schema.
func dataType(n node, im *importer) (ColumnType, bool) {
	name := n.v.Text
	if n.v.Kind == Object {
		name = im.doc.id(n)
	}
	term := n.sc.term(name)
	term = strings.TrimPrefix(term, "http://www.w3.org/2001/XMLSchema#")
	term = strings.TrimPrefix(term, "xsd:")
	t, ok := dataTypes[term]
	return t, ok
}

var dataTypes = map[string]ColumnType{
	"Integer": datapooltypes.COLUMN_TYPE_INTEGER, "cr:Int8": datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:Int16": datapooltypes.COLUMN_TYPE_INTEGER, "cr:Int32": datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:Int64": datapooltypes.COLUMN_TYPE_INTEGER, "cr:UInt8": datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:UInt16": datapooltypes.COLUMN_TYPE_INTEGER, "cr:UInt32": datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:UInt64": datapooltypes.COLUMN_TYPE_INTEGER, "integer": datapooltypes.COLUMN_TYPE_INTEGER,
	"int": datapooltypes.COLUMN_TYPE_INTEGER, "long": datapooltypes.COLUMN_TYPE_INTEGER,
	"Number": datapooltypes.COLUMN_TYPE_DECIMAL, "Float": datapooltypes.COLUMN_TYPE_DECIMAL,
	"cr:Float16": datapooltypes.COLUMN_TYPE_DECIMAL, "cr:Float32": datapooltypes.COLUMN_TYPE_DECIMAL,
	"cr:Float64": datapooltypes.COLUMN_TYPE_DECIMAL, "decimal": datapooltypes.COLUMN_TYPE_DECIMAL,
	"float": datapooltypes.COLUMN_TYPE_DECIMAL, "double": datapooltypes.COLUMN_TYPE_DECIMAL,
	"Boolean": datapooltypes.COLUMN_TYPE_BOOLEAN, "boolean": datapooltypes.COLUMN_TYPE_BOOLEAN,
	"Text": datapooltypes.COLUMN_TYPE_TEXT, "URL": datapooltypes.COLUMN_TYPE_TEXT, "string": datapooltypes.COLUMN_TYPE_TEXT,
	"Date": datapooltypes.COLUMN_TYPE_DATETIME, "DateTime": datapooltypes.COLUMN_TYPE_DATETIME,
	"Time": datapooltypes.COLUMN_TYPE_DATETIME, "date": datapooltypes.COLUMN_TYPE_DATETIME,
	"dateTime": datapooltypes.COLUMN_TYPE_DATETIME, "Enumeration": datapooltypes.COLUMN_TYPE_CATEGORY,
}
