package consumer

import (
	"cosmossdk.io/math"

	"github.com/alita-network/alita/analysis"
	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
)

// What a Request asks for unless it says otherwise. The windows are in blocks.
const (
	DefaultMinCohort        = 3
	DefaultRho              = "0.1" // if there is to be noise
	DefaultSeats            = analysis.DefaultSeats
	DefaultContributeBlocks = 100
	DefaultDeliverBlocks    = 100
	DefaultSeatBlocks       = 30
	DefaultVerifyBlocks     = 100
	DefaultOpenBlocks       = 100
	DefaultNextBlocks       = 1000
)

// Request is a question with the terms of its job. Zero fields have defaults,
// except PoolID and PricePerMop.
type Request struct {
	Question Question
	// PoolID is the pool whose records are asked.
	PoolID uint64
	// Panels are the panels over which the sum is made: over all of their members, or the job fails. Then neither
	// MinCohort nor MaxCohort counts. A sum without noise needs at least one.
	Panels []string
	// Purpose is the purpose of the answer, as the owners' grants name it.
	Purpose string
	// PricePerMop is the price of a million operations, in ualita.
	PricePerMop math.Int
	// MinCohort is the smallest number of owners, below which nothing is readable
	// and nothing is paid.
	MinCohort uint32
	// MaxCohort is the greatest number of owners; 0 for all records of the pool.
	MaxCohort uint32
	// Budget and DataBudget go into escrow, in ualita and in units of the pool's
	// Data Token. Nil Ints stand for what all records and seats cost in all rounds,
	// and a tenth more of Data Tokens, since their price may move.
	Budget, DataBudget math.Int
	// MaxSpend is the most that goes into escrow and is burned where the node names the
	// amount, in ualita: the draw fee, and the budget if Budget is nil. A nil Int stands
	// for DefaultMaxSpend.
	MaxSpend math.Int
	// OwnerRows is how many rows the records of one owner may have in a round: rows are what owners say they have, and
	// each is billed. 0 stands for ten times the mean of a record, or all rows that there are if these are fewer.
	OwnerRows uint64
	// OwnerFee is the most that one owner may earn as computation fee in a round, in ualita; 0 for what OwnerRows cost.
	OwnerFee uint64
	// ContributeBlocks is how long owners can contribute to a round.
	ContributeBlocks uint32

	// Direct reads each owner's own vector, if every owner's grant allows it, in
	// place of a sum. It has one round, DeliverBlocks, and none of the fields below.
	Direct        bool
	DeliverBlocks uint32

	// Seats is among how many validators each vector is shared. It stays hidden as
	// long as one of them is honest.
	Seats uint32
	// SeatFee is the most that a seat may ask for a contribution, in ualita. A nil
	// Int stands for the lowest for which twice the seats can be drawn.
	SeatFee math.Int
	// Public lets everybody read the sum.
	Public bool
	// Rounds is the greatest number of rounds; 0 for as many as the question takes.
	Rounds uint32
	// SeatBlocks is how long drawn seats can take their places, VerifyBlocks how long
	// seats verify and owners contest, OpenBlocks how long seats open their sums and
	// the reader disputes them, NextBlocks how long the next round can be asked.
	SeatBlocks, VerifyBlocks, OpenBlocks, NextBlocks uint32
}

// Check refuses what no chain could make a job of. Quote checks it first.
func (r Request) Check() error {
	_, err := newDraft(r)
	return err
}

// draft is a job as far as it follows from the request.
type draft struct {
	request Request
	spec    types.JobSpec
	// shipped is nil for a foreign program.
	shipped *programs.Program
	session analysis.Session
}

// newDraft checks a request and fills in its defaults.
func newDraft(r Request) (*draft, error) {
	if r.PoolID == 0 {
		return nil, fieldError("pool", "expected the number of a pool, got 0")
	}
	if r.PricePerMop.IsNil() {
		return nil, fieldError("price", "expected the price of a million operations, got none")
	}
	r.Question = r.Question.among(orDefault(r.Seats, DefaultSeats))
	session, err := r.Question.Session()
	if err != nil {
		return nil, err
	}
	id, shipped, err := r.Question.program()
	if err != nil {
		return nil, err
	}
	rounds := uint32(session.MaxRounds())
	if r.Rounds > rounds {
		return nil, fieldError("rounds", "expected at most %d, after which %s has its answer, got %d", rounds, session.Program().Name, r.Rounds)
	}
	if r.Rounds > 0 {
		rounds = r.Rounds
	}
	job := session.Job()
	d := &draft{request: r, shipped: shipped, session: session, spec: types.JobSpec{
		PoolId: r.PoolID, ProgramId: id, Columns: job.Columns, Input: job.Input, Length: uint32(job.Length), Purpose: r.Purpose,
		MinCohort: orDefault(r.MinCohort, DefaultMinCohort), MaxCohort: r.MaxCohort, PricePerMop: r.PricePerMop,
		ContributeBlocks: orDefault(r.ContributeBlocks, DefaultContributeBlocks), MaxRows: r.OwnerRows, MaxFee: r.OwnerFee,
	}}
	if err := d.overPanels(); err != nil {
		return nil, err
	}
	if r.Direct {
		return d, d.deliverDirectly(rounds)
	}
	return d, d.sumSecurely(rounds, job)
}

// deliverDirectly asks for the owners' own vectors.
func (d *draft) deliverDirectly(rounds uint32) error {
	r := d.request
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"public", r.Public},
		{"seat-fee", !r.SeatFee.IsNil()},
		{"seats", r.Seats > 0},
		{"rho", d.session.Job().MicroRho > 0},
	} {
		if f.set {
			return fieldError(f.name, "expected none with direct delivery, which has no seats")
		}
	}
	if rounds > 1 {
		return fieldError("rounds", "expected 1 with direct delivery, got %d: only secure sums have more", rounds)
	}
	d.spec.Delivery = types.DELIVERY_DIRECT
	d.spec.DeliverBlocks = orDefault(r.DeliverBlocks, DefaultDeliverBlocks)
	return nil
}

// sumSecurely asks for a sum. The slots of a row program are as narrow as the
// question allows.
func (d *draft) sumSecurely(rounds uint32, job analysis.Job) error {
	r := d.request
	if job.MicroRho == 0 && len(r.Panels) == 0 {
		return &FieldError{Field: "panels", Err: ErrNoPanels}
	}
	sum := &types.SecureSum{
		Seats: orDefault(r.Seats, DefaultSeats), MaxSeatFee: math.ZeroInt(), PublicResult: r.Public, Rounds: rounds,
		Ranges: types.RangesOf(job.Ranges), MicroRho: job.MicroRho,
		SeatBlocks:   orDefault(r.SeatBlocks, DefaultSeatBlocks),
		VerifyBlocks: orDefault(r.VerifyBlocks, DefaultVerifyBlocks),
		OpenBlocks:   orDefault(r.OpenBlocks, DefaultOpenBlocks),
		NextBlocks:   orDefault(r.NextBlocks, DefaultNextBlocks),
	}
	if !r.SeatFee.IsNil() {
		sum.MaxSeatFee = r.SeatFee
	}
	d.spec.Delivery, d.spec.Secure = types.DELIVERY_SECURE_SUM, sum
	// The slots of a program that takes batches are as wide as it says: with narrower ones a consumer could leave out whoever does not fit.
	if len(job.Ranges) > 0 {
		sum.Bits = uint32(job.Bits)
	}
	return nil
}

// orDefault is a number, or its default if it is 0.
func orDefault(n, otherwise uint32) uint32 {
	if n == 0 {
		return otherwise
	}
	return n
}
