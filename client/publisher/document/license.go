package document

import (
	"regexp"
	"strings"

	check "github.com/alita-network/alita/terms/iri"
	"github.com/alita-network/alita/x/metadata/types"
)

// license reads SPDX identifiers, well-known names and addresses, and CreativeWorks that have one.
func (im *importer) license(values []node) {
	for _, n := range values {
		text, found := im.licenseText(n)
		if !found {
			continue
		}
		id, ok := NormalizeLicense(text)
		switch {
		case im.out.License == "" && ok:
			im.out.License = id
			im.from("$.license", n.v)
		case ok && id == im.out.License:
		case ok:
			im.drop(n.v, "a record has one licence, the first was taken")
		default:
			im.note(n.v, "not carried: %q names no licence that is known here", printable(text, 100))
			im.from("$.license", n.v)
		}
	}
}

// licenseText finds the text in a licence that says which it is: of an object, the first that is understood.
func (im *importer) licenseText(n node) (string, bool) {
	if text, _, _, ok := im.text(n); ok {
		im.settle(n.v)
		return trim(text), trim(text) != ""
	}
	if n.v.Kind != Object {
		return "", false
	}
	im.inspect(n.v)
	var candidates []string
	if id := im.graph.id(n); id != "" {
		candidates = append(candidates, id)
	}
	for _, p := range im.props(n, "identifier", "url", "name", "alternateName", "sameAs", "text") {
		if text, _, _, ok := im.text(p); ok {
			im.settle(p.v)
			candidates = append(candidates, trim(text))
		}
	}
	for _, c := range candidates {
		if id, ok := NormalizeLicense(c); ok && types.IsSPDX(id) {
			return c, true
		}
	}
	for _, c := range candidates {
		if _, ok := NormalizeLicense(c); ok {
			return c, true
		}
	}
	if len(candidates) > 0 {
		return candidates[0], true
	}
	return "", false
}

// NormalizeLicense turns well-known spellings and addresses of licences into SPDX identifiers: "CC BY 4.0",
// "MIT License", "http://creativecommons.org/licenses/by/4.0/legalcode", "https://spdx.org/licenses/MIT.html".
// Other https addresses stay as they are. It reports false for a text that names no licence: "Public", "unknown", or
// "CC BY" without a version.
func NormalizeLicense(s string) (string, bool) {
	s = trim(s)
	if id, ok := spdxFold(s); ok {
		return id, true
	}
	if strings.Contains(s, "://") {
		if id, ok := licenseOfAddress(s); ok {
			return id, true
		}
		return s, check.HTTPS(s) == nil
	}
	return licenseOfName(s)
}

// spdxByFold are the SPDX identifiers by their lower-case form.
var spdxByFold = func() map[string]string {
	out := make(map[string]string)
	for _, id := range types.SPDXIdentifiers() {
		out[strings.ToLower(id)] = id
	}
	return out
}()

func spdxFold(s string) (string, bool) {
	id, ok := spdxByFold[strings.ToLower(s)]
	return id, ok
}

// Addresses of licences, without scheme, "www." and anything after their name.
var (
	ccAddress   = regexp.MustCompile(`^creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/([1-4]\.[05])(?:/([a-z-]{2,8}))?(?:/(?:legalcode|deed)(?:\.[a-z_-]+)?)?$`)
	ccZero      = regexp.MustCompile(`^creativecommons\.org/publicdomain/zero/1\.0(?:/(?:legalcode|deed)(?:\.[a-z_-]+)?)?$`)
	odcAddress  = regexp.MustCompile(`^opendatacommons\.org/licenses/(by|odbl|pddl)(?:/1[-.]0)?(?:/(?:index\.html|summary))?$`)
	spdxAddress = regexp.MustCompile(`^spdx\.org/licenses/([a-z0-9.+-]+?)(?:\.html|\.json|\.txt)?$`)
	osiAddress  = regexp.MustCompile(`^opensource\.org/licenses?/([a-z0-9.+-]+?)(?:\.php|\.html)?$`)
	gnuAddress  = regexp.MustCompile(`^gnu\.org/licenses/(?:old-licenses/)?((?:a|l)?gpl|fdl)-([1-3]\.[0-3])(?:\.[a-z.-]+)?$`)
)

