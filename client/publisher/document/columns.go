package document

import (
	"fmt"
	"strings"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// describedColumn is a column as a document describes it, with its place there.
type describedColumn struct {
	types.Column
	at *Value
}

// columnSet holds the columns that a document describes, in its order. Their names differ.
type columnSet struct {
	columns []describedColumn
	byName  map[string]int
}

// add appends a column, and reports whether its name is new.
func (s *columnSet) add(c types.Column, at *Value) bool {
	if _, ok := s.byName[c.Name]; ok {
		return false
	}
	if s.byName == nil {
		s.byName = make(map[string]int)
	}
	s.byName[c.Name] = len(s.columns)
	s.columns = append(s.columns, describedColumn{c, at})
	return true
}

// named returns the column of a name, or nil.
func (s *columnSet) named(name string) *describedColumn {
	if i, ok := s.byName[name]; ok {
		return &s.columns[i]
	}
	return nil
}

// variables maps Croissant's record sets and variableMeasured to columns, and both to the file's header if that is
// known.
func (im *importer) variables(n node) {
	fields := im.recordSets(im.props(n, "cr:recordSet"))
	measured := im.measured(im.props(n, "variableMeasured"))
	if len(fields.columns) == 0 {
		fields = measured
	} else {
		for _, m := range measured.columns {
			if c := fields.named(m.Name); c != nil {
				complete(&c.Column, m.Column)
			} else {
				im.drop(m.at, "no field of the record set has this name")
			}
		}
	}
	if im.opts.Header != nil {
		im.header(fields)
		return
	}
	for _, c := range fields.columns {
		im.column(c)
	}
}

func (im *importer) column(c describedColumn) {
	if c.at != nil {
		im.from(fmt.Sprintf("$.columns[%d]", len(im.out.Columns)), c.at)
	}
	im.out.Columns = append(im.out.Columns, c.Column)
}

// header gives the core the file's columns. A described column that the file does not have refuses the record: the
// document is about other data then.
func (im *importer) header(described columnSet) {
	inFile := make(map[string]bool, len(im.opts.Header))
	for _, name := range im.opts.Header {
		inFile[name] = true
		c := describedColumn{Column: types.Column{Name: name}}
		if d := described.named(name); d != nil {
			c = *d
		}
		if c.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED {
			c.Type = im.opts.Types[name]
		}
		im.column(c)
	}
	for _, c := range described.columns {
		if !inFile[c.Name] {
			im.refuse(c.at, flagFile, "expected a column of the file, %s, got %q", listed(im.opts.Header), printable(c.Name, 60))
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

// complete takes from b what a lacks.
func complete(a *types.Column, b types.Column) {
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
func (im *importer) measured(values []node) columnSet {
	var out columnSet
	add := func(c types.Column, v *Value) {
		if !out.add(c, v) {
			im.note(v, "not carried: the variable %q occurs twice", printable(c.Name, 60))
		}
	}
	for _, n := range values {
		if text, _, markup, ok := im.text(n); ok {
			im.settle(n.v)
			if name := im.clean(n.v, text, markup, false); name != "" {
				add(types.Column{Name: name}, n.v)
			}
			continue
		}
		if n.v.Kind != Object {
			continue
		}
		var c types.Column
		// Some repositories give the name as the value.
		for _, term := range [...]string{"name", "value", "alternateName"} {
			if c.Name == "" {
				c.Name = normalize(im.firstText(n, term), false)
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
func (im *importer) describe(n node, c *types.Column) {
	unit := normalize(im.firstText(n, "unitText"), false)
	if code := normalize(im.firstText(n, "unitCode"), false); unit == "" {
		unit = code
	} else if code != "" && code != unit {
		im.note(n.v, "not carried: a unit code in addition to the unit's name")
	}
	c.Unit = im.columnText(n.v, "unit", unit, types.MaxUnit)
	c.Description = im.columnText(n.v, "description", im.firstText(n, "description"), types.MaxColumnText)
	if strings.EqualFold(im.firstText(n, vocab.Sensitive), "true") {
		c.Sensitive = true
	}
	for _, p := range im.props(n, "cr:dataType") {
		t, ok := im.dataType(p)
		switch {
		case !ok:
		case c.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED:
			c.Type = t
			im.settle(p.v)
		case c.Type == t:
			im.settle(p.v)
		case c.Type == datapooltypes.COLUMN_TYPE_TEXT && t == datapooltypes.COLUMN_TYPE_CATEGORY:
			c.Type = t // a category whose values are texts
			im.settle(p.v)
		}
	}
}

// columnText returns a text about a column if it has at most so many characters; a longer one is noted and dropped.
func (im *importer) columnText(v *Value, what, s string, most int) string {
	if len([]rune(s)) > most {
		im.note(v, "not carried: a %s of more than %d characters", what, most)
		return ""
	}
	return s
}

// firstText reads the first of a property's values that is text; further ones are left over.
func (im *importer) firstText(n node, term string) string {
	for _, p := range im.props(n, term) {
		if text, _, markup, ok := im.text(p); ok {
			im.settle(p.v)
			return im.clean(p.v, text, markup, true)
		}
		for _, t := range im.localized("", []node{p}, true) {
			return t.Text
		}
	}
	return ""
}

// dataType maps the types of schema.org, Croissant and XML Schema.
func (im *importer) dataType(n node) (datapooltypes.ColumnType, bool) {
	name := n.v.Text
	if n.v.Kind == Object {
		name = im.graph.id(n)
	}
	term := n.sc.term(name)
	term = strings.TrimPrefix(term, "http://www.w3.org/2001/XMLSchema#")
	term = strings.TrimPrefix(term, "xsd:")
	t, ok := dataTypes[term]
	return t, ok
}

var dataTypes = map[string]datapooltypes.ColumnType{
	"Integer":     datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:Int8":     datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:Int16":    datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:Int32":    datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:Int64":    datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:UInt8":    datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:UInt16":   datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:UInt32":   datapooltypes.COLUMN_TYPE_INTEGER,
	"cr:UInt64":   datapooltypes.COLUMN_TYPE_INTEGER,
	"integer":     datapooltypes.COLUMN_TYPE_INTEGER,
	"int":         datapooltypes.COLUMN_TYPE_INTEGER,
	"long":        datapooltypes.COLUMN_TYPE_INTEGER,
	"Number":      datapooltypes.COLUMN_TYPE_DECIMAL,
	"Float":       datapooltypes.COLUMN_TYPE_DECIMAL,
	"cr:Float16":  datapooltypes.COLUMN_TYPE_DECIMAL,
	"cr:Float32":  datapooltypes.COLUMN_TYPE_DECIMAL,
	"cr:Float64":  datapooltypes.COLUMN_TYPE_DECIMAL,
	"decimal":     datapooltypes.COLUMN_TYPE_DECIMAL,
	"float":       datapooltypes.COLUMN_TYPE_DECIMAL,
	"double":      datapooltypes.COLUMN_TYPE_DECIMAL,
	"Boolean":     datapooltypes.COLUMN_TYPE_BOOLEAN,
	"boolean":     datapooltypes.COLUMN_TYPE_BOOLEAN,
	"Text":        datapooltypes.COLUMN_TYPE_TEXT,
	"URL":         datapooltypes.COLUMN_TYPE_TEXT,
	"string":      datapooltypes.COLUMN_TYPE_TEXT,
	"Date":        datapooltypes.COLUMN_TYPE_DATETIME,
	"DateTime":    datapooltypes.COLUMN_TYPE_DATETIME,
	"Time":        datapooltypes.COLUMN_TYPE_DATETIME,
	"date":        datapooltypes.COLUMN_TYPE_DATETIME,
	"dateTime":    datapooltypes.COLUMN_TYPE_DATETIME,
	"Enumeration": datapooltypes.COLUMN_TYPE_CATEGORY,
}
