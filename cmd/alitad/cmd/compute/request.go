package compute

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	flagPool             = "pool"
	flagPurpose          = "purpose"
	flagPrice            = "price"
	flagMinCohort        = "min-cohort"
	flagMaxCohort        = "max-cohort"
	flagBudget           = "budget"
	flagDataBudget       = "data-budget"
	flagContributeBlocks = "contribute-blocks"
	flagDeliverBlocks    = "deliver-blocks"
	flagDirect           = "direct"
	flagSeats            = "seats"
	flagSeatFee          = "seat-fee"
	flagPublic           = "public"
	flagRounds           = "rounds"
	flagSeatBlocks       = "seat-blocks"
	flagVerifyBlocks     = "verify-blocks"
	flagOpenBlocks       = "open-blocks"
	flagNextBlocks       = "next-blocks"
	flagNoiseVariance    = "noise-variance"
)

func addRequestFlags(f *pflag.FlagSet) {
	addQuestionFlags(f)
	f.Uint64(flagPool, 0, "pool whose records are asked")
	f.String(flagPurpose, "", "what the answer is for, as the owners' grants name it")
	f.String(flagPrice, "", "price of a million operations, as in 0.5ALITA")
	f.Uint32(flagMinCohort, 3, "smallest number of owners")
	f.Uint32(flagMaxCohort, 0, "greatest number of owners (default: as many as the pool has records)")
	f.String(flagBudget, "", "ALITA that go into escrow (default: what all records of the pool and the seats cost in all rounds)")
	f.String(flagDataBudget, "", "Data Tokens that go into escrow (default: of the same value, and a tenth more)")
	f.Uint32(flagContributeBlocks, 100, "blocks in which owners can contribute to a round")
	f.Bool(flagDirect, false, "read each owner's own vector, where every owner allows it, in place of a sum that only as a whole is readable")
	f.Uint32(flagDeliverBlocks, 100, "--direct: blocks in which contributors can deliver")
	f.Uint32(flagSeats, 3, "validators among whom each vector is shared; it stays hidden as long as one of them is honest")
	f.String(flagSeatFee, "", "most that a seat may ask for a contribution (default: enough that twice the seats can be drawn)")
	f.Bool(flagPublic, false, "let everybody read the sum")
	f.Uint64(flagNoiseVariance, 0, "variance of the noise that each owner adds to each count, charged to the owners' privacy budgets; histogram and contingency (default: an exact sum)")
	f.Uint32(flagRounds, 0, "most rounds (default: what the program may need)")
	f.Uint32(flagSeatBlocks, 30, "blocks in which drawn seats take their places")
	f.Uint32(flagVerifyBlocks, 100, "blocks in which the seats verify, and owners can contest")
	f.Uint32(flagOpenBlocks, 100, "blocks in which the seats open their sums, and you can dispute them")
	f.Uint32(flagNextBlocks, 1000, "blocks in which you can go on with the next round, also after an interruption")
}

// request is what the flags ask for, without what only the chain knows.
type request struct {
	spec     types.JobSpec
	question question
	shipped  *programs.Program
	chainID  string
	// rounds is how many the question takes at most.
	rounds uint32
	// slotBits bound the slots of a program that ships; zero for another one.
	slotBits uint32
	// amounts as texts; empty for the default
	budget, dataBudget, seatFee string
}

// readRequest reads the flags of a run.
func readRequest(f *pflag.FlagSet) (request, error) {
	r := request{}
	r.spec.PoolId, _ = f.GetUint64(flagPool)
	r.spec.Columns, _ = f.GetStringSlice(flagColumns)
	r.spec.Purpose, _ = f.GetString(flagPurpose)
	r.spec.MinCohort, _ = f.GetUint32(flagMinCohort)
	r.spec.MaxCohort, _ = f.GetUint32(flagMaxCohort)
	r.spec.ContributeBlocks, _ = f.GetUint32(flagContributeBlocks)
	r.budget, _ = f.GetString(flagBudget)
	r.dataBudget, _ = f.GetString(flagDataBudget)
	r.seatFee, _ = f.GetString(flagSeatFee)
	if r.spec.PoolId == 0 {
		return request{}, errors.New("--pool is missing: expected the number of a pool")
	}
	if len(r.spec.Columns) == 0 {
		return request{}, errors.New("--columns is missing: expected at least one column")
	}
	price, _ := f.GetString(flagPrice)
	if price == "" {
		return request{}, errors.New("--price is missing: expected the price of a million operations, as in 0.5ALITA")
	}
	var err error
	if r.spec.PricePerMop, err = alita.parse(price); err != nil {
		return request{}, fmt.Errorf("--price: %w", err)
	}
	if err := r.readQuestion(f); err != nil {
		return request{}, err
	}
	return r, r.readDelivery(f)
}

