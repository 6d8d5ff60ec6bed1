package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/terms"
)

// DefaultGenesis returns the state of a new network: no program and no job.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate checks that the parts of the state agree with each other. What it
// says about other modules' state, the escrows, is checked when it is loaded.
func (gs GenesisState) Validate() error {
	if err := gs.Params.Validate(); err != nil {
		return err
	}
	programs, err := gs.validatePrograms()
	if err != nil {
		return err
	}
	tallies, err := gs.validateContributions()
	if err != nil {
		return err
	}
	if err := gs.validateJobs(programs, tallies); err != nil {
		return err
	}
	if err := gs.validateSecure(); err != nil {
		return err
	}
	return gs.validateAttempts(programs)
}

func (gs GenesisState) validatePrograms() (map[string]Program, error) {
	programs := make(map[string]Program, len(gs.Programs))
	for _, p := range gs.Programs {
		id := p.Program.Id
		if got := terms.ProgramID(p.Code); got != id {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %.80q: its code has the id %s", id, got)
		}
		if _, found := programs[id]; found {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %s is listed twice", id)
		}
		// A program that was accepted stays valid when the parameters shrink.
		if err := p.Program.Validate(widestParams()); err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %s: %s", id, err)
		}
		if uint64(p.Program.CodeSize) != uint64(len(p.Code)) {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %s: code_size %d, expected %d", id, p.Program.CodeSize, len(p.Code))
		}
		programs[id] = p.Program
	}
	return programs, nil
}

// tally is what the contributions to a job add up to.
type tally struct {
	contributions, delivered uint32
	operations               uint64
	owners, deliveredOwners  map[string]bool
	reserved                 Funds
	records                  map[string]bool
	list                     []Contribution
}

func newTally() *tally {
	return &tally{
		owners: map[string]bool{}, deliveredOwners: map[string]bool{},
		records: map[string]bool{}, reserved: ZeroFunds(),
	}
}

func (gs GenesisState) validateContributions() (map[string]*tally, error) {
	tallies := make(map[string]*tally)
	for i, gc := range gs.Contributions {
		c := gc.Contribution
		if err := c.Attestation.Validate(); err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: %s", i, err)
		}
		if err := c.Fee.validate(); err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: fee: %s", i, err)
		}
		if err := validateAmount(c.SeatFee); err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: seat_fee: %s", i, err)
		}
		if c.Status < CONTRIBUTION_STATUS_ATTESTED || c.Status > CONTRIBUTION_STATUS_INVALID {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: status %s", i, c.Status)
		}
		secure := c.Attestation.Round > 0
		if (gc.Shared != nil) != (secure && !c.Settled()) || (secure && gc.Sealed != nil) {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: expected shares where it is to a round and not settled, and a vector where it is to none", i)
		}
		needsVector := !secure && (c.Status == CONTRIBUTION_STATUS_DELIVERED || c.Status == CONTRIBUTION_STATUS_PAID)
		if needsVector && gc.Sealed == nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d is delivered without a vector", i)
		}
		if c.Status == CONTRIBUTION_STATUS_ATTESTED && gc.Sealed != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d has a vector and is not delivered", i)
		}
		t := tallies[c.Attestation.JobId]
		if t == nil {
			t = newTally()
			tallies[c.Attestation.JobId] = t
		}
		if t.records[c.Attestation.RecordId] {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: record %s contributes twice", i, c.Attestation.RecordId)
		}
		t.records[c.Attestation.RecordId] = true
		t.list = append(t.list, c)
		t.contributions++
		t.owners[c.Owner] = true
		t.reserved = t.reserved.Add(c.Fee)
		operations, err := terms.AddOperations(t.operations, c.Attestation.Operations)
		if err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: %s", i, err)
		}
		t.operations = operations
		if gc.Sealed != nil {
			t.delivered++
			t.deliveredOwners[c.Owner] = true
		}
	}
	return tallies, nil
}

func (gs GenesisState) validateJobs(programs map[string]Program, tallies map[string]*tally) error {
	seen := make(map[string]bool, len(gs.Jobs))
	for _, j := range gs.Jobs {
		if err := ValidateJobID(j.Id); err != nil {
			return errorsmod.Wrap(ErrInvalidGenesis, err.Error())
		}
		if seen[j.Id] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "job %s is listed twice", j.Id)
		}
		seen[j.Id] = true
		if err := j.validate(programs); err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "job %s: %s", j.Id, err)
		}
		t := tallies[j.Id]
		if t == nil {
			t = newTally()
		}
		if err := j.agrees(t); err != nil {
			return errorsmod.Wrapf(ErrInvalidGenesis, "job %s: %s", j.Id, err)
		}
	}
	for i, gc := range gs.Contributions {
		if id := gc.Contribution.Attestation.JobId; !seen[id] {
			return errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: no job %s", i, id)
		}
	}
	return nil
}