var licenseAddresses = map[string]string{
	"apache.org/licenses/license-2.0":                                           "Apache-2.0",
	"apache.org/licenses/license-2.0.html":                                      "Apache-2.0",
	"apache.org/licenses/license-2.0.txt":                                       "Apache-2.0",
	"mit-license.org":                                                           "MIT",
	"cdla.dev/permissive-1-0":                                                   "CDLA-Permissive-1.0",
	"cdla.dev/permissive-2-0":                                                   "CDLA-Permissive-2.0",
	"cdla.dev/sharing-1-0":                                                      "CDLA-Sharing-1.0",
	"cdla.io/permissive-1-0":                                                    "CDLA-Permissive-1.0",
	"cdla.io/sharing-1-0":                                                       "CDLA-Sharing-1.0",
	"nationalarchives.gov.uk/doc/open-government-licence/version/1":             "OGL-UK-1.0",
	"nationalarchives.gov.uk/doc/open-government-licence/version/2":             "OGL-UK-2.0",
	"nationalarchives.gov.uk/doc/open-government-licence/version/3":             "OGL-UK-3.0",
	"open.canada.ca/en/open-government-licence-canada":                          "OGL-Canada-2.0",
	"govdata.de/dl-de/by-2-0":                                                   "DL-DE-BY-2.0",
	"govdata.de/dl-de/zero-2-0":                                                 "DL-DE-ZERO-2.0",
	"etalab.gouv.fr/licence-ouverte-open-licence":                               "etalab-2.0",
	"etalab.gouv.fr/wp-content/uploads/2017/04/etalab-licence-ouverte-v2.0.pdf": "etalab-2.0",
	"unlicense.org":                                                             "Unlicense",
}

func licenseOfAddress(address string) (string, bool) {
	a := strings.ToLower(address)
	a = strings.TrimPrefix(strings.TrimPrefix(a, "https://"), "http://")
	a = strings.TrimPrefix(a, "www.")
	a, _, _ = strings.Cut(a, "#")
	a, _, _ = strings.Cut(a, "?")
	a = strings.TrimRight(a, "/")
	if id, ok := licenseAddresses[a]; ok {
		return spdxFold(id)
	}
	if m := ccAddress.FindStringSubmatch(a); m != nil {
		id := "cc-" + m[1] + "-" + m[2]
		if m[3] != "" {
			id += "-" + m[3]
		}
		return spdxFold(id)
	}
	if ccZero.MatchString(a) {
		return "CC0-1.0", true
	}
	if m := odcAddress.FindStringSubmatch(a); m != nil {
		return map[string]string{"by": "ODC-By-1.0", "odbl": "ODbL-1.0", "pddl": "PDDL-1.0"}[m[1]], true
	}
	if m := spdxAddress.FindStringSubmatch(a); m != nil {
		return spdxFold(m[1])
	}
	if m := osiAddress.FindStringSubmatch(a); m != nil {
		return spdxFold(m[1])
	}
	if m := gnuAddress.FindStringSubmatch(a); m != nil {
		name := m[1]
		if name == "fdl" {
			name = "gfdl"
		}
		// The page does not say "or later", so only this version is certain.
		return spdxFold(name + "-" + m[2] + "-only")
	}
	return "", false
}

