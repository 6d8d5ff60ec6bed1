package worker

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/rows/fixedpoint"
	"github.com/alita-network/alita/terms"
)

// Candidate is one record in one job, with all that the chain says about both.
type Candidate struct {
	Job       chain.Job
	Program   chain.Program
	Record    chain.Record
	Version   chain.Version     // the admitted one, or over panels the one of the panel's edition
	Panel     *chain.Membership // the record's part in its panel, in jobs over panels; nil in others
	Grants    []chain.Grant
	Height    int64     // newest block
	Time      time.Time // its time
	MaxShared uint32    // how large the shares of a contribution to a secure sum may be, in bytes
}

// Plan holds the figures that a run of a candidate needs.
type Plan struct {
	Operations uint64              // by the program's cost model at the committed rows
	Columns    []fixedpoint.Column // how the job's columns become integers, in its order
	Fee        terms.Funds         // what the owner's contribution is billed
}

// Decline says why a worker takes no part.
type Decline struct {
	Reason string
	// Final reports whether the decision stands for as long as the job is open, whatever the chain does.
	Final bool
}

// Decide compares a candidate with the policy, the record's grants and the state of the chain. Exactly one of its
// results is set. It has no effects and depends only on its arguments.
func (p *Policy) Decide(c Candidate) (Plan, *Decline) {
	for _, check := range []func(Candidate) *Decline{
		p.checkJob, p.checkProgram, p.checkSecure, p.checkPanel, checkRecord, p.checkGrants, checkNoise, checkWindow,
	} {
		if d := check(c); d != nil {
			return Plan{}, d
		}
	}
	return p.plan(c)
}

func final(format string, args ...any) *Decline {
	return &Decline{Reason: fmt.Sprintf(format, args...), Final: true}
}

func open(format string, args ...any) *Decline {
	return &Decline{Reason: fmt.Sprintf(format, args...)}
}

func (p *Policy) checkJob(c Candidate) *Decline {
	s, data := c.Job.Spec, c.Job.Statement().GrantRequest().DataPerMop
	switch {
	case !p.AllowsRecord(c.Record.Id):
		return final("policy: records: expected a listed one, got %s", c.Record.Id)
	case c.Record.Owner != p.Owner:
		return final("owner of the record: expected %s, as in the policy, got %s", p.Owner, c.Record.Owner)
	case len(p.Consumers) > 0 && !slices.Contains(p.Consumers, c.Job.Consumer):
		return final("policy: consumers: expected a listed one, got %s", c.Job.Consumer)
	case len(p.Purposes) > 0 && !slices.Contains(p.Purposes, s.Purpose):
		return final("policy: purposes: expected a listed one, got %q", s.Purpose)
	case s.PricePerMop.IsNil() || s.PricePerMop.BigInt().Cmp(p.minPrice()) < 0:
		return final("policy: min_price_per_mop: expected at least %d ualita, got %s", p.MinPricePerMop, s.PricePerMop)
	case p.MinDataFee > 0 && (data.IsNil() || data.LT(math.NewIntFromUint64(p.MinDataFee))):
		return final("policy: min_data_fee: expected at least %d units for a million operations, got %s", p.MinDataFee, data)
	case s.MinCohort < p.MinCohort:
		return final("policy: min_cohort: expected at least %d owners, got %d", p.MinCohort, s.MinCohort)
	case c.Job.IsSecure():
	case s.Delivery != chain.DeliveryDirect:
		return final("delivery: expected %s or %s, got %s", chain.DeliveryDirect, chain.DeliverySecureSum, s.Delivery)
	case !p.IndividualResults:
		return final("policy: individual_results: expected true for direct delivery, in which the payer reads this owner's own result, got false")
	}
	return nil
}

func (p *Policy) checkProgram(c Candidate) *Decline {
	g, s := c.Program, c.Job.Spec
	if g.Id != s.ProgramId {
		return final("program: expected %s from the node, got %s", s.ProgramId, g.Id)
	}
	if !slices.Contains(p.Programs, g.Id) && !slices.Contains(p.Authors, g.Author) {
		switch {
		case !p.AnyProgram:
			return final("policy: programs, authors: expected a listed program or author, got %s (%s by %s)", g.Id, g.Name, g.Author)
		case !c.Job.IsNoised():
			return final("policy: any_program: expected a job with noise, as a program that nobody has looked at can write single rows into an exact "+
				"answer; to let it answer without noise list it in programs, got %s (%s by %s)", g.Id, g.Name, g.Author)
		}
	}
	if g.MeteringVersion != metering.MeteringVersion {
		return final("metering_version of program %s: expected %d, the cost table of this worker, got %d", g.Id, metering.MeteringVersion, g.MeteringVersion)
	}
	if err := g.Shape.Check(uint32(len(s.Columns)), s.Length); err != nil {
		return final("job for program %s: %s", g.Id, err)
	}
	return nil
}

// Allows reports whether the policy itself, which may be another one since the run, still lets a record take part in a job.
func (p *Policy) Allows(job chain.Job, program chain.Program, record string) *Decline {
	c := Candidate{Job: job, Program: program, Record: chain.Record{Id: record, Owner: p.Owner}}
	for _, check := range []func(Candidate) *Decline{p.checkJob, p.checkProgram, p.checkSeats} {
		if d := check(c); d != nil {
			return d
		}
	}
	return nil
}

func (p *Policy) checkSeats(c Candidate) *Decline {
	if !c.Job.IsSecure() || c.Job.Spec.Secure.Seats >= p.MinSeats {
		return nil
	}
	return final("policy: min_seats: expected at least %d, got %d", p.MinSeats, c.Job.Spec.Secure.Seats)
}

