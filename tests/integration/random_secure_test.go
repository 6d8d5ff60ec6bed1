package integration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/tests/simulation/compute"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

// operators run the validators that may be seats.
var operators = []apptest.Account{
	apptest.NamedAccount(apptest.ValidatorName), apptest.NamedAccount("operator 1"), apptest.NamedAccount("operator 2"), apptest.NamedAccount("operator 3"),
}

// withSeats funds all actors and operators, and sets small bonds and short times, so that seats come and go.
func withSeats() []apptest.Option {
	var names []string
	for _, o := range operators {
		names = append(names, o.Name)
	}
	return []apptest.Option{
		funded(), apptest.WithFunded(endowment, names...),
		apptest.WithGenesis(apptest.EditGenesis(computetypes.ModuleName, func(gs *computetypes.GenesisState) {
			gs.Params.MinSeatBond = math.NewInt(whole)
			gs.Params.SeatUnbondBlocks, gs.Params.MaxAttempts, gs.Params.MinWindowBlocks = 10, 3, 5
		})),
	}
}

// createValidators makes the operators validators and seats.
func createValidators(t testing.TB, chain *apptest.Chain) {
	t.Helper()
	for i, operator := range operators[1:] {
		msg, err := stakingtypes.NewMsgCreateValidator(sdk.ValAddress(operator.Address()).String(),
			ed25519.GenPrivKeyFromSecret([]byte(operator.Name)).PubKey(), alita(int64(1+i)*100*whole), stakingtypes.Description{Moniker: operator.Name},
			stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(1, 1), math.LegacyNewDecWithPrec(2, 1), math.LegacyNewDecWithPrec(1, 2)), math.OneInt())
		require.NoError(t, err)
		chain.Must(operator, msg)
	}
	chain.NextBlock()
	for _, operator := range operators {
		chain.Must(operator, &computetypes.MsgRegisterSeat{Operator: operator.String(), Account: operator.String(), Bond: alita(2 * whole), Fee: math.NewInt(10)})
	}
}

// maxSecure is how many secure sums go on at once: with more of them none gets far.
const maxSecure = 3

// secureMessage is what a seat, an owner or the reader of a secure sum does; now and then it is silent, or lies.
func (w *world) secureMessage() (apptest.Account, sdk.Msg) {
	switch w.r.Intn(12) {
	case 0:
		return w.seatMessage()
	case 1:
		if w.openSecureSums() < maxSecure {
			return w.openSecure()
		}
	}
	return w.turn(simulation.DefaultOdds)
}

// provokeLimit is how many blocks may pass until a kind of message is accepted that seats are made to cause.
const provokeLimit = 150

// provoke makes a kind of message that only rare events cause: blocks hold only what secure sums need
// from their opening to their end, and seats lie by the odds until the kind was accepted.
func (w *world) provoke(kind string, odds simulation.Odds) {
	w.t.Helper()
	for n := 0; n < provokeLimit && w.accepted[kind] == 0; n++ {
		var b blockOf
		for _, operator := range operators {
			b.addOnce(w.chain, operator, &computetypes.MsgRegisterSeat{
				Operator: operator.String(), Account: operator.String(), Bond: alita(2 * whole), Fee: math.NewInt(10),
			})
		}
		if w.openSecureSums() < maxSecure {
			signer, msg := w.openSecure()
			spec := &msg.(*computetypes.MsgOpenJob).Spec
			spec.Budget = computetypes.NewFunds(20*whole, 200*whole)
			spec.Secure.PublicResult, spec.Secure.MaxSeatFee = false, math.NewInt(100)
			b.addOnce(w.chain, signer, msg)
		}
		for range 8 {
			if signer, msg := w.turn(odds); msg != nil {
				b.addOnce(w.chain, signer, msg)
			}
		}
		w.deliver(b)
	}
}

