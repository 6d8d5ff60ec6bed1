package jsonld

import (
	"fmt"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
)

// croissantTerms are the terms of Croissant 1.1 that its documents use bare.
var croissantTerms = []string{
	"citeAs", "column", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes",
	"isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated",
	"replace", "separator", "source", "subField", "transform",
}

// croissantContext is the context that Croissant 1.1 prescribes, as far as it bears on these documents. The default
// language is the title's.
func croissantContext(language string) object {
	out := object{}.with("@language", language)
	out = append(out,
		field{"@vocab", vocab.SchemaHTTPS},
		field{"sc", vocab.SchemaHTTPS},
		field{"cr", vocab.Croissant},
		field{"dct", vocab.DCTerms},
		field{"conformsTo", "dct:conformsTo"},
		field{"data", object{{"@id", "cr:data"}, {"@type", "@json"}}},
		field{"dataType", object{{"@id", "cr:dataType"}, {"@type", "@vocab"}}},
		field{"examples", object{{"@id", "cr:examples"}, {"@type", "@json"}}},
	)
	for _, t := range croissantTerms {
		out = append(out, field{t, "cr:" + t})
	}
	return out
}

// croissant writes the profile Croissant 1.1.
func (e exporter) croissant() object {
	language := ""
	if len(e.core.Names) > 0 {
		language = e.core.Names[0].Language
	}
	out := object{
		{"@context", croissantContext(language)},
		{"@type", "sc:Dataset"},
		{"@id", e.iri()},
		{"conformsTo", "http://mlcommons.org/croissant/1.1"},
	}
	out = e.description(out, language)
	out = out.with("citeAs", e.core.Citation)
	out = out.with("distribution", e.downloads("cr:FileObject", e.fileIRI))
	if len(e.core.Columns) > 0 {
		out = out.with("recordSet", []any{e.recordSet()})
	}
	return out
}

// recordSet describes the rows of the first file, which the row commitment covers.
func (e exporter) recordSet() object {
	id := e.versionIRI() + "/rows"
	fields := make([]any, len(e.core.Columns))
	for i, c := range e.core.Columns {
		f := object{{"@type", "cr:Field"}, {"@id", fmt.Sprintf("%s/%d", id, i)}, {"name", c.Name}}
		f = f.with("description", c.Description).with("unitText", c.Unit)
		if t, ok := typeNames[c.Type]; ok {
			f = f.with("dataType", fieldType(c.Type, t))
		}
		if c.Sensitive {
			f = f.with(vocab.Sensitive, true)
		}
		if len(e.core.Files) > 0 {
			f = f.with("source", object{
				{"fileObject", object{{"@id", e.fileIRI(0)}}},
				{"extract", object{{"column", c.Name}}},
			})
		}
		fields[i] = f
	}
	return object{{"@type", "cr:RecordSet"}, {"@id", id}, {"name", "rows"}, {"field", fields}}
}

// fieldType adds to a category that its values are texts: readers need a type that they can load.
func fieldType(t datapooltypes.ColumnType, name string) any {
	if t == datapooltypes.COLUMN_TYPE_CATEGORY {
		return []any{"sc:Text", "sc:" + name}
	}
	return "sc:" + name
}
