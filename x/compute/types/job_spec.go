package types

import (
	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/terms/text"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const (
	// MinSeats and MaxSeats bound the seats of a secure sum.
	MinSeats = 2
	MaxSeats = 8
	// MinSecureCohort is the smallest cohort over which a sum hides anything.
	MinSecureCohort = 2
	// MaxRanges bounds the ranges of a job's slots.
	MaxRanges = 4096
)

// Validate checks everything about a job that needs no state.
func (s JobSpec) Validate(params Params) error {
	if s.PoolId == 0 {
		return errorsmod.Wrap(ErrInvalidJob, "pool_id: expected at least 1, got 0")
	}
	if err := ValidateProgramID(s.ProgramId); err != nil {
		return err
	}
	if err := validateColumns(s.Columns); err != nil {
		return err
	}
	if s.Length < 1 || s.Length > params.MaxVectorLength {
		return errorsmod.Wrapf(ErrInvalidJob, "length: expected 1 to %d, got %d", params.MaxVectorLength, s.Length)
	}
	if uint64(len(s.Input)) > uint64(params.MaxInputBytes) {
		return errorsmod.Wrapf(ErrInvalidJob, "input: expected at most %d bytes, got %d", params.MaxInputBytes, len(s.Input))
	}
	if err := purposeRule.Check(s.Purpose); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "purpose: %s", err)
	}
	if err := s.validateCohort(params); err != nil {
		return err
	}
	if err := s.validatePanels(); err != nil {
		return err
	}
	if err := s.validateMoney(); err != nil {
		return err
	}
	windows := []window{{"contribute_blocks", s.ContributeBlocks}}
	switch s.Delivery {
	case DELIVERY_SECURE_SUM:
		if err := s.validateSecure(params); err != nil {
			return err
		}
	default:
		if s.Secure != nil {
			return errorsmod.Wrap(ErrInvalidSecure, "secure: expected none in direct delivery, got one")
		}
		windows = append(windows, window{"deliver_blocks", s.DeliverBlocks})
	}
	if err := validateWindows(params, minPhaseBlocks, windows); err != nil {
		return err
	}
	if blocks := s.SecureBlocks(); blocks > uint64(params.MaxJobBlocks) {
		return errorsmod.Wrapf(ErrInvalidWindow, "windows of %d rounds: expected at most %d blocks together, got %d", s.Secure.Rounds, params.MaxJobBlocks, blocks)
	}
	if _, err := seal.ParsePublicKey(s.ReaderKey); err != nil {
		return errorsmod.Wrapf(ErrInvalidReaderKey, "reader_key: %s", err)
	}
	return nil
}

// window is the length of a phase.
type window struct {
	name   string
	blocks uint32
}

func validateWindows(params Params, least uint32, windows []window) error {
	for _, w := range windows {
		if w.blocks < least || w.blocks > params.MaxPhaseBlocks {
			return errorsmod.Wrapf(ErrInvalidWindow, "%s: expected %d to %d, got %d", w.name, least, params.MaxPhaseBlocks, w.blocks)
		}
	}
	return nil
}

// SecureBlocks is the length of all windows of a secure sum over all of its rounds, in blocks; zero in direct delivery. A round
// has two windows of verify_blocks, of which the second is for contesting, and two of open_blocks, of which the second is for
// reading. Between rounds there are next_blocks. A round that starts again has its windows again, which is not counted.
func (s JobSpec) SecureBlocks() uint64 {
	sum := s.Secure
	if sum == nil {
		return 0
	}
	blocks := uint64(sum.SeatBlocks) + uint64(sum.Rounds)*(uint64(s.ContributeBlocks)+2*uint64(sum.VerifyBlocks)+2*uint64(sum.OpenBlocks))
	if sum.Rounds > 1 {
		blocks += uint64(sum.Rounds-1) * uint64(sum.NextBlocks)
	}
	return blocks
}

