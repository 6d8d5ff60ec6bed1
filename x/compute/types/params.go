package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/crypto/pedersen"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
)

// Bounds of the parameters.
const (
	maxCodeBytes     = 4 << 20
	maxInputBytes    = metering.MaxInputBytes
	maxVectorLength  = pedersen.MaxSlots
	maxPhaseBlocks   = 10_000_000
	minPhaseBlocks   = 1
	maxStakersFeePPM = terms.PPM / 2
	maxAttempts      = 16
	maxRounds        = 32
	// A block survives the end of the largest job and that of as many jobs at once.
	maxCohort           = 10_000
	maxJobsPerBlock     = 300
	maxPaymentsPerBlock = 1_000
	// maxContributionBytes is the size of the largest transaction, which is always more than its shares.
	maxContributionBytes = 1 << 20
	// minSeatBytes keeps the windows of the largest cohorts within days. maxSeatBytes is more than a block holds.
	minSeatBytes = 64 << 10
	maxSeatBytes = 1 << 30
	// maxDrawFee is a million ALITA.
	maxDrawFee = 1_000_000_000_000
	// leastWindowBlocks is the time for one answer of a seat. mostWindowBlocks is about a quarter of an hour.
	leastWindowBlocks = BlocksPerAnswer
	mostWindowBlocks  = 1_000
	leastJobBlocks    = 1_000
	mostJobBlocks     = 100_000_000
)

// DefaultParams returns what a new network starts from.
func DefaultParams() Params {
	return Params{
		MaxCodeBytes:    1 << 20,
		MaxInputBytes:   maxInputBytes,
		MaxVectorLength: 4096,
		MaxCohort:       1000,
		// A week of blocks of one second.
		MaxPhaseBlocks:      604_800,
		StakersFeePpm:       50_000,
		MaxJobsPerBlock:     100,
		MaxPaymentsPerBlock: 200,
		// A thousand ALITA.
		MinSeatBond:   math.NewInt(1_000_000_000),
		StallSlashPpm: 100_000,
		// A day of blocks of one second.
		SeatUnbondBlocks:     86_400,
		MaxAttempts:          5,
		MaxRounds:            32,
		MaxContributionBytes: 128 << 10,
		// Less than half a second of one core, as measured.
		SeatBytesPerBlock: 1 << 20,
		// One ALITA: what it costs a consumer to draw again until the seats suit it.
		DrawFee: math.NewInt(1_000_000),
		// Half a minute of blocks of one second: whoever keeps a seat's answers out of them must fill all of them.
		MinWindowBlocks: 30,
		// Two weeks of blocks of one second.
		MaxJobBlocks: 1_209_600,
		// A twentieth of an ALITA.
		OpenFee: math.NewInt(50_000),
	}
}

const (
	// BlocksPerAnswer is how many blocks a message may take a seat that sends one after the other: one until the message
	// is in a block, and one until the seat has seen that.
	BlocksPerAnswer = 2
	// slotsPerBlock is on how many slots a seat may have to check commitments in a block. At worst, if all are bad, a slot
	// takes 10 to 15 µs of one core (docs/benchmarks.md), so the worst block takes half a second to three quarters.
	slotsPerBlock = 49_152
	// gasPerSlot is the gas of what takes as long as a slot.
	gasPerSlot = 1_000
	// slotsPerBitMade is how many slots take as long as making a bit of a proof, which takes some 300 to 600 µs of one core.
	slotsPerBitMade = 48
)

// SeatLoad is a number of contributions, or of seats' noise vectors, that a seat has to answer about: of so many bytes and slots each, with
// preparation shares of so many bytes, and with proofs of so many bits.
type SeatLoad struct {
	Count               uint32
	Bytes, Share, Slots int
	// ProofBits are the bits of the proofs to check, MadeBits of those to make.
	ProofBits, MadeBits int
}

// messages is how many messages the answers take.
func (l SeatLoad) messages() int64 {
	each := int64(terms.Preparations(l.Bytes, l.Share))
	return (int64(l.Count) + each - 1) / each
}

// AnswersGas is the most gas of a seat's answers.
func (l SeatLoad) AnswersGas() uint64 {
	if l.Count == 0 {
		return 0
	}
	return uint64(l.messages()-1)*terms.AnswerGas + terms.PreparationsGas(int(l.Count), l.Bytes, l.Share)
}

// SeatWork is how many blocks a seat may take to answer about all of that, rounded up, and at least BlocksPerAnswer. The bytes bound what it
// reads, the slots and bits what it computes if no commitment opens, and the answers in a message how many it sends one after the other.
func (p Params) SeatWork(loads ...SeatLoad) int64 {
	var bytes, slots, messages int64
	for _, l := range loads {
		n := int64(l.Count)
		each := int64(l.Slots) + slotsPerBitMade*int64(l.MadeBits)
		if l.ProofBits > 0 {
			each += int64(terms.ProofGas(l.ProofBits, l.Slots) / gasPerSlot)
		}
		bytes, slots, messages = bytes+n*int64(l.Bytes), slots+n*each, messages+l.messages()
	}
	blocks := func(all, perBlock int64) int64 { return (all + perBlock - 1) / perBlock }
	return max(BlocksPerAnswer, blocks(bytes, int64(p.SeatBytesPerBlock)), blocks(slots, slotsPerBlock), BlocksPerAnswer*messages)
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
		{"max_jobs_per_block", p.MaxJobsPerBlock, 1, maxJobsPerBlock},
		{"max_payments_per_block", p.MaxPaymentsPerBlock, 1, maxPaymentsPerBlock},
		{"stall_slash_ppm", p.StallSlashPpm, 0, terms.PPM},
		{"seat_unbond_blocks", p.SeatUnbondBlocks, 1, maxPhaseBlocks},
		{"max_attempts", p.MaxAttempts, 1, maxAttempts},
		{"max_rounds", p.MaxRounds, 1, maxRounds},
		{"max_contribution_bytes", p.MaxContributionBytes, 1, maxContributionBytes},
		{"seat_bytes_per_block", p.SeatBytesPerBlock, minSeatBytes, maxSeatBytes},
		{"min_window_blocks", p.MinWindowBlocks, leastWindowBlocks, min(mostWindowBlocks, p.MaxPhaseBlocks)},
		{"max_job_blocks", p.MaxJobBlocks, leastJobBlocks, mostJobBlocks},
	} {
		if f.value < f.low || f.value > f.high {
			return errorsmod.Wrapf(ErrInvalidParams, "%s: expected %d to %d, got %d", f.name, f.low, f.high, f.value)
		}
	}
	if err := validateAmount(p.MinSeatBond); err != nil || !p.MinSeatBond.IsPositive() {
		return errorsmod.Wrapf(ErrInvalidParams, "min_seat_bond: expected 1 to 2^%d - 1 ualita, got %s", terms.MaxAmountBits, p.MinSeatBond)
	}
	if err := validateOpeningFee(ErrInvalidParams, "draw_fee", p.DrawFee); err != nil {
		return err
	}
	return validateOpeningFee(ErrInvalidParams, "open_fee", p.OpenFee)
}

// validateOpeningFee accepts 0 to maxDrawFee ualita.
func validateOpeningFee(kind *errorsmod.Error, name string, fee math.Int) error {
	if fee.IsNil() || fee.IsNegative() || fee.GT(math.NewInt(maxDrawFee)) {
		return errorsmod.Wrapf(kind, "%s: expected 0 to %d ualita, got %s", name, int64(maxDrawFee), fee)
	}
	return nil
}
