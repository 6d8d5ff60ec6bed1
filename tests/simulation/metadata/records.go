package simulation

import (
	"context"
	"fmt"

	"cosmossdk.io/collections"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/keeper"
	"github.com/alita-network/alita/x/metadata/types"
)

// MsgRegisterRecordFactory registers records that meet the requirements of a pool, really sealed to the owner's workers.
func MsgRegisterRecordFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRegisterRecord] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRegisterRecord) {
		r, owner := data.Rand(), data.AnyAccount(reporter)
		if reporter.IsSkipped() {
			return nil, nil
		}
		pool, ok := anyOf(r, reporter, pools(ctx, k), nil, "pool")
		if !ok {
			return nil, nil
		}
		salt := make([]byte, types.SaltSize)
		r.Read(salt)
		content, ok := randomContent(ctx, k, r, reporter, owner.Address, types.RecordID(owner.Address, salt), "1.0.0", pool)
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgRegisterRecord{Owner: owner.AddressBech32, Salt: salt, PoolId: pool.Id, Content: content}
	}
}

// MsgAddVersionFactory adds a greater version to any record that is not retired.
func MsgAddVersionFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgAddVersion] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgAddVersion) {
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Fail(err, "params")
			return nil, nil
		}
		record, owner, ok := anyRecord(ctx, k, data, reporter, func(rec types.Record) bool {
			return rec.Status != types.RECORD_STATUS_RETIRED && rec.Versions < params.MaxVersions
		})
		if !ok {
			return nil, nil
		}
		pool, err := k.Pool(ctx, record.PoolId)
		if err != nil {
			reporter.Fail(err, "pool")
			return nil, nil
		}
		r := data.Rand()
		content, ok := randomContent(ctx, k, r, reporter, owner.Address, record.Id, fmt.Sprintf("1.%d.0", record.Versions), pool)
		if !ok {
			return nil, nil
		}
		if r.Bool() {
			content.Dataset.IsBasedOn = []types.VersionRef{{RecordId: record.Id, Version: "1.0.0"}}
		}
		return []simsx.SimAccount{owner}, &types.MsgAddVersion{Owner: owner.AddressBech32, RecordId: record.Id, Content: content}
	}
}

// MsgRetireRecordFactory retires any record.
func MsgRetireRecordFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgRetireRecord] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgRetireRecord) {
		record, owner, ok := anyRecord(ctx, k, data, reporter, func(r types.Record) bool { return r.Status != types.RECORD_STATUS_RETIRED })
		if !ok {
			return nil, nil
		}
		return []simsx.SimAccount{owner}, &types.MsgRetireRecord{Owner: owner.AddressBech32, RecordId: record.Id, Reason: "withdrawn"}
	}
}

// anyRecord returns a record that keep accepts, and its owner.
func anyRecord(ctx context.Context, k *keeper.Keeper, data *simsx.ChainDataSource, reporter simsx.SimulationReporter, keep func(types.Record) bool) (types.Record, simsx.SimAccount, bool) {
	all, err := records(ctx, k, func(r types.Record) bool { return data.HasAccount(r.Owner) && keep(r) })
	record, ok := anyOf(data.Rand(), reporter, all, err, "record")
	if !ok {
		return record, simsx.SimAccount{}, false
	}
	return record, data.GetAccount(reporter, record.Owner), true
}

// randomContent makes a version that a pool accepts.
func randomContent(
	ctx context.Context, k *keeper.Keeper, r *simsx.XRand, reporter simsx.SimulationReporter,
	owner sdk.AccAddress, recordID, version string, pool datapooltypes.Pool,
) (types.VersionContent, bool) {
	to, err := workers(ctx, k, owner)
	if _, ok := anyOf(r, reporter, to, err, "worker"); !ok {
		return types.VersionContent{}, false
	}
	if pool.Requirements.MinRows > types.MaxRows/2 {
		reporter.Skip("pool requires too many rows")
		return types.VersionContent{}, false
	}
	sealedLocation, err := location(sdk.UnwrapSDKContext(ctx).ChainID(), recordID, owner, to)
	if err != nil {
		reporter.Fail(err, "seal")
		return types.VersionContent{}, false
	}
	root := make([]byte, types.RowRootSize)
	r.Read(root)
	return types.VersionContent{
		Version: version, Dataset: randomDataset(r, pool.Requirements),
		Commitment: types.RowCommitment{Rows: pool.Requirements.MinRows + r.Uint64InRange(1, 10_000), Root: root},
		Location:   sealedLocation,
	}, true
}

func randomDataset(r *simsx.XRand, required datapooltypes.Requirements) types.Dataset {
	sum := make([]byte, types.ChecksumSize)
	// Few contents, so that some are registered twice.
	sum[0] = byte(r.Intn(40))
	d := types.Dataset{
		Names:        []types.LocalizedText{{Language: "en", Text: "Simulated readings " + r.StringN(20) + "."}},
		Descriptions: []types.LocalizedText{{Text: "Readings that a simulation made up, with the columns that its pool requires. " + r.StringN(40) + "."}},
		License:      types.SPDXIdentifiers()[r.Intn(len(types.SPDXIdentifiers()))],
		Keywords:     []string{"simulation"},
		Files:        []types.File{{Name: "rows.csv", EncodingFormat: "text/csv", ContentSize: r.Uint64InRange(1, 1<<40), Sha256: sum}},
	}
	for _, c := range required.Columns {
		kind := c.Type
		if kind == datapooltypes.COLUMN_TYPE_UNSPECIFIED {
			kind = datapooltypes.COLUMN_TYPE_INTEGER
		}
		d.Columns = append(d.Columns, types.Column{Name: c.Name, Type: kind})
	}
	return d
}

// pendingVersion returns a version that waits for review, its record and the maker of its pool.
func pendingVersion(ctx context.Context, k *keeper.Keeper, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) (types.Version, types.Record, simsx.SimAccount, bool) {
	var waiting []types.Version
	err := k.Versions.Walk(ctx, nil, func(_ collections.Pair[string, uint32], v types.Version) (bool, error) {
		if v.Status == types.VERSION_STATUS_PENDING {
			waiting = append(waiting, v)
		}
		return false, nil
	})
	none := func() (types.Version, types.Record, simsx.SimAccount, bool) {
		return types.Version{}, types.Record{}, simsx.SimAccount{}, false
	}
	version, ok := anyOf(data.Rand(), reporter, waiting, err, "version that waits for review")
	if !ok {
		return none()
	}
	record, err := k.Records.Get(ctx, version.RecordId)
	if err != nil {
		reporter.Fail(err, "record")
		return none()
	}
	if record.Status == types.RECORD_STATUS_RETIRED {
		reporter.Skip("record is retired")
		return none()
	}
	pool, err := k.Pool(ctx, record.PoolId)
	if err != nil {
		reporter.Fail(err, "pool")
		return none()
	}
	maker := data.GetAccount(reporter, pool.Maker)
	return version, record, maker, !reporter.IsSkipped()
}
