package types

import (
	"strings"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/terms/iri"
)

// Largest values of the parameters, which bound the loops of the module.
const (
	MaxVersionsLimit     = 10_000
	MaxWorkersLimit      = 64
	MaxGrantsLimit       = 256
	MinDatasetBytesLimit = 4 << 10
	MaxDatasetBytesLimit = 1 << 20
)

// DefaultParams are the parameters of a new network, which has no gateway yet.
func DefaultParams() Params {
	return Params{
		MaxVersions:     1000,
		MaxWorkers:      16,
		MaxGrants:       64,
		MaxDatasetBytes: 64 << 10,

		MinPanelThreshold: 3,
		MaxPanelMembers:   100,
		PanelSlotsPpm:     100_000,
	}
}

// Validate checks ranges.
func (p Params) Validate() error {
	for _, v := range []struct {
		name                 string
		value, least, mostOf uint32
	}{
		{"max_versions", p.MaxVersions, 1, MaxVersionsLimit},
		{"max_workers", p.MaxWorkers, 1, MaxWorkersLimit},
		{"max_grants", p.MaxGrants, 1, MaxGrantsLimit},
		{"max_dataset_bytes", p.MaxDatasetBytes, MinDatasetBytesLimit, MaxDatasetBytesLimit},
		{"min_panel_threshold", p.MinPanelThreshold, MinPanelThreshold, MaxPanelMembers},
		{"max_panel_members", p.MaxPanelMembers, max(p.MinPanelThreshold, MinPanelThreshold), MaxPanelMembers},
		{"panel_slots_ppm", p.PanelSlotsPpm, 0, terms.PPM},
	} {
		if v.value < v.least || v.value > v.mostOf {
			return errorsmod.Wrapf(ErrInvalidParams, "%s: expected %d to %d, got %d", v.name, v.least, v.mostOf, v.value)
		}
	}
	if p.AccessBaseUrl == "" {
		return nil
	}
	if err := iri.HTTPS(p.AccessBaseUrl); err != nil {
		return errorsmod.Wrapf(ErrInvalidParams, "access_base_url: %s", err)
	}
	if strings.HasSuffix(p.AccessBaseUrl, "/") || strings.ContainsAny(p.AccessBaseUrl, "?#") {
		return errorsmod.Wrapf(ErrInvalidParams, "access_base_url: expected no trailing slash, query or fragment, got %s", quote(p.AccessBaseUrl))
	}
	return nil
}
