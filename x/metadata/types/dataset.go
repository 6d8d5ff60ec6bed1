package types

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/terms/text"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

// Limits of the typed core. Lengths of texts are in characters (Unicode code points).
const (
	MinName         = 3
	MaxName         = 256
	MinDescription  = 50
	MaxDescription  = 5000
	MaxLanguages    = 16
	MaxCreators     = 32
	MaxAgentName    = 256
	MaxKeywords     = 64
	MaxKeyword      = 128
	MaxIdentifiers  = 16
	MaxSameAs       = 16
	MaxUsageTerms   = 32
	MaxText         = 2000
	MaxSpatialName  = 256
	MaxColumns      = 512
	MaxColumnName   = 128
	MaxUnit         = 64
	MaxColumnText   = 1000
	MaxFiles        = 64
	MaxFileName     = 256
	MaxFileBytes    = 1 << 60
	ChecksumSize    = 32
	MaxBasedOn      = 32
	maxLongitude    = 180 * 10_000_000
	maxLatitude     = 90 * 10_000_000
	maxDateTimeText = 80
)

// checker collects the findings about one typed core.
type checker struct{ findings []Finding }

func (c *checker) errorf(path, format string, args ...any) {
	c.findings = append(c.findings, Finding{Path: path, Severity: SeverityError, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) warnf(path, format string, args ...any) {
	c.findings = append(c.findings, Finding{Path: path, Severity: SeverityWarning, Message: fmt.Sprintf(format, args...)})
}

// FindingsOf returns all findings about a typed core, by JSON path in the order of its fields. The chain
// accepts the core exactly if none of them is an error. The checks depend on the core alone. The keeper checks the
// encoded size, and that the versions in is_based_on exist.
//
// A core without creators is accepted with a warning: the owner's account stands as the creator.
func FindingsOf(d Dataset) []Finding {
	c := &checker{}
	c.texts("$.names", "name", d.Names, nameRule)
	c.texts("$.descriptions", "description", d.Descriptions, descriptionRule)
	c.license(d.License)
	c.creators(d)
	c.list("$.keywords", d.Keywords, MaxKeywords, keywordRule.Check)
	if len(d.Keywords) == 0 {
		c.warnf("$.keywords", "no keywords; search finds the record by its name and description only")
	}
	c.list("$.languages", d.Languages, MaxLanguages, ValidateLanguage)
	c.list("$.identifiers", d.Identifiers, MaxIdentifiers, iri.Identifier)
	c.optional("$.url", d.Url, iri.HTTPS)
	c.list("$.same_as", d.SameAs, MaxSameAs, iri.HTTPS)
	c.optional("$.date_created", d.DateCreated, bounded(ValidateDate))
	c.optional("$.temporal_coverage", d.TemporalCoverage, bounded(ValidateTemporal))
	c.box(d.SpatialCoverage)
	c.optional("$.spatial_name", d.SpatialName, spatialRule.Check)
	c.optional("$.measurement_technique", d.MeasurementTechnique, freeRule.Check)
	c.optional("$.citation", d.Citation, freeRule.Check)
	c.optional("$.conditions_of_access", d.ConditionsOfAccess, freeRule.Check)
	c.list("$.usage_terms", d.UsageTerms, MaxUsageTerms, iri.UsageTerm)
	c.columns(d.Columns)
	c.files(d.Files)
	c.basedOn(d.IsBasedOn)
	return c.findings
}

// ValidateDataset returns the typed error of the first finding of FindingsOf that refuses the core, with the
// text of all of them up to a bound; nil if the chain accepts it.
func ValidateDataset(d Dataset) error { return findingsError(FindingsOf(d)) }

// bounded is a check of short values.
func bounded(check func(string) error) func(string) error {
	return func(s string) error {
		if len(s) > maxDateTimeText {
			return fmt.Errorf("expected at most %d bytes, got %d", maxDateTimeText, len(s))
		}
		return check(s)
	}
}

// texts checks a text given once per language.
func (c *checker) texts(path, what string, texts []LocalizedText, rule text.Rule) {
	if len(texts) == 0 {
		c.errorf(path, "expected a %s of %d to %d characters, got none", what, rule.MinRunes, rule.MaxRunes)
		return
	}
	if len(texts) > MaxLanguages {
		c.errorf(path, "expected at most %d languages, got %d", MaxLanguages, len(texts))
		return
	}
	for i, t := range texts {
		at := fmt.Sprintf("%s[%d]", path, i)
		if t.Language != "" {
			if err := ValidateLanguage(t.Language); err != nil {
				c.errorf(at+".language", "%s", err)
			}
		}
		for j := range i {
			if text.EqualFold(t.Language, texts[j].Language) {
				c.errorf(at+".language", "expected one %s per language, got language %s twice", what, quote(t.Language))
				break
			}
		}
		if err := rule.Check(t.Text); err != nil {
			c.errorf(at+".text", "%s: %s", what, err)
			continue
		}
		if looksLikeMarkup(t.Text) {
			c.warnf(at+".text", "the %s seems to hold markup, which readers see as it stands; write plain text", what)
		}
	}
}

func (c *checker) license(s string) {
	if s == "" {
		c.errorf("$.license", "expected an SPDX identifier (CC-BY-4.0, CC0-1.0, ...) or an https address of the licence, got none")
		return
	}
	if err := ValidateLicense(s); err != nil {
		c.errorf("$.license", "%s", err)
	}
}

func (c *checker) creators(d Dataset) {
	if len(d.Creators) == 0 {
		c.warnf("$.creators", "no creator; the owner's account stands as the creator")
	}
	if len(d.Creators) > MaxCreators {
		c.errorf("$.creators", "expected at most %d creators, got %d; name an organization instead", MaxCreators, len(d.Creators))
	} else {
		for i, a := range d.Creators {
			c.agent(fmt.Sprintf("$.creators[%d]", i), a)
		}
	}
	if d.Publisher != nil {
		c.agent("$.publisher", *d.Publisher)
	}
}

func (c *checker) agent(path string, a Agent) {
	if a.Type != AGENT_TYPE_PERSON && a.Type != AGENT_TYPE_ORGANIZATION {
		c.errorf(path+".type", "expected a person (1) or an organization (2), got %d", a.Type)
	}
	if err := agentRule.Check(a.Name); err != nil {
		c.errorf(path+".name", "%s", err)
	} else if looksLikeEmail(a.Name) {
		c.warnf(path+".name", "the name seems to hold an e-mail address, which can never be removed from a chain")
	}
	if a.Id != "" {
		if err := iri.HTTPS(a.Id); err != nil {
			c.errorf(path+".id", "%s; give an ORCID or ROR address, or nothing", err)
		}
	}
}

// list checks a list of values that must differ.
func (c *checker) list(path string, values []string, most int, check func(string) error) {
	if len(values) > most {
		c.errorf(path, "expected at most %d entries, got %d", most, len(values))
		return
	}
	for i, v := range values {
		at := fmt.Sprintf("%s[%d]", path, i)
		if err := check(v); err != nil {
			c.errorf(at, "%s", err)
			continue
		}
		for j := range i {
			if values[j] == v {
				c.errorf(at, "expected each entry once, got %s twice", quote(v))
				break
			}
		}
	}
}

func (c *checker) optional(path, s string, check func(string) error) {
	if s == "" {
		return
	}
	if err := check(s); err != nil {
		c.errorf(path, "%s", err)
	}
}

// box checks ranges only: a box whose west is greater than its east crosses the antimeridian (RFC 7946 section 5.2).
func (c *checker) box(b *GeoBox) {
	if b == nil {
		return
	}
	for _, v := range []struct {
		name  string
		value int32
		most  int64
	}{{"west", b.West, maxLongitude}, {"east", b.East, maxLongitude}, {"south", b.South, maxLatitude}, {"north", b.North, maxLatitude}} {
		if n := int64(v.value); n < -v.most || n > v.most {
			c.errorf("$.spatial_coverage."+v.name, "expected %d to %d (1e-7 degrees), got %d", -v.most, v.most, n)
		}
	}
	if b.South > b.North {
		c.errorf("$.spatial_coverage.south", "expected at most north %d, got %d", b.North, b.South)
	}
}

func (c *checker) columns(columns []Column) {
	if len(columns) == 0 {
		c.warnf("$.columns", "no columns; a program that reads columns cannot run on the record")
		return
	}
	if len(columns) > MaxColumns {
		c.errorf("$.columns", "expected at most %d columns, got %d", MaxColumns, len(columns))
		return
	}
	var names text.Names
	for i, col := range columns {
		at := fmt.Sprintf("$.columns[%d]", i)
		if err := columnRule.Check(col.Name); err != nil {
			c.errorf(at+".name", "%s", err)
		} else if err := names.Add(col.Name); err != nil {
			c.errorf(at+".name", "%s", err)
		}
		switch {
		case !isColumnType(col.Type):
			c.errorf(at+".type", "expected 0 to %d, got %d", datapooltypes.COLUMN_TYPE_DATETIME, col.Type)
		case col.Type == datapooltypes.COLUMN_TYPE_UNSPECIFIED:
			c.warnf(at+".type", "column %s has no type; a pool that requires one refuses it", quote(col.Name))
		}
		c.optional(at+".unit", col.Unit, unitRule.Check)
		c.optional(at+".description", col.Description, columnTextRule.Check)
	}
}

func isColumnType(t datapooltypes.ColumnType) bool {
	return t >= datapooltypes.COLUMN_TYPE_UNSPECIFIED && t <= datapooltypes.COLUMN_TYPE_DATETIME
}

func (c *checker) files(files []File) {
	if len(files) == 0 || len(files) > MaxFiles {
		c.errorf("$.files", "expected 1 to %d files, got %d", MaxFiles, len(files))
		return
	}
	for i, f := range files {
		at := fmt.Sprintf("$.files[%d]", i)
		if err := checkFileName(f.Name); err != nil {
			c.errorf(at+".name", "%s", err)
		}
		for j := range i {
			if files[j].Name == f.Name {
				c.errorf(at+".name", "expected distinct names, got %s twice", quote(f.Name))
				break
			}
		}
		if err := ValidateMediaType(f.EncodingFormat); err != nil {
			c.errorf(at+".encoding_format", "%s", err)
		}
		if f.ContentSize == 0 || f.ContentSize > MaxFileBytes {
			c.errorf(at+".content_size", "expected 1 to 2^60 bytes, got %d", f.ContentSize)
		}
		if len(f.Sha256) != ChecksumSize {
			c.errorf(at+".sha256", "expected a checksum of %d bytes, got %d", ChecksumSize, len(f.Sha256))
		}
	}
}

func checkFileName(s string) error {
	if err := fileRule.Check(s); err != nil {
		return err
	}
	if s == "." || s == ".." || strings.ContainsAny(s, `/\`) {
		return fmt.Errorf("expected a bare file name, got the path %s", quote(s))
	}
	return nil
}

func (c *checker) basedOn(refs []VersionRef) {
	if len(refs) > MaxBasedOn {
		c.errorf("$.is_based_on", "expected at most %d versions, got %d", MaxBasedOn, len(refs))
		return
	}
	for i, r := range refs {
		at := fmt.Sprintf("$.is_based_on[%d]", i)
		if err := ValidateRecordID(r.RecordId); err != nil {
			c.errorf(at+".record_id", "%s", err)
		}
		if _, err := ParseSemVer(r.Version); err != nil {
			c.errorf(at+".version", "%s", err)
		}
		for j := range i {
			if refs[j] == r {
				c.errorf(at, "expected each version once, got %s of record %s twice", quote(r.Version), quote(r.RecordId))
				break
			}
		}
	}
}
