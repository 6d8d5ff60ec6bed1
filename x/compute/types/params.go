package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/metering"
)

// Bounds of the parameters.
const (
	maxCodeBytes     = 4 << 20
	maxInputBytes    = metering.MaxInputBytes
	maxVectorLength  = 1 << 16
	maxCohort        = 100_000
	maxPhaseBlocks   = 10_000_000
	maxWorkPerBlock  = 1_000
	minPhaseBlocks   = 1
	maxStakersFeePPM = PPM / 2
)

// DefaultParams returns what a new network starts from.
func DefaultParams() Params {
	return Params{
		MaxCodeBytes:    2 << 20,
		MaxInputBytes:   maxInputBytes,
		MaxVectorLength: 4096,
		MaxCohort:       1000,
		// A week of blocks of one second.
		MaxPhaseBlocks:      604_800,
		StakersFeePpm:       50_000,
		MaxJobsPerBlock:     100,
		MaxPaymentsPerBlock: 200,
	}
}

// Validate checks that the parameters are within their bounds.
func (p Params) Validate() error {
	for _, f := range []struct {
		name             string
		value, low, high uint32
	}{
		{"max_code_bytes", p.MaxCodeBytes, 1, maxCodeBytes},
		{"max_input_bytes", p.MaxInputBytes, 0, maxInputBytes},
		{"max_vector_length", p.MaxVectorLength, 1, maxVectorLength},
		{"max_cohort", p.MaxCohort, 1, maxCohort},
		{"max_phase_blocks", p.MaxPhaseBlocks, minPhaseBlocks, maxPhaseBlocks},
		{"stakers_fee_ppm", p.StakersFeePpm, 0, maxStakersFeePPM},
		{"max_jobs_per_block", p.MaxJobsPerBlock, 1, maxWorkPerBlock},
		{"max_payments_per_block", p.MaxPaymentsPerBlock, 1, maxWorkPerBlock},
	} {
		if f.value < f.low || f.value > f.high {
			return errorsmod.Wrapf(ErrInvalidParams, "%s %d: expected %d to %d", f.name, f.value, f.low, f.high)
		}
	}
	return nil
}
