package simulation

import (
	"context"
	"encoding/hex"
	"slices"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// MsgProposePanelFactory proposes a panel of records of one pool that were in none. It names one of the programs, as far as there are some;
// nil is for a random one.
func MsgProposePanelFactory(k *keeper.Keeper, programs func(context.Context) []string) simsx.SimMsgFactoryFn[*types.MsgProposePanel] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgProposePanel) {
		r := data.Rand()
		first, _, ok := anyRecord(ctx, k, data, reporter, free)
		if !ok {
			return nil, nil
		}
		list, err := records(ctx, k, func(o types.Record) bool {
			return free(o) && o.PoolId == first.PoolId && data.HasAccount(o.Owner)
		})
		if err != nil {
			reporter.Fail(err, "records")
			return nil, nil
		}
		var ids []string
		owners := map[string]bool{} // for look-ups only
		for _, o := range list {
			if !owners[o.Owner] {
				owners[o.Owner], ids = true, append(ids, o.Id)
			}
		}
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Fail(err, "params")
			return nil, nil
		}
		if len(ids) < int(params.MinPanelThreshold) || len(ids) > int(params.MaxPanelMembers) {
			reporter.Skip("no panel of these owners")
			return nil, nil
		}
		proposer := data.AnyAccount(reporter)
		salt := make([]byte, types.SaltSize)
		r.Read(salt)
		terms := types.PanelTerms{
			Class: types.PANEL_CLASS_NAMED, Threshold: r.Uint32InRange(params.MinPanelThreshold, uint32(len(ids))+1), OwnerUnit: r.Bool(), MinPricePerMop: math.ZeroInt(),
		}
		hash := make([]byte, types.ProgramIDSize/2)
		r.Read(hash)
		program := hex.EncodeToString(hash)
		if programs != nil {
			if all := programs(ctx); len(all) > 0 {
				program = all[r.Intn(len(all))]
			}
		}
		if r.Bool() {
			terms.Programs = []string{program}
		} else {
			terms.Class = types.PANEL_CLASS_FIXED
			terms.Questions = []types.PanelQuestion{{ProgramId: program, Columns: []string{"speed"}, Length: 3}}
		}
		slices.Sort(ids)
		return []simsx.SimAccount{proposer}, &types.MsgProposePanel{
			Proposer: proposer.AddressBech32, Salt: salt, PoolId: first.PoolId, RecordIds: ids, Terms: terms,
		}
	}
}

// free reports whether a record can be in a panel, as far as it says itself.
func free(r types.Record) bool { return r.Status == types.RECORD_STATUS_ACTIVE && r.PanelId == "" }

// MsgSignPanelFactory signs a proposed panel for a member that has not signed.
func MsgSignPanelFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgSignPanel] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgSignPanel) {
		var messages []*types.MsgSignPanel
		err := panels(ctx, k, types.PANEL_STATUS_PROPOSED, func(p types.Panel) {
			for _, m := range p.Members {
				msg := &types.MsgSignPanel{Owner: m.Owner, PanelId: p.Id, RecordId: m.RecordId}
				// Another panel may have taken a record or an owner since it was proposed.
				if !m.Signed && accepted(ctx, func(ctx context.Context) error { _, err := keeper.NewMsgServer(k).SignPanel(ctx, msg); return err }) {
					messages = append(messages, msg)
				}
			}
		})
		msg, ok := anyOf(data.Rand(), reporter, messages, err, "member that can sign")
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{data.GetAccount(reporter, msg.Owner)}, msg
	}
}

// MsgStageContentFactory stages the admitted version of a member whose rows are new.
func MsgStageContentFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgStageContent] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgStageContent) {
		var messages []*types.MsgStageContent
		err := panels(ctx, k, types.PANEL_STATUS_ACTIVE, func(p types.Panel) {
			for _, m := range p.Members {
				record, err := k.Record(ctx, m.RecordId)
				if err != nil || record.Admitted == max(m.Version, m.Staged) {
					continue
				}
				version, err := k.Versions.Get(ctx, collections.Join(record.Id, record.Admitted))
				msg := &types.MsgStageContent{Owner: m.Owner, RecordId: m.RecordId, Version: version.Content.Version}
				if err == nil && accepted(ctx, func(ctx context.Context) error { _, err := keeper.NewMsgServer(k).StageContent(ctx, msg); return err }) {
					messages = append(messages, msg)
				}
			}
		})
		msg, ok := anyOf(data.Rand(), reporter, messages, err, "content to stage")
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{data.GetAccount(reporter, msg.Owner)}, msg
	}
}

// MsgLeavePanelFactory leaves any panel that is not dissolved.
func MsgLeavePanelFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgLeavePanel] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgLeavePanel) {
		var messages []*types.MsgLeavePanel
		for _, status := range []types.PanelStatus{types.PANEL_STATUS_PROPOSED, types.PANEL_STATUS_ACTIVE} {
			if err := panels(ctx, k, status, func(p types.Panel) {
				for _, m := range p.Members {
					messages = append(messages, &types.MsgLeavePanel{Owner: m.Owner, PanelId: p.Id})
				}
			}); err != nil {
				reporter.Fail(err, "panels")
				return nil, nil
			}
		}
		msg, ok := anyOf(data.Rand(), reporter, messages, nil, "panel")
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{data.GetAccount(reporter, msg.Owner)}, msg
	}
}

// panels calls fn with the panels of a status, by id.
func panels(ctx context.Context, k *keeper.Keeper, status types.PanelStatus, fn func(types.Panel)) error {
	return k.WalkPanels(ctx, func(p types.Panel) (bool, error) {
		if p.Status != status {
			return false, nil
		}
		whole, err := k.WholePanel(ctx, p.Id)
		if err == nil {
			fn(whole)
		}
		return err != nil, err
	})
}

// accepted reports whether fn would succeed; it changes nothing.
func accepted(ctx context.Context, fn func(context.Context) error) bool {
	cached, _ := sdk.UnwrapSDKContext(ctx).CacheContext()
	return fn(cached) == nil
}
