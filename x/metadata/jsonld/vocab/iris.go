package vocab

import (
	"regexp"
	"strings"
)

// RecordPath is the path under which a gateway and the REST service show a record; its id follows.
const RecordPath = "/alita/metadata/v1/records/"

// iriScheme is the scheme of all IRIs that a chain gives.
const iriScheme = "alita:"

var (
	recordIRI  = regexp.MustCompile(`^alita:[A-Za-z0-9._-]+/dataset/([0-9a-f]{32})(?:/version/[0-9A-Za-z.+-]+)?$`)
	versionIRI = regexp.MustCompile(`^alita:[A-Za-z0-9._-]+/dataset/([0-9a-f]{32})/version/([0-9A-Za-z.+-]+)$`)
	accountIRI = regexp.MustCompile(`^alita:[A-Za-z0-9._-]+/account/[0-9a-z]+$`)
)

// RecordIRI returns the IRI of a record.
func RecordIRI(chainID, recordID string) string { return iriScheme + chainID + "/dataset/" + recordID }

// VersionIRI returns the IRI of a version of a record.
func VersionIRI(chainID, recordID, version string) string {
	return RecordIRI(chainID, recordID) + "/version/" + version
}

// AccountIRI returns the IRI of an account.
func AccountIRI(chainID, address string) string { return iriScheme + chainID + "/account/" + address }

// ParseRecordIRI returns the id in the IRI of a record or of one of its versions, of whatever chain, and reports
// whether the text is such an IRI.
func ParseRecordIRI(s string) (recordID string, ok bool) {
	m := recordIRI.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// ParseVersionIRI returns the parts of the IRI of a version, of whatever chain, and reports whether the text is
// such an IRI.
func ParseVersionIRI(s string) (recordID, version string, ok bool) {
	m := versionIRI.FindStringSubmatch(s)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// IsAccountIRI reports whether a text is the IRI of an account.
func IsAccountIRI(s string) bool { return accountIRI.MatchString(s) }

// IsDerivedAddress reports whether an address is one that a document of a chain gives for a file: an IRI of the
// chain, or an address of a gateway.
func IsDerivedAddress(s string) bool {
	return strings.HasPrefix(s, iriScheme) || strings.Contains(s, RecordPath)
}