// licenseNames are names without "the", "licence", "version" and punctuation.
var licenseNames = map[string]string{
	"mit": "MIT", "expat": "MIT", "apache 2.0": "Apache-2.0", "apache 2": "Apache-2.0", "apache software 2.0": "Apache-2.0",
	"bsd 3 clause": "BSD-3-Clause", "new bsd": "BSD-3-Clause", "modified bsd": "BSD-3-Clause",
	"bsd 2 clause": "BSD-2-Clause", "simplified bsd": "BSD-2-Clause",
	"academic free 3.0": "AFL-3.0", "mozilla public 2.0": "MPL-2.0", "mpl 2.0": "MPL-2.0",
	"open database": "ODbL-1.0", "open data commons open database": "ODbL-1.0", "open data commons open database 1.0": "ODbL-1.0",
	"odbl": "ODbL-1.0", "odbl 1.0": "ODbL-1.0", "open data commons open database odbl": "ODbL-1.0",
	"open database 1.0": "ODbL-1.0", "open data commons attribution": "ODC-By-1.0", "open data commons attribution 1.0": "ODC-By-1.0",
	"odc by": "ODC-By-1.0", "odc by 1.0": "ODC-By-1.0",
	"open data commons public domain dedication and": "PDDL-1.0", "open data commons public domain dedication and 1.0": "PDDL-1.0",
	"pddl": "PDDL-1.0", "odc pddl": "PDDL-1.0",
	"open government 3.0": "OGL-UK-3.0", "uk open government 3.0": "OGL-UK-3.0", "ogl 3.0": "OGL-UK-3.0", "ogl uk 3.0": "OGL-UK-3.0",
	"gnu general public 3.0": "GPL-3.0-only", "gplv3": "GPL-3.0-only", "gnu general public 2.0": "GPL-2.0-only",
	"cdla permissive 2.0": "CDLA-Permissive-2.0", "cdla permissive 1.0": "CDLA-Permissive-1.0", "cdla sharing 1.0": "CDLA-Sharing-1.0",
	"unlicense": "Unlicense",
}

// ccWords may stand in the name of a Creative Commons licence without changing which one it is. Any other word,
// such as a country, makes the name unknown.
var ccWords = words("cc creative commons attribution by this work is are dataset data licensed under a an the license licence " +
	"licensed version v international intl unported generic public share alike sharealike sa noncommercial non commercial nc " +
	"noderivatives noderivs no derivatives derivs nd zero cc0 universal domain dedication")

var ccVersion = regexp.MustCompile(`^v?([1-4]\.[05])$`)

func licenseOfName(s string) (string, bool) {
	if len(s) > 256 {
		return "", false
	}
	tokens := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r != '.' && r != '+' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && r < 0x80
	})
	var bare []string
	for i, t := range tokens {
		tokens[i] = strings.Trim(t, ".")
		switch tokens[i] {
		case "the", "license", "licence", "version", "v", "":
		default:
			bare = append(bare, strings.TrimPrefix(tokens[i], "v"))
		}
	}
	if id, ok := licenseNames[strings.Join(bare, " ")]; ok {
		return id, true
	}
	return ccOfName(tokens)
}

func ccOfName(tokens []string) (string, bool) {
	var version string
	has := make(map[string]bool)
	for _, t := range tokens {
		if m := ccVersion.FindStringSubmatch(t); m != nil {
			if version != "" && version != m[1] {
				return "", false
			}
			version = m[1]
			continue
		}
		if !ccWords[t] && t != "" {
			return "", false
		}
		has[t] = true
	}
	if has["cc0"] || has["zero"] && (has["cc"] || has["creative"]) {
		return "CC0-1.0", version == "" || version == "1.0"
	}
	if !has["cc"] && !has["creative"] || !has["by"] && !has["attribution"] || version == "" {
		return "", false
	}
	id := "cc-by"
	if has["commercial"] != has["non"] {
		return "", false
	}
	if has["nc"] || has["noncommercial"] || has["commercial"] {
		id += "-nc"
	}
	if has["nd"] || has["noderivatives"] || has["noderivs"] || has["derivatives"] || has["derivs"] {
		id += "-nd"
	}
	if has["sa"] || has["sharealike"] || has["alike"] {
		id += "-sa"
	}
	return spdxFold(id + "-" + version)
}
