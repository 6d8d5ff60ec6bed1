package types

import (
	errorsmod "cosmossdk.io/errors"
	"cosmossdk.io/math"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
)

// DefaultGenesis returns the state of a new network: no program and no job.
func DefaultGenesis() *GenesisState { return &GenesisState{Params: DefaultParams()} }

// Validate checks that the parts of the state agree with each other. The escrows
// are state of another module: they are checked when the state is loaded.
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
	if err := gs.validatePanelAnswers(); err != nil {
		return err
	}
	return gs.validateAttempts(programs)
}

func (gs GenesisState) validatePrograms() (map[string]Program, error) {
	programs := make(map[string]Program, len(gs.Programs))
	for _, p := range gs.Programs {
		id := p.Program.Id
		if got := terms.ProgramID(p.Code); got != id {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program id: expected %s, the hash of its code, got %.80q", got, id)
		}
		if _, found := programs[id]; found {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "programs: expected each once, got %s twice", id)
		}
		// A program that was accepted stays valid when the parameters shrink.
		if err := p.Program.Validate(widestParams()); err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %s: %s", id, err)
		}
		if err := p.validateRow(); err != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %s: %s", id, err)
		}
		if uint64(p.Program.CodeSize) != uint64(len(p.Code)) {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "program %s: code_size: expected %d, got %d", id, len(p.Code), p.Program.CodeSize)
		}
		programs[id] = p.Program
	}
	return programs, nil
}

// validateRow checks that a program of the present cost table is a row program exactly if its code is one. Programs of other tables are not run.
func (p GenesisProgram) validateRow() error {
	if p.Program.MeteringVersion != metering.MeteringVersion {
		return nil
	}
	limits := metering.DefaultLimits()
	limits.CodeBytes = len(p.Code)
	form, err := metering.Inspect(p.Code, limits)
	if err != nil {
		return errorsmod.Wrapf(ErrInvalidCode, "code: %s", err)
	}
	if p.Program.Row != (form != nil) {
		return errorsmod.Wrapf(ErrInvalidProgram, "row: expected %t, as its code is, got %t", form != nil, p.Program.Row)
	}
	if form == nil {
		return nil
	}
	return p.Program.ValidateRow(*form, widestParams())
}

// tally has the sums over the contributions to a job.
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
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: status: expected %s to %s, got %s",
				i, CONTRIBUTION_STATUS_ATTESTED, CONTRIBUTION_STATUS_INVALID, c.Status)
		}
		secure := c.Attestation.Round > 0
		if want := secure && !c.Settled(); (gc.Shared != nil) != want {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: shared: expected %s in round %d of one that is %s, got %s",
				i, oneOrNone(want), c.Attestation.Round, c.Status, oneOrNone(!want))
		}
		if secure && gc.Sealed != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: sealed: expected none in round %d of a secure sum, got one", i, c.Attestation.Round)
		}
		needsVector := !secure && (c.Status == CONTRIBUTION_STATUS_DELIVERED || c.Status == CONTRIBUTION_STATUS_PAID)
		if needsVector && gc.Sealed == nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: sealed: expected one of a contribution that is %s, got none", i, c.Status)
		}
		if c.Status == CONTRIBUTION_STATUS_ATTESTED && gc.Sealed != nil {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: sealed: expected none of a contribution that is %s, got one", i, c.Status)
		}
		t := tallies[c.Attestation.JobId]
		if t == nil {
			t = newTally()
			tallies[c.Attestation.JobId] = t
		}
		if t.records[c.Attestation.RecordId] {
			return nil, errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: expected each record once for a job, got %s twice", i, c.Attestation.RecordId)
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
			return errorsmod.Wrapf(ErrInvalidGenesis, "jobs: expected each once, got %s twice", j.Id)
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
			return errorsmod.Wrapf(ErrInvalidGenesis, "contribution %d: job_id: expected a job of the state, got %s", i, id)
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
		return errorsmod.Wrapf(ErrProgramNotFound, "program_id: expected a program of the state, got %s", j.Spec.ProgramId)
	}
	if err := j.validateMicroRho(program); err != nil {
		return err
	}
	if err := j.validateSecure(); err != nil {
		return err
	}
	if (j.Status == JOB_STATUS_FAILED) != (j.Failure != FAILURE_REASON_UNSPECIFIED) && j.Status != JOB_STATUS_SETTLING {
		return errorsmod.Wrapf(ErrInvalidJob, "failure: expected %s of a job that is %s, got %s", oneOrNone(j.Status == JOB_STATUS_FAILED), j.Status, j.Failure)
	}
	for _, f := range []struct {
		name  string
		funds Funds
	}{{"reserved", j.Reserved}, {"paid", j.Paid}, {"refunded", j.Refunded}, {"settled", j.Settled}} {
		if err := f.funds.validate(); err != nil {
			return errorsmod.Wrapf(ErrInvalidJob, "%s: %s", f.name, err)
		}
	}
	if err := ValidatePrice(j.DataPerAlita); err != nil {
		return errorsmod.Wrapf(ErrInvalidJob, "data_per_alita: %s", err)
	}
	if j.StakersFeePpm > maxStakersFeePPM {
		return errorsmod.Wrapf(ErrInvalidJob, "stakers_fee_ppm: expected at most %d, got %d", maxStakersFeePPM, j.StakersFeePpm)
	}
	if err := validateOpeningFee(ErrInvalidJob, "draw_fee", j.DrawFee); err != nil {
		return err
	}
	if j.AskedHeight < 0 {
		return errorsmod.Wrapf(ErrInvalidJob, "asked_height: expected at least 0, got %d", j.AskedHeight)
	}
	if j.Open() && !j.Refunded.IsZero() {
		return errorsmod.Wrapf(ErrInvalidJob, "refunded: expected nothing before the job ends, got %s", j.Refunded.Text())
	}
	held := j.Held()
	if !held.Covers(ZeroFunds()) || (!j.Open() && !held.IsZero()) {
		return errorsmod.Wrapf(ErrInvalidJob, "escrow: expected nothing in a closed job and no debt in an open one, got %s in one that is %s", held.Text(), j.Status)
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
			return errorsmod.Wrapf(ErrInvalidJob, "%s: expected %d, as the contributions have it, got %d", c.name, c.want, c.got)
		}
	}
	if !j.Reserved.Equal(t.reserved) {
		return errorsmod.Wrapf(ErrInvalidJob, "reserved: expected %s, as the contributions have it, got %s", t.reserved.Text(), j.Reserved.Text())
	}
	return nil
}

// widestParams are the parameters that allow the most.
func widestParams() Params {
	return Params{
		MaxCodeBytes: maxCodeBytes, MaxInputBytes: maxInputBytes, MaxVectorLength: maxVectorLength,
		MaxCohort: maxCohort, MaxPhaseBlocks: maxPhaseBlocks, StakersFeePpm: maxStakersFeePPM,
		MaxJobsPerBlock: maxJobsPerBlock, MaxPaymentsPerBlock: maxPaymentsPerBlock,
		MinSeatBond: math.OneInt(), StallSlashPpm: terms.PPM, SeatUnbondBlocks: maxPhaseBlocks,
		MaxAttempts: maxAttempts, MaxRounds: maxRounds, MaxContributionBytes: maxContributionBytes,
		SeatBytesPerBlock: maxSeatBytes, DrawFee: math.NewInt(maxDrawFee), OpenFee: math.NewInt(maxDrawFee),
		MinWindowBlocks: leastWindowBlocks, MaxJobBlocks: mostJobBlocks,
	}
}