func (j Job) validate(programs map[string]Program) error {
	if err := j.Spec.Validate(widestParams()); err != nil {
		return err
	}
	program, found := programs[j.Spec.ProgramId]
	if !found {
		return errorsmod.Wrapf(ErrProgramNotFound, "%s", j.Spec.ProgramId)
	}
	if err := j.validateMicroRho(program); err != nil {
		return err
	}
	if err := j.validateSecure(); err != nil {
		return err
	}
	if (j.Status == JOB_STATUS_FAILED) != (j.Failure != FAILURE_REASON_UNSPECIFIED) && j.Status != JOB_STATUS_SETTLING {
		return errorsmod.Wrapf(ErrInvalidJob, "status %s with failure %s", j.Status, j.Failure)
	}
	for _, f := range []Funds{j.Reserved, j.Paid, j.Refunded, j.Settled} {
		if err := f.validate(); err != nil {
			return errorsmod.Wrap(ErrInvalidJob, err.Error())
		}
	}
	if err := ValidatePrice(j.DataPerAlita); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "data_per_alita: %s", err)
	}
	if j.StakersFeePpm > maxStakersFeePPM {
		return errorsmod.Wrapf(ErrInvalidJob, "stakers_fee_ppm %d: expected at most %d", j.StakersFeePpm, maxStakersFeePPM)
	}
	if err := validateDrawFee(ErrInvalidJob, j.DrawFee); err != nil {
		return err
	}
	if !j.IsSecure() && !j.DrawFee.IsZero() {
		return errorsmod.Wrapf(ErrInvalidJob, "draw_fee %s: expected 0 in direct delivery, which draws nobody", j.DrawFee)
	}
	held := j.Held()
	if !held.Covers(ZeroFunds()) || (!j.Open() && !held.IsZero()) {
		return errorsmod.Wrapf(ErrInvalidJob, "the escrow of a job that is %s would hold %s", j.Status, held.Text())
	}
	return nil
}

func (j Job) agrees(t *tally) error {
	if j.IsSecure() {
		return j.CheckCounts(t.list)
	}
	for _, c := range []struct {
		name      string
		got, want uint64
	}{
		{"contributions", uint64(j.Contributions), uint64(t.contributions)},
		{"delivered", uint64(j.Delivered), uint64(t.delivered)},
		{"owners", uint64(j.Owners), uint64(len(t.owners))},
		{"delivered_owners", uint64(j.DeliveredOwners), uint64(len(t.deliveredOwners))},
		{"operations", j.Operations, t.operations},
	} {
		if c.got != c.want {
			return errorsmod.Wrapf(ErrInvalidJob, "%s %d: its contributions have %d", c.name, c.got, c.want)
		}
	}
	if !j.Reserved.Equal(t.reserved) {
		return errorsmod.Wrapf(ErrInvalidJob, "reserved %s: its contributions have %s", j.Reserved.Text(), t.reserved.Text())
	}
	return nil
}

// widestParams are the parameters that allow the most.
func widestParams() Params {
	return Params{
		MaxCodeBytes: maxCodeBytes, MaxInputBytes: maxInputBytes, MaxVectorLength: maxVectorLength,
		MaxCohort: maxCohort, MaxPhaseBlocks: maxPhaseBlocks, StakersFeePpm: maxStakersFeePPM,
		MaxJobsPerBlock: maxWorkPerBlock, MaxPaymentsPerBlock: maxWorkPerBlock,
		MinSeatBond: math.OneInt(), StallSlashPpm: terms.PPM, SeatUnbondBlocks: maxPhaseBlocks,
		MaxAttempts: maxAttempts, MaxRounds: maxRounds, MaxContributionBytes: maxContributionBytes,
		SeatBytesPerBlock: maxSeatBytes, DrawFee: math.NewInt(maxDrawFee),
		MinWindowBlocks: leastWindowBlocks, MaxJobBlocks: mostJobBlocks,
	}
}