// readDelivery reads how the answer is to reach the reader.
func (r *request) readDelivery(f *pflag.FlagSet) error {
	if direct, _ := f.GetBool(flagDirect); direct {
		for _, flag := range []string{flagPublic, flagSeatFee, flagSeats, flagNoiseVariance} {
			if f.Changed(flag) {
				return fmt.Errorf("--%s: expected no --%s, which has no seats", flag, flagDirect)
			}
		}
		if r.rounds > 1 {
			return fmt.Errorf("--%s: %s may take %d rounds, which only a secure sum has; expected --%s 1 or no --%s",
				flagDirect, r.shipped.Name, r.rounds, flagRounds, flagDirect)
		}
		r.spec.Delivery = types.DELIVERY_DIRECT
		r.spec.DeliverBlocks, _ = f.GetUint32(flagDeliverBlocks)
		return nil
	}
	sum := &types.SecureSum{MaxSeatFee: math.ZeroInt(), Rounds: r.rounds, Bits: r.slotBits}
	sum.Seats, _ = f.GetUint32(flagSeats)
	sum.PublicResult, _ = f.GetBool(flagPublic)
	sum.SeatBlocks, _ = f.GetUint32(flagSeatBlocks)
	sum.VerifyBlocks, _ = f.GetUint32(flagVerifyBlocks)
	sum.OpenBlocks, _ = f.GetUint32(flagOpenBlocks)
	sum.NextBlocks, _ = f.GetUint32(flagNextBlocks)
	r.spec.Delivery, r.spec.Secure = types.DELIVERY_SECURE_SUM, sum
	sum.NoiseVariance, _ = f.GetUint64(flagNoiseVariance)
	if err := r.makeRoomForNoise(); err != nil {
		return fmt.Errorf("--%s: %w", flagNoiseVariance, err)
	}
	if r.seatFee == "" {
		return nil
	}
	var err error
	if sum.MaxSeatFee, err = alita.parse(r.seatFee); err != nil {
		return fmt.Errorf("--%s: %w", flagSeatFee, err)
	}
	return nil
}

// fillBudget sets the budget from the flags, or from a quote of the chain, for every round that there may be. The
// price of the Data Token may move between the quote and the job, and what is left returns, so a tenth is added to that part.
func (r *request) fillBudget(quote types.QueryQuoteJobResponse, data unit) error {
	rounds := int64(1)
	if r.spec.Secure != nil {
		rounds = int64(r.spec.Secure.Rounds)
	}
	r.spec.Budget = types.Funds{
		Alita: quote.FeeAlita.Add(r.seatsPart(quote)).MulRaw(rounds),
		Data:  quote.FeeData.MulRaw(rounds).MulRaw(11).QuoRaw(10).AddRaw(1),
	}
	for _, b := range []struct {
		flag, text string
		unit       unit
		to         *math.Int
	}{{flagBudget, r.budget, alita, &r.spec.Budget.Alita}, {flagDataBudget, r.dataBudget, data, &r.spec.Budget.Data}} {
		if b.text == "" {
			continue
		}
		amount, err := b.unit.parse(b.text)
		if err != nil {
			return fmt.Errorf("--%s: %w", b.flag, err)
		}
		*b.to = amount
	}
	return nil
}

// seatsPart is what the seats get at most for all records in a round.
func (r *request) seatsPart(quote types.QueryQuoteJobResponse) math.Int {
	if r.spec.Secure == nil {
		return math.ZeroInt()
	}
	return r.spec.Secure.MaxSeatFee.MulRaw(int64(r.spec.Secure.Seats)).MulRaw(int64(quote.Records))
}
