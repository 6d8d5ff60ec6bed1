package jsonld

import (
	"regexp"
	"strings"
)

// recordPath is where a gateway and the REST service show a record.
const recordPath = "/alita/metadata/v1/records/"

// termSensitive marks columns about identifiable people; no vocabulary in use has a term for it.
const termSensitive = "urn:alita:terms:sensitive"

// derivedConditions is what an exported document says where the owner states no conditions.
const derivedConditions = "The data stay with their owner. Programs run on them under the owner's grant and are paid for per operation."

// The IRIs that exported documents give: of a record, of one of its versions, of what belongs to a version, and of
// an account.
var (
	ownIRI     = regexp.MustCompile(`^alita:[A-Za-z0-9._-]+/dataset/([0-9a-f]{32})(?:/version/[0-9A-Za-z.+-]+)?$`)
	versionIRI = regexp.MustCompile(`^alita:[A-Za-z0-9._-]+/dataset/([0-9a-f]{32})/version/([0-9A-Za-z.+-]+)$`)
	accountIRI = regexp.MustCompile(`^alita:[A-Za-z0-9._-]+/account/[0-9a-z]+$`)
)

func recordIRI(chainID, id string) string { return "alita:" + chainID + "/dataset/" + id }

func recordVersionIRI(chainID, id, version string) string {
	return recordIRI(chainID, id) + "/version/" + version
}

// ownAddress reports whether an address is one that an exported document gives for a file.
func ownAddress(s string) bool {
	return strings.HasPrefix(s, "alita:") || strings.Contains(s, recordPath)
}
