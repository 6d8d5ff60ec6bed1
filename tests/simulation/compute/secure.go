package simulation

import (
	"context"
	"math/rand"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
)

// tries reports whether a message would be accepted.
func tries(ctx context.Context, run func(ctx context.Context) error) bool {
	cached, _ := sdk.UnwrapSDKContext(ctx).CacheContext()
	return run(cached) == nil
}

// MsgRegisterSeatFactory makes validators seats, or adds to their bonds.
func MsgRegisterSeatFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRegisterSeat] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRegisterSeat) {
		r, server := data.Rand(), keeper.NewMsgServer(k)
		msg := func(a simsx.SimAccount, bond sdk.Coin) *types.MsgRegisterSeat {
			return &types.MsgRegisterSeat{Operator: a.AddressBech32, Account: a.AddressBech32, Bond: bond, Fee: math.NewInt(int64(r.Intn(100)))}
		}
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Fail(err, "params")
			return nil, nil
		}
		least := sdk.NewCoin(datapooltypes.BaseDenom, params.MinSeatBond)
		operator := data.AnyAccountN(100, reporter, simsx.SimAccountFilterFn(func(a simsx.SimAccount) bool {
			return tries(ctx, func(ctx context.Context) error { _, err := server.RegisterSeat(ctx, msg(a, least)); return err })
		}))
		if reporter.IsSkipped() {
			return nil, nil
		}
		bond := operator.LiquidBalance().RandSubsetCoin(reporter, datapooltypes.BaseDenom)
		if reporter.IsSkipped() || bond.IsLT(least) {
			reporter.Skip("the operator has too little for a bond")
			return nil, nil
		}
		return []simsx.SimAccount{operator}, msg(operator, bond)
	}
}

// MsgLeaveSeatFactory ends seats.
func MsgLeaveSeatFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgLeaveSeat] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgLeaveSeat) {
		var operators []string
		err := k.Seats.Walk(ctx, nil, func(operator []byte, seat types.Seat) (bool, error) {
			if text := sdk.AccAddress(operator).String(); seat.LeavingHeight == 0 && data.HasAccount(text) {
				operators = append(operators, text)
			}
			return false, nil
		})
		if err != nil || len(operators) == 0 {
			reporter.Skip("no seat can leave")
			return nil, nil
		}
		operator := data.GetAccount(reporter, operators[data.Rand().Intn(len(operators))])
		return []simsx.SimAccount{operator}, &types.MsgLeaveSeat{Operator: operator.AddressBech32}
	}
}

// turnFactory sends what a player says, where it is accepted: a record may have no grant for the job.
func turnFactory[T sdk.Msg](
	play func(context.Context, *rand.Rand) (sdk.Msg, error), signer func(T) string, send func(context.Context, T) error,
) simsx.SimMsgFactoryFn[T] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, T) {
		var none T
		msg, err := play(ctx, data.Rand().Rand)
		if err != nil {
			reporter.Fail(err, "a turn")
			return nil, none
		}
		m, is := msg.(T)
		if !is || !data.HasAccount(signer(m)) || !tries(ctx, func(ctx context.Context) error { return send(ctx, m) }) {
			reporter.Skip("nobody has anything to say")
			return nil, none
		}
		return []simsx.SimAccount{data.GetAccount(reporter, signer(m))}, m
	}
}

// Turns are the factories of what seats, owners and readers of secure sums do, with their names and weights.
func Turns(k *keeper.Keeper, records *metadatakeeper.Keeper, add func(name string, weight uint32, factory simsx.SimMsgFactoryX)) {
	p, server := Player{Keeper: k, Records: records, Odds: DefaultOdds}, keeper.NewMsgServer(k)
	add("msg_take_seat", 100, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.TakeSeat(ctx, r)) },
		func(m *types.MsgTakeSeat) string { return m.Account },
		func(ctx context.Context, m *types.MsgTakeSeat) error { _, err := server.TakeSeat(ctx, m); return err }))
	add("msg_add_noise", 100, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.AddNoise(ctx, r)) },
		func(m *types.MsgAddNoise) string { return m.Account },
		func(ctx context.Context, m *types.MsgAddNoise) error { _, err := server.AddNoise(ctx, m); return err }))
	add("msg_contribute", 100, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.Contribute(ctx, r)) },
		func(m *types.MsgContribute) string { return m.Worker },
		func(ctx context.Context, m *types.MsgContribute) error {
			_, err := server.Contribute(ctx, m)
			return err
		}))
	add("msg_prepare", 100, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.Prepare(ctx, r)) },
		func(m *types.MsgPrepare) string { return m.Account },
		func(ctx context.Context, m *types.MsgPrepare) error { _, err := server.Prepare(ctx, m); return err }))
	add("msg_accuse_seat", 50, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.Accuse(ctx, r)) },
		func(m *types.MsgAccuseSeat) string { return m.Worker },
		func(ctx context.Context, m *types.MsgAccuseSeat) error {
			_, err := server.AccuseSeat(ctx, m)
			return err
		}))
	add("msg_open_sum", 100, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.OpenSum(ctx, r)) },
		func(m *types.MsgOpenSum) string { return m.Account },
		func(ctx context.Context, m *types.MsgOpenSum) error { _, err := server.OpenSum(ctx, m); return err }))
	add("msg_accept_sums", 50, turnFactory(p.Read,
		func(m *types.MsgAcceptSums) string { return m.Consumer },
		func(ctx context.Context, m *types.MsgAcceptSums) error {
			_, err := server.AcceptSums(ctx, m)
			return err
		}))
	add("msg_dispute_sum", 50, turnFactory(p.Read,
		func(m *types.MsgDisputeSum) string { return m.Consumer },
		func(ctx context.Context, m *types.MsgDisputeSum) error {
			_, err := server.DisputeSum(ctx, m)
			return err
		}))
	add("msg_next_round", 50, turnFactory(
		func(ctx context.Context, r *rand.Rand) (sdk.Msg, error) { return message(p.NextRound(ctx, r)) },
		func(m *types.MsgNextRound) string { return m.Consumer },
		func(ctx context.Context, m *types.MsgNextRound) error { _, err := server.NextRound(ctx, m); return err }))
}
