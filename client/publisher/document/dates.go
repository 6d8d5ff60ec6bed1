package document

import (
	"regexp"
	"strings"

	"github.com/alita-network/alita/x/metadata/types"
)

// dates maps dateCreated and temporalCoverage.
func (im *importer) dates(n node) {
	if p, ok := im.first(im.props(n, "dateCreated")); ok {
		if text, _, _, ok := im.text(p); ok {
			im.settle(p.v)
			if date, ok := isoDate(text); ok {
				im.out.DateCreated = date
				im.from("$.date_created", p.v)
				im.changed(p.v, text, date)
			} else if trim(text) != "" {
				im.note(p.v, "not carried: %q is no ISO 8601 date", printable(text, 60))
			}
		}
	}
	var usable []node
	for _, p := range im.props(n, "temporalCoverage") {
		if _, _, _, ok := im.text(p); ok {
			usable = append(usable, p)
		}
	}
	if p, ok := im.first(usable); ok {
		text, _, _, _ := im.text(p)
		im.settle(p.v)
		if interval, ok := isoInterval(text); ok {
			im.out.TemporalCoverage = interval
			im.from("$.temporal_coverage", p.v)
			im.changed(p.v, text, interval)
		} else if trim(text) != "" {
			im.note(p.v, "not carried: %q is no ISO 8601 date or interval (start/end)", printable(text, 60))
		}
	}
}

// changed notes that a value was written differently.
func (im *importer) changed(v *Value, from, to string) {
	if trim(from) != to {
		im.note(v, "%q was written as %q", printable(from, 60), to)
	}
}

var zoneless = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$`)

// isoDate accepts the dates that a record accepts. Of a date and time without a zone it keeps the date, because the
// time is not known without the zone.
func isoDate(s string) (string, bool) {
	s = trim(s)
	if m := zoneless.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	return s, types.ValidateDate(s) == nil
}

// isoInterval accepts dates and start/end, with "..", or nothing for an open end.
func isoInterval(s string) (string, bool) {
	from, to, interval := strings.Cut(trim(s), "/")
	if !interval {
		return isoDate(s)
	}
	ends := [2]string{from, to}
	for i, end := range ends {
		if end = trim(end); end == "" || end == ".." {
			ends[i] = ".."
			continue
		}
		date, ok := isoDate(end)
		if !ok {
			return "", false
		}
		ends[i] = date
	}
	out := ends[0] + "/" + ends[1]
	return out, types.ValidateTemporal(out) == nil
}

var (
	plainNumber = regexp.MustCompile(`^\d+$`)
	twoNumbers  = regexp.MustCompile(`^\d+\.\d+$`)
)

// firstVersion is the version of a record whose document states none.
const firstVersion = "1.0.0"

// version maps the version to SemVer: "1" and "1.2" are filled up with zeros, a leading v is left out.
func (im *importer) version(values []node) string {
	p, ok := im.first(values)
	if !ok {
		return firstVersion
	}
	text, _, _, ok := im.text(p)
	if !ok {
		return firstVersion
	}
	im.settle(p.v)
	im.from("$.version", p.v)
	v := trim(text)
	v = strings.TrimPrefix(strings.TrimPrefix(v, "v"), "V")
	switch {
	case plainNumber.MatchString(v):
		v += ".0.0"
	case twoNumbers.MatchString(v):
		v += ".0"
	}
	if _, err := types.ParseSemVer(v); err != nil {
		if im.opts.Version == "" {
			im.add(p.v, Finding{Fix: flagVersion, Finding: types.Finding{
				Severity: types.SeverityWarning,
				Message:  "not carried: " + printableQuote(text) + " is no version such as 1.0.0 (SemVer 2.0.0); " + firstVersion + " was taken",
			}})
		}
		return firstVersion
	}
	im.changed(p.v, text, v)
	return v
}

func printableQuote(s string) string { return `"` + printable(s, 60) + `"` }
