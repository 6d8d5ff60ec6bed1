package compute

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/client/consumer"
)

const (
	flagPool             = "pool"
	flagPurpose          = "purpose"
	flagPrice            = "price"
	flagMinCohort        = "min-cohort"
	flagMaxCohort        = "max-cohort"
	flagBudget           = "budget"
	flagDataBudget       = "data-budget"
	flagMaxSpend         = "max-spend"
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
	flagNoise            = "noise"
	flagRho              = "rho"
	flagPanels           = "panels"
	flagOwnerRows        = "owner-rows"
	flagOwnerFee         = "owner-fee"
)

func addRequestFlags(f *pflag.FlagSet) {
	addQuestionFlags(f)
	f.Uint64(flagPool, 0, "pool whose records are asked")
	f.StringSlice(flagPanels, nil, "panels over which the sum is made: over all of their members, or the job fails (default: over the owners who come, with --noise)")
	f.String(flagPurpose, "", "what the answer is for, as the owners' grants name it")
	f.String(flagPrice, "", "price of a million operations, as in 0.5ALITA")
	f.Uint32(flagMinCohort, consumer.DefaultMinCohort, "smallest number of owners")
	f.Uint32(flagMaxCohort, 0, "greatest number of owners (default: as many as the pool has records)")
	f.String(flagBudget, "", "ALITA that go into escrow (default: what all records of the pool and the seats cost in all rounds)")
	f.String(flagMaxSpend, "", "most ALITA for what the node names: the draw fee, and the budget unless --budget does (default 100ALITA)")
	f.String(flagDataBudget, "", "Data Tokens that go into escrow (default: of the same value, and a tenth more)")
	f.Uint64(flagOwnerRows, 0, "most rows that one owner may be paid for in a round, by what owners say they have (default: ten times the mean of a record)")
	f.String(flagOwnerFee, "", "most ALITA that one owner may earn as computation fee in a round (default: what --owner-rows cost)")
	f.Uint32(flagContributeBlocks, consumer.DefaultContributeBlocks, "blocks in which owners can contribute to a round")
	f.Bool(flagDirect, false, "read each owner's own vector, if every owner allows it, in place of a sum")
	f.Uint32(flagDeliverBlocks, consumer.DefaultDeliverBlocks, "--direct: blocks in which contributors can deliver")
	f.Uint32(flagSeats, consumer.DefaultSeats, "validators among whom each vector is shared; it stays hidden as long as one of them is honest")
	f.String(flagSeatFee, "", "most that a seat may ask for a contribution (default: enough that twice the seats can be drawn)")
	f.Bool(flagPublic, false, "let everybody read the sum")
	f.Bool(flagNoise, false, "ask for an answer with noise that hides each row; every program that ships but choice, or a row program with --ranges; each round is charged (default: an exact sum, over --panels)")
	f.String(flagRho, consumer.DefaultRho, "what a row may disclose of itself in a round, charged to the owners' privacy budgets; it asks for --noise")
	f.Uint32(flagRounds, 0, "most rounds (default: what the program may need)")
	f.Uint32(flagSeatBlocks, consumer.DefaultSeatBlocks, "blocks in which drawn seats take their places")
	f.Uint32(flagVerifyBlocks, consumer.DefaultVerifyBlocks, "blocks in which the seats verify, and owners can contest")
	f.Uint32(flagOpenBlocks, consumer.DefaultOpenBlocks, "blocks in which the seats open their sums, and you can dispute them")
	f.Uint32(flagNextBlocks, consumer.DefaultNextBlocks, "blocks in which you can go on with the next round, also after an interruption")
}

// request is what the flags ask for.
type request struct {
	consumer.Request
	// dataBudget is an amount of the pool's Data Token, whose symbol only the chain
	// knows; empty for the default.
	dataBudget string
}

// readRequest reads the flags of a run.
func readRequest(f *pflag.FlagSet) (request, error) {
	r := request{}
	r.PoolID, _ = f.GetUint64(flagPool)
	r.Purpose, _ = f.GetString(flagPurpose)
	r.Panels, _ = f.GetStringSlice(flagPanels)
	r.MinCohort, _ = f.GetUint32(flagMinCohort)
	r.MaxCohort, _ = f.GetUint32(flagMaxCohort)
	r.ContributeBlocks, _ = f.GetUint32(flagContributeBlocks)
	r.Rounds, _ = f.GetUint32(flagRounds)
	r.OwnerRows, _ = f.GetUint64(flagOwnerRows)
	r.dataBudget, _ = f.GetString(flagDataBudget)
	columns, _ := f.GetStringSlice(flagColumns)
	if r.PoolID == 0 {
		return request{}, errors.New("--pool: expected the number of a pool, got none")
	}
	if len(columns) == 0 {
		return request{}, errors.New("--columns: expected at least one column, got none")
	}
	if price, _ := f.GetString(flagPrice); price == "" {
		return request{}, errors.New("--price: expected the price of a million operations, as in 0.5ALITA, got none")
	}
	if err := readAmounts(f, &r.Request); err != nil {
		return request{}, err
	}
	var err error
	if r.Question, err = readQuestion(f, columns); err != nil {
		return request{}, err
	}
	if err := readDelivery(f, &r.Request); err != nil {
		return request{}, err
	}
	if err := r.Check(); err != nil {
		return request{}, hinted(err)
	}
	return r, nil
}

// readAmounts reads the amounts of ALITA.
func readAmounts(f *pflag.FlagSet, r *consumer.Request) error {
	var ownerFee math.Int
	for _, a := range []struct {
		flag string
		to   *math.Int
	}{{flagPrice, &r.PricePerMop}, {flagBudget, &r.Budget}, {flagMaxSpend, &r.MaxSpend}, {flagSeatFee, &r.SeatFee}, {flagOwnerFee, &ownerFee}} {
		text, _ := f.GetString(a.flag)
		if text == "" {
			continue
		}
		amount, err := alita.parse(text)
		if err != nil {
			return fmt.Errorf("--%s: %w", a.flag, err)
		}
		*a.to = amount
	}
	if !ownerFee.IsNil() {
		if !ownerFee.IsUint64() {
			return fmt.Errorf("--%s: expected less than 2^64 ualita, got %s", flagOwnerFee, ownerFee)
		}
		r.OwnerFee = ownerFee.Uint64()
	}
	return nil
}

// readDelivery reads how the answer is to reach the reader.
func readDelivery(f *pflag.FlagSet, r *consumer.Request) error {
	if r.Direct, _ = f.GetBool(flagDirect); r.Direct {
		for _, flag := range []string{flagPublic, flagSeatFee, flagSeats, flagNoise, flagRho} {
			if f.Changed(flag) {
				return fmt.Errorf("--%s: expected none with --%s, which has no seats, got one", flag, flagDirect)
			}
		}
		r.DeliverBlocks, _ = f.GetUint32(flagDeliverBlocks)
		return nil
	}
	r.Seats, _ = f.GetUint32(flagSeats)
	r.Public, _ = f.GetBool(flagPublic)
	r.SeatBlocks, _ = f.GetUint32(flagSeatBlocks)
	r.VerifyBlocks, _ = f.GetUint32(flagVerifyBlocks)
	r.OpenBlocks, _ = f.GetUint32(flagOpenBlocks)
	r.NextBlocks, _ = f.GetUint32(flagNextBlocks)
	return nil
}
