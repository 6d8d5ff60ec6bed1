package simulation

import (
	"context"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"

	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// programIDs lists the stored programs.
func programIDs(k *keeper.Keeper) func(context.Context) []string {
	return func(ctx context.Context) []string {
		var all []string
		if err := k.Programs.Walk(ctx, nil, func(id string, _ types.Program) (bool, error) {
			all = append(all, id)
			return false, nil
		}); err != nil {
			return nil
		}
		return all
	}
}

// MsgOpenPanelJobFactory opens secure sums over a panel that answers a stored program.
func MsgOpenPanelJobFactory(k *keeper.Keeper, records *metadatakeeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgOpenJob] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgOpenJob) {
		r := data.Rand()
		var all []metadatatypes.Panel
		if err := records.WalkPanels(ctx, func(p metadatatypes.Panel) (bool, error) {
			if p.Answers() == nil {
				all = append(all, p)
			}
			return false, nil
		}); err != nil || len(all) == 0 {
			reporter.Skip("no panel answers")
			return nil, nil
		}
		panel := all[r.Intn(len(all))]
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		spec := types.JobSpec{
			PoolId: panel.PoolId, Panels: []string{panel.Id}, Columns: []string{anyColumn(ctx, records, r, panel.PoolId)}, Length: 3, Purpose: "research",
			PricePerMop: math.NewInt(int64(1 + r.Intn(1_000))), MaxDataPerAlita: math.NewIntWithDecimal(1, 40), ContributeBlocks: 1 + uint32(r.Intn(int(params.MaxPhaseBlocks))),
		}
		makeSecure(&spec, r, params)
		switch {
		case len(panel.Terms.Questions) > 0:
			q := panel.Terms.Questions[0]
			spec.ProgramId, spec.Columns, spec.Length, spec.Input, spec.Secure.Rounds = q.ProgramId, q.Columns, q.Length, q.Input, 1
		default:
			spec.ProgramId = panel.Terms.Programs[0]
		}
		if program, err := k.Program(ctx, spec.ProgramId); err == nil && program.Row {
			spec.Secure.Ranges = []types.SlotRange{{Count: spec.Length, High: 1}}
			if r.Intn(3) == 0 {
				addNoise(&spec, r)
			}
		}
		spec.MinCohort, spec.MaxCohort = panel.MemberCount, panel.MemberCount
		denom := datapooltypes.DataDenom(panel.PoolId)
		consumer := data.AnyAccountN(100, reporter, simsx.WithSpendableBalance(), simsx.SimAccountFilterFn(func(a simsx.SimAccount) bool {
			return a.LiquidBalance().AmountOf(denom).IsPositive()
		}))
		if reporter.IsSkipped() {
			return nil, nil
		}
		tokens := consumer.LiquidBalance().RandSubsetCoin(reporter, denom)
		alita := consumer.LiquidBalance().RandSubsetCoin(reporter, datapooltypes.BaseDenom)
		if reporter.IsSkipped() {
			return nil, nil
		}
		spec.Budget = types.Funds{Alita: alita.Amount, Data: tokens.Amount}
		salt := make([]byte, types.SaltSize)
		r.Read(salt)
		key, err := ReaderKey(types.JobID(consumer.Address, salt), 0)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		public := key.Public()
		spec.ReaderKey = public.Bytes()
		msg := &types.MsgOpenJob{Consumer: consumer.AddressBech32, Salt: salt, Spec: spec}
		if !tries(ctx, func(ctx context.Context) error { _, err := keeper.NewMsgServer(k).OpenJob(ctx, msg); return err }) {
			reporter.Skip("the panel does not answer")
			return nil, nil
		}
		return []simsx.SimAccount{consumer}, msg
	}
}
