package types

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/alita-network/alita/terms/iri"
)

//go:embed licenses/spdx.json
var spdxJSON []byte

// spdxIDs are the SPDX licence identifiers in byte order, the deprecated ones included.
var spdxIDs = func() []string {
	var ids []string
	if err := json.Unmarshal(spdxJSON, &ids); err != nil {
		panic(fmt.Sprintf("licenses/spdx.json: %v", err))
	}
	slices.Sort(ids)
	return ids
}()

// IsSPDX reports whether id is exactly an SPDX licence identifier of the list that ships with the module.
func IsSPDX(id string) bool {
	_, found := slices.BinarySearch(spdxIDs, id)
	return found
}

// SPDXIdentifiers are the known SPDX licence identifiers in byte order.
func SPDXIdentifiers() []string { return slices.Clone(spdxIDs) }

// ValidateLicense reports whether s is an SPDX licence identifier or an https IRI of the licence's text.
func ValidateLicense(s string) error {
	if IsSPDX(s) {
		return nil
	}
	if err := iri.HTTPS(s); err != nil {
		return fmt.Errorf("expected an SPDX identifier (CC-BY-4.0, CC0-1.0, ...) or an https address of the licence, got %s", quote(s))
	}
	return nil
}
