package simulation

import (
	"context"
	"encoding/hex"
	"time"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// MsgGrantFactory grants random terms on any record that is not retired.
func MsgGrantFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgGrant] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgGrant) {
		record, owner, ok := anyRecord(ctx, k, data, reporter, func(r types.Record) bool { return r.Status != types.RECORD_STATUS_RETIRED })
		if !ok {
			return nil, nil
		}
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Fail(err, "params")
			return nil, nil
		}
		held, err := grants(ctx, k, record.Id)
		if err != nil {
			reporter.Fail(err, "grants")
			return nil, nil
		}
		if len(held) >= int(params.MaxGrants) {
			reporter.Skip("record has all its grants")
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgGrant{
			Owner: owner.AddressBech32, RecordId: record.Id, Terms: randomTerms(sdk.UnwrapSDKContext(ctx).BlockTime(), data),
		}
	}
}

// MsgRevokeGrantFactory revokes any grant.
func MsgRevokeGrantFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRevokeGrant] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRevokeGrant) {
		record, owner, ok := anyRecord(ctx, k, data, reporter, func(types.Record) bool { return true })
		if !ok {
			return nil, nil
		}
		held, err := grants(ctx, k, record.Id)
		grant, ok := anyOf(data.Rand(), reporter, held, err, "grant")
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgRevokeGrant{Owner: owner.AddressBech32, RecordId: record.Id, GrantId: grant.Id}
	}
}

func grants(ctx context.Context, k *keeper.Keeper, recordID string) ([]types.Grant, error) {
	var all []types.Grant
	err := k.Grants.Walk(ctx, collections.NewPrefixedPairRange[string, uint64](recordID),
		func(_ collections.Pair[string, uint64], g types.Grant) (bool, error) {
			all = append(all, g)
			return false, nil
		})
	return all, err
}

func randomTerms(now time.Time, data *simsx.ChainDataSource) types.GrantTerms {
	r := data.Rand()
	terms := types.GrantTerms{
		AnyProgram: r.Bool(), MaxUses: r.Uint64InRange(0, 3), MinPricePerMop: math.NewInt(int64(r.Intn(10))),
		MinCohort: r.Uint32InRange(0, 5), IndividualResults: r.Bool(),
	}
	if terms.AnyProgram {
		terms.IndividualResults = false
	} else {
		hash := make([]byte, types.ProgramIDSize/2)
		r.Read(hash)
		terms.Programs = []string{hex.EncodeToString(hash)}
	}
	if r.Bool() {
		terms.Purposes = []string{"research"}
	}
	if r.Bool() {
		all := data.AllAccounts()
		if text, err := data.AddressCodec().BytesToString(all[r.Intn(len(all))].Address); err == nil {
			terms.Grantee = text
		}
	}
	if r.Bool() {
		until := now.Add(time.Duration(r.IntInRange(1, 1000)) * time.Hour)
		terms.NotAfter = &until
	}
	return terms
}