// checkSecure checks how a secure sum is made, and that the shares of its vector can be sent, before anything is computed.
func (p *Policy) checkSecure(c Candidate) *Decline {
	if !c.Job.IsSecure() {
		return nil
	}
	if d := p.checkSeats(c); d != nil {
		return d
	}
	sum, err := chain.ProtocolOf(p.ChainID, c.Job, c.Program)
	if err != nil {
		return final("secure sum: %s", err)
	}
	if size := SharedSize(sum); size > int(c.MaxShared) {
		return final("shares of %d slots of %d bits for %d seats: expected at most %d bytes, got %d",
			c.Job.Spec.Length, c.Job.Bits(c.Program), c.Job.Spec.Secure.Seats, c.MaxShared, size)
	}
	return nil
}

func checkRecord(c Candidate) *Decline {
	v := c.Version
	switch {
	case c.Record.PoolId != c.Job.Spec.PoolId:
		return final("pool of the record: expected %d, as in the job, got %d", c.Job.Spec.PoolId, c.Record.PoolId)
	case c.Record.Status != chain.RecordActive:
		return open("record: expected %s, got %s", chain.RecordActive, c.Record.Status)
	case v.Status != chain.VersionAdmitted && !(c.Job.OverPanels() && v.Status == chain.VersionSuperseded):
		return open("version %s of the record: expected %s, got %s", v.Content.Version, chain.VersionAdmitted, v.Status)
	}
	for _, col := range c.Job.Spec.Columns {
		if !slices.Contains(v.Content.Columns, col) {
			return final("columns of the record: expected %q among them, got %d others", col, len(v.Content.Columns))
		}
	}
	if err := c.Program.Kind.CheckRows(v.Content.Commitment.Rows); err != nil {
		return open("version %s of the record: %s", v.Content.Version, err)
	}
	return nil
}

func (p *Policy) checkGrants(c Candidate) *Decline {
	if _, err := chain.ParseAddress(c.Job.Consumer); err != nil {
		return final("consumer: %s", err)
	}
	if c.Job.OverPanels() && c.Job.Statement().Exact() {
		return nil // the terms of the panel stand in place of grants
	}
	req := c.Job.Statement().GrantRequest()
	if len(c.Grants) == 0 {
		return open("grants of the record: expected one that allows the job, got none; the owner gives one with `alitad tx metadata grant`")
	}
	var lacks []string
	for _, g := range c.Grants {
		uses := g.Uses + g.Reserved
		if repeated(c.Job) && g.Reserved > 0 {
			uses--
		}
		why := g.Terms.Lacks(req, uses, c.Time)
		if why == "" {
			return nil
		}
		lacks = append(lacks, fmt.Sprintf("grant %d %s", g.Id, why))
	}
	return open("grants of the record: expected one that allows the job, got %s", strings.Join(lacks, "; "))
}

// repeated reports whether the record may have set aside the same for an earlier attempt of the round, which the chain gives back
// when the record contributes again: no opening has begun.
func repeated(job chain.Job) bool { return job.Attempt > 1 && job.OpenedAttempts == 0 }

func checkWindow(c Candidate) *Decline {
	switch {
	case c.Job.Status != chain.JobContributing:
		return final("job: expected %s, got %s", chain.JobContributing, c.Job.Status)
	case c.Height >= c.Job.DeadlineHeight:
		return final("window for contributions: expected a block before %d, got %d", c.Job.DeadlineHeight, c.Height)
	case c.Job.Owners >= c.Job.Spec.MaxCohort:
		return final("cohort: expected fewer than %d owners, got %d", c.Job.Spec.MaxCohort, c.Job.Owners)
	}
	return nil
}

func (p *Policy) plan(c Candidate) (Plan, *Decline) {
	s := c.Job.Spec
	ops, err := c.Program.Cost.Operations(c.Version.Content.Commitment.Rows, uint32(len(s.Columns)), s.Length)
	if err != nil {
		return Plan{}, final("cost model: %s", err)
	}
	if ops == 0 || ops > metering.MaxOperations {
		return Plan{}, final("cost model: expected 1 to %d operations, got %d", uint64(metering.MaxOperations), ops)
	}
	if p.MaxOperations > 0 && ops > p.MaxOperations {
		return Plan{}, final("policy: max_operations: expected at most %d, got %d", p.MaxOperations, ops)
	}
	fee, err := terms.Fees(ops, s.PricePerMop, c.Job.DataPerAlita)
	if err != nil {
		return Plan{}, final("fee: %s", err)
	}
	if rows := c.Version.Content.Commitment.Rows; s.MaxRows > 0 && rows > s.MaxRows {
		return Plan{}, final("max_rows of the job: expected a record of at most %d, got %d", s.MaxRows, rows)
	}
	if s.MaxFee > 0 && fee.Alita.GT(math.NewIntFromUint64(s.MaxFee)) {
		return Plan{}, final("max_fee of the job: expected a contribution of at most %d ualita, got %s", s.MaxFee, fee.Alita)
	}
	reserves := fee
	for _, seat := range c.Job.Seats {
		reserves.Alita = reserves.Alita.Add(seat.Fee)
	}
	if left := s.Budget.Sub(c.Job.Reserved); !left.Covers(reserves) {
		return Plan{}, final("budget of the job: expected at least %s for this contribution, got %s", reserves.Text(), left.Text())
	}
	columns, _, err := fixedpoint.ParseHeader(s.Input)
	if err != nil {
		return Plan{}, final("input of the job: %s", err)
	}
	if len(columns) != len(s.Columns) {
		return Plan{}, final("input of the job: expected %d columns, got %d", len(s.Columns), len(columns))
	}
	return Plan{Operations: ops, Columns: columns, Fee: fee}, nil
}