// validateSecure checks how a secure sum is to be made. The sum of a cohort of one would be that owner's own answer.
func (s JobSpec) validateSecure(params Params) error {
	sum := s.Secure
	switch {
	case sum == nil:
		return errorsmod.Wrap(ErrInvalidSecure, "secure: expected how the sum is made, got none")
	case sum.Seats < MinSeats || sum.Seats > MaxSeats:
		return errorsmod.Wrapf(ErrInvalidSecure, "secure.seats: expected %d to %d, got %d", MinSeats, MaxSeats, sum.Seats)
	case len(sum.Ranges) > MaxRanges:
		return errorsmod.Wrapf(ErrInvalidSecure, "secure.ranges: expected at most %d, got %d", MaxRanges, len(sum.Ranges))
	case sum.Rounds < 1 || sum.Rounds > params.MaxRounds:
		return errorsmod.Wrapf(ErrInvalidSecure, "secure.rounds: expected 1 to %d, got %d", params.MaxRounds, sum.Rounds)
	case s.DeliverBlocks != 0:
		return errorsmod.Wrapf(ErrInvalidWindow, "deliver_blocks: expected 0 in a secure sum, got %d", s.DeliverBlocks)
	case s.MinCohort < MinSecureCohort:
		return errorsmod.Wrapf(ErrInvalidCohort, "min_cohort: expected at least %d in a secure sum, got %d", MinSecureCohort, s.MinCohort)
	}
	if err := validateAmount(sum.MaxSeatFee); err != nil {
		return errorsmod.Wrapf(ErrInvalidSecure, "secure.max_seat_fee: %s", err)
	}
	// A seat that answers late loses a part of its bond: nobody may make the time too short for it.
	if err := validateWindows(params, params.MinWindowBlocks, []window{
		{"secure.seat_blocks", sum.SeatBlocks},
		{"secure.verify_blocks", sum.VerifyBlocks},
		{"secure.open_blocks", sum.OpenBlocks},
	}); err != nil {
		return err
	}
	// Within the window for contributions seats hand in their noise.
	if sum.MicroRho > 0 {
		if err := validateWindows(params, params.MinWindowBlocks, []window{{"contribute_blocks of a sum with noise", s.ContributeBlocks}}); err != nil {
			return err
		}
	}
	if sum.Rounds > 1 {
		return validateWindows(params, minPhaseBlocks, []window{{"secure.next_blocks", sum.NextBlocks}})
	}
	return nil
}

func (s JobSpec) validateCohort(params Params) error {
	if s.MinCohort < 1 {
		return errorsmod.Wrapf(ErrInvalidCohort, "min_cohort: expected at least 1, got %d", s.MinCohort)
	}
	if s.MaxCohort < s.MinCohort || s.MaxCohort > params.MaxCohort {
		return errorsmod.Wrapf(ErrInvalidCohort, "max_cohort: expected %d to %d, got %d", s.MinCohort, params.MaxCohort, s.MaxCohort)
	}
	return nil
}

// validatePanels checks the form of the panels that a job names. Whole panels are asked, so that the cohort is what it is. A sum
// without noise needs them: over groups that nobody has signed, the difference of two sums is about the few owners who differ.
func (s JobSpec) validatePanels() error {
	if len(s.Panels) == 0 {
		if s.Delivery == DELIVERY_SECURE_SUM && s.Secure != nil && s.Secure.MicroRho == 0 {
			return errorsmod.Wrap(ErrInvalidPanels, "panels: expected at least one in a sum without noise, got none; name panels, or ask with noise (secure.micro_rho)")
		}
		return nil
	}
	if s.Delivery != DELIVERY_SECURE_SUM {
		return errorsmod.Wrap(ErrInvalidPanels, "panels: expected none in direct delivery, which shows single owners")
	}
	if len(s.Panels) > terms.MaxJobPanels {
		return errorsmod.Wrapf(ErrInvalidPanels, "panels: expected at most %d, got %d", terms.MaxJobPanels, len(s.Panels))
	}
	for i, id := range s.Panels {
		if err := metadatatypes.CheckPanelID(id); err != nil {
			return errorsmod.Wrapf(ErrInvalidPanels, "panels[%d]: %s", i, err)
		}
		if i > 0 && s.Panels[i-1] >= id {
			return errorsmod.Wrapf(ErrInvalidPanels, "panels: expected them sorted and each once, got %s after %s", id, s.Panels[i-1])
		}
	}
	if s.MinCohort != s.MaxCohort {
		return errorsmod.Wrapf(ErrInvalidCohort, "min_cohort, max_cohort: expected both to be the members of the panels, got %d and %d", s.MinCohort, s.MaxCohort)
	}
	return nil
}

func (s JobSpec) validateMoney() error {
	if err := validateAmount(s.PricePerMop); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "price_per_mop: %s", err)
	}
	if !s.PricePerMop.IsPositive() {
		return errorsmod.Wrap(ErrInvalidJob, "price_per_mop: expected at least 1 ualita, got 0")
	}
	if err := ValidatePrice(s.MaxDataPerAlita); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "max_data_per_alita: %s", err)
	}
	if !s.MaxDataPerAlita.IsPositive() {
		return errorsmod.Wrap(ErrInvalidJob, "max_data_per_alita: expected at least 1, got 0")
	}
	if err := s.Budget.validate(); err != nil {
		return errorsmod.Wrapf(ErrInvalidBudget, "budget: %s", err)
	}
	if !s.Budget.Alita.IsPositive() {
		return errorsmod.Wrap(ErrInvalidBudget, "budget: expected at least 1 ualita, got 0")
	}
	return nil
}

func validateColumns(columns []string) error {
	if len(columns) < 1 || len(columns) > MaxColumns {
		return errorsmod.Wrapf(ErrInvalidJob, "columns: expected 1 to %d, got %d", MaxColumns, len(columns))
	}
	var names text.Names
	for i, c := range columns {
		if err := columnRule.Check(c); err != nil {
			return errorsmod.Wrapf(ErrInvalidJob, "columns[%d]: %s", i, err)
		}
		if err := names.Add(c); err != nil {
			return errorsmod.Wrapf(ErrInvalidJob, "columns[%d]: %s", i, err)
		}
	}
	return nil
}