// turn is a message of anybody about any secure sum, nil if nobody has anything to say.
func (w *world) turn(odds simulation.Odds) (apptest.Account, sdk.Msg) {
	msg, err := simulation.Player{Keeper: w.chain.App.ComputeKeeper, Records: w.chain.App.MetadataKeeper, Sealed: true, Odds: odds}.Turn(w.chain.Ctx(), w.r)
	require.NoError(w.t, err)
	if msg == nil {
		return apptest.Account{}, nil
	}
	if _, accepted := msg.(*computetypes.MsgAcceptSums); accepted {
		w.sums++
	}
	signers, _, err := w.chain.App.AppCodec().GetMsgV1Signers(msg)
	require.NoError(w.t, err)
	for _, a := range append(w.actors(), operators...) {
		if a.Address().Equals(sdk.AccAddress(signers[0])) {
			return a, msg
		}
	}
	require.Fail(w.t, "nobody can sign", "%T", msg)
	return apptest.Account{}, nil
}

// drawsNext reports whether a secure sum draws seats or randomness in the next block.
func (w *world) drawsNext() (draws bool) {
	require.NoError(w.t, w.chain.App.ComputeKeeper.WalkJobs(w.chain.Ctx(), func(job computetypes.Job) (bool, error) {
		waits := job.Status == computetypes.JOB_STATUS_SEATING || job.Status == computetypes.JOB_STATUS_CONTRIBUTING
		draws = draws || (job.IsSecure() && waits && (job.Complete() || job.DeadlineHeight <= w.chain.Height()))
		return draws, nil
	}))
	return draws
}

func (w *world) openSecureSums() (n int) {
	k := w.chain.App.ComputeKeeper
	require.NoError(w.t, k.Queue.Walk(w.chain.Ctx(), nil, func(key collections.Pair[int64, string]) (bool, error) {
		job, err := k.Job(w.chain.Ctx(), key.K2())
		if job.IsSecure() {
			n++
		}
		return err != nil, err
	}))
	return n
}

// seatMessage registers a seat, adds to its bond, or ends it.
func (w *world) seatMessage() (apptest.Account, sdk.Msg) {
	operator := operators[w.r.Intn(len(operators))]
	if w.r.Intn(8) == 0 {
		return operator, &computetypes.MsgLeaveSeat{Operator: operator.String()}
	}
	return operator, &computetypes.MsgRegisterSeat{
		Operator: operator.String(), Account: operator.String(), Bond: alita(1 + w.r.Int63n(2*whole)), Fee: math.NewInt(w.r.Int63n(100)),
	}
}

// openSecure opens a sum with noise over whoever comes, or an exact one over the panel.
func (w *world) openSecure() (apptest.Account, sdk.Msg) {
	w.salt++
	msg := openJobMsg(w.t, w.rowProgram, w.salt)
	id := computetypes.JobID(consumer.Address(), msg.Salt)
	key, err := simulation.ReaderKey(id, 0)
	require.NoError(w.t, err)
	public := key.Public()
	spec := &msg.Spec
	spec.Delivery, spec.DeliverBlocks, spec.Input, spec.ReaderKey = computetypes.DELIVERY_SECURE_SUM, 0, simulation.RandomInput(w.r), public.Bytes()
	spec.Length, spec.MinCohort, spec.MaxCohort = 4, 2, uint32(2+w.r.Intn(3))
	spec.Budget = computetypes.NewFunds(1+w.r.Int63n(20*whole), 1+w.r.Int63n(200*whole))
	spec.ContributeBlocks = uint32(5 + w.r.Intn(20))
	window := func() uint32 { return uint32(5 + w.r.Intn(20)) }
	spec.Secure = &computetypes.SecureSum{
		Seats: uint32(2 + w.r.Intn(2)), MaxSeatFee: math.NewInt(20 + w.r.Int63n(100)), SeatBlocks: window(), VerifyBlocks: window(), OpenBlocks: window(),
		Rounds: uint32(1 + w.r.Intn(3)), NextBlocks: window(), PublicResult: w.r.Intn(4) == 0, Bits: uint32(12 + w.r.Intn(4)),
		MicroRho: 5_000, Ranges: ranges(4, 101),
	}
	if w.r.Intn(3) == 0 {
		spec.Panels, spec.MinCohort, spec.MaxCohort = []string{w.panel}, uint32(len(owners)), uint32(len(owners))
		spec.Secure.MicroRho, spec.Secure.Ranges = 0, ranges(4, 0)
	}
	return consumer, msg
}
