package worker

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
	Version   chain.Version // the admitted one
	Grants    []chain.Grant
	Height    int64     // newest block
	Time      time.Time // its time
	MaxShared uint32    // how large the shares of a contribution to a secure sum may be, in bytes
}

// Plan is what a run of a candidate needs.
type Plan struct {
	Operations uint64              // by the program's cost model at the committed rows
	Columns    []fixedpoint.Column // how the job's columns become integers, in its order
	Fee        terms.Funds         // what the owner's contribution is billed
}

// Decline says why a worker takes no part.
type Decline struct {
	Reason string
	// Final reports whether nothing that the chain can still do would change it while the job is open.
	Final bool
}

// Decide compares a candidate with the policy, the record's grants and the state of the chain. Exactly one of its
// results is set. It has no effects and depends on its arguments alone.
func (p *Policy) Decide(c Candidate) (Plan, *Decline) {
	for _, check := range []func(Candidate) *Decline{
		p.checkJob, p.checkProgram, p.checkSecure, checkRecord, p.checkGrants, checkNoise, checkWindow,
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
	s := c.Job.Spec
	switch {
	case !p.AllowsRecord(c.Record.Id):
		return final("policy: the record is not among records")
	case c.Record.Owner != p.Owner:
		return final("the record belongs to %s, not to the owner of this worker", c.Record.Owner)
	case len(p.Consumers) > 0 && !slices.Contains(p.Consumers, c.Job.Consumer):
		return final("policy: consumer %s is not among consumers", c.Job.Consumer)
	case len(p.Purposes) > 0 && !slices.Contains(p.Purposes, s.Purpose):
		return final("policy: purpose %q is not among purposes", s.Purpose)
	case s.PricePerMop.IsNil() || s.PricePerMop.BigInt().Cmp(p.minPrice()) < 0:
		return final("policy: price %s ualita for a million operations, at least %d wanted", s.PricePerMop, p.MinPricePerMop)
	case s.MinCohort < p.MinCohort:
		return final("policy: cohort of %d owners, at least %d wanted", s.MinCohort, p.MinCohort)
	case c.Job.IsSecure():
	case s.Delivery != chain.DeliveryDirect:
		return final("delivery %s is not known to this worker", s.Delivery)
	case !p.IndividualResults:
		return final("policy: direct delivery lets the payer read this owner's own result, and individual_results is false")
	}
	return nil
}

func (p *Policy) checkProgram(c Candidate) *Decline {
	g, s := c.Program, c.Job.Spec
	if g.Id != s.ProgramId {
		return final("the node answered with program %s instead of %s", g.Id, s.ProgramId)
	}
	if !p.AnyProgram && !slices.Contains(p.Programs, g.Id) && !slices.Contains(p.Authors, g.Author) {
		return final("policy: program %s (%s by %s) is neither among programs nor by one of authors", g.Id, g.Name, g.Author)
	}
	if g.MeteringVersion != metering.MeteringVersion {
		return final("program %s counts operations by cost table %d, this worker by %d", g.Id, g.MeteringVersion, metering.MeteringVersion)
	}
	if err := g.Shape.Check(uint32(len(s.Columns)), s.Length); err != nil {
		return final("the job does not fit the program: %s", err)
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
	return final("policy: %d seats, at least %d wanted", c.Job.Spec.Secure.Seats, p.MinSeats)
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
		return final("the shares of %d slots of %d bits for %d seats take %d bytes, a contribution may have %d",
			c.Job.Spec.Length, c.Job.Bits(c.Program), c.Job.Spec.Secure.Seats, size, c.MaxShared)
	}
	return nil
}

func checkRecord(c Candidate) *Decline {
	v := c.Version
	switch {
	case c.Record.PoolId != c.Job.Spec.PoolId:
		return final("the record is in pool %d, the job asks pool %d", c.Record.PoolId, c.Job.Spec.PoolId)
	case c.Record.Status != chain.RecordActive:
		return open("the record is %s", c.Record.Status)
	case v.Status != chain.VersionAdmitted:
		return open("version %s of the record is %s", v.Content.Version, v.Status)
	}
	for _, col := range c.Job.Spec.Columns {
		if !slices.Contains(v.Content.Columns, col) {
			return final("the record has no column %q", col)
		}
	}
	if err := c.Program.Kind.CheckRows(v.Content.Commitment.Rows); err != nil {
		return open("version %s of the record does not fit the program: %s", v.Content.Version, err)
	}
	return nil
}

func (p *Policy) checkGrants(c Candidate) *Decline {
	if _, err := chain.ParseAddress(c.Job.Consumer); err != nil {
		return final("consumer: %s", err)
	}
	req := terms.GrantRequest{
		Consumer:    c.Job.Consumer,
		ProgramID:   c.Job.Spec.ProgramId,
		Purpose:     c.Job.Spec.Purpose,
		PricePerMop: c.Job.Spec.PricePerMop,
		MinCohort:   c.Job.Spec.MinCohort,
		Individual:  c.Job.Spec.Delivery == chain.DeliveryDirect,
		Exact:       noiseVariance(c.Job) == 0,
	}
	if len(c.Grants) == 0 {
		return open("the record has no grant")
	}
	var lacks []string
	for _, g := range c.Grants {
		why := g.Terms.Lacks(req, g.Uses, c.Time)
		if why == "" {
			return nil
		}
		lacks = append(lacks, fmt.Sprintf("grant %d %s", g.Id, why))
	}
	return open("no grant allows it: %s", strings.Join(lacks, "; "))
}

func checkWindow(c Candidate) *Decline {
	switch {
	case c.Job.Status != chain.JobContributing:
		return final("the job is %s", c.Job.Status)
	case c.Height >= c.Job.DeadlineHeight:
		return final("the window for contributions closes with block %d, the newest is %d", c.Job.DeadlineHeight, c.Height)
	case c.Job.Owners >= c.Job.Spec.MaxCohort:
		return final("the job has its %d owners", c.Job.Spec.MaxCohort)
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
		return Plan{}, final("the cost model says %d operations, 1 to %d can be metered", ops, uint64(metering.MaxOperations))
	}
	if p.MaxOperations > 0 && ops > p.MaxOperations {
		return Plan{}, final("policy: %d operations, at most %d wanted", ops, p.MaxOperations)
	}
	fee, err := terms.Fees(ops, s.PricePerMop, c.Job.DataPerAlita)
	if err != nil {
		return Plan{}, final("fee: %s", err)
	}
	reserves := fee
	for _, seat := range c.Job.Seats {
		reserves.Alita = reserves.Alita.Add(seat.Fee)
	}
	if left := s.Budget.Sub(c.Job.Reserved); !left.Covers(reserves) {
		return Plan{}, final("the job's budget has %s left, this contribution is billed %s", left.Text(), reserves.Text())
	}
	columns, _, err := fixedpoint.ParseHeader(s.Input)
	if err != nil {
		return Plan{}, final("input of the job: %s", err)
	}
	if len(columns) != len(s.Columns) {
		return Plan{}, final("the job's input describes %d columns, the job reads %d", len(columns), len(s.Columns))
	}
	return Plan{Operations: ops, Columns: columns, Fee: fee}, nil
}
