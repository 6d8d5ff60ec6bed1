// Package keeper holds the state of the compute module and what changes it.
package keeper

import (
	"cosmossdk.io/collections"
	"cosmossdk.io/core/address"
	"cosmossdk.io/core/store"

	"github.com/cosmos/cosmos-sdk/codec"

	"github.com/alita-network/alita/x/compute/types"
)

// Keeper holds the state of the compute module.
type Keeper struct {
	addressCodec   address.Codec
	accountKeeper  types.AccountKeeper
	bankKeeper     types.BankKeeper
	metadataKeeper types.MetadataKeeper
	datapoolKeeper types.DatapoolKeeper

	// authority may update the parameters; typically the x/gov account.
	authority string

	Schema collections.Schema
	Params collections.Item[types.Params]
	// Programs are the programs by id, without their code.
	Programs collections.Map[string, types.Program]
	// Code is the code of each program, by the program's id.
	Code collections.Map[string, []byte]
	// Jobs are all jobs by id.
	Jobs collections.Map[string, types.Job]
	// JobsByPool orders the jobs of a pool by their age: (pool, height of opening, job).
	JobsByPool collections.KeySet[collections.Triple[uint64, int64, string]]
	// JobsByStatus does so for each status: (pool, status, height of opening, job).
	JobsByStatus collections.KeySet[collections.Quad[uint64, int32, int64, string]]
	// JobsByConsumer orders the jobs of a consumer by their age: (consumer, height of opening, job).
	JobsByConsumer collections.KeySet[collections.Triple[[]byte, int64, string]]
	// Contributions are the contributions by (job, record).
	Contributions collections.Map[collections.Pair[string, string], types.Contribution]
	// Deliveries are the delivered vectors by (job, record).
	Deliveries collections.Map[collections.Pair[string, string], types.SealedVector]
	// Owners holds who has contributed to a job, and whether a vector of theirs was delivered: (job, owner).
	Owners collections.Map[collections.Pair[string, []byte], bool]
	// Unsettled are the contributions whose fee is still in escrow: (job, record).
	Unsettled collections.KeySet[collections.Pair[string, string]]
	// Queue holds each open job once, by the height at whose end it must be looked at: (height, job).
	Queue collections.KeySet[collections.Pair[int64, string]]
}

// NewKeeper returns a keeper of the compute module.
func NewKeeper(
	cdc codec.BinaryCodec,
	storeService store.KVStoreService,
	addressCodec address.Codec,
	accountKeeper types.AccountKeeper,
	bankKeeper types.BankKeeper,
	metadataKeeper types.MetadataKeeper,
	datapoolKeeper types.DatapoolKeeper,
	authority string,
) *Keeper {
	if _, err := addressCodec.StringToBytes(authority); err != nil {
		panic(err)
	}
	jobRecord := collections.PairKeyCodec(collections.StringKey, collections.StringKey)
	sb := collections.NewSchemaBuilder(storeService)
	k := &Keeper{
		addressCodec:   addressCodec,
		accountKeeper:  accountKeeper,
		bankKeeper:     bankKeeper,
		metadataKeeper: metadataKeeper,
		datapoolKeeper: datapoolKeeper,
		authority:      authority,

		Params: collections.NewItem(sb, types.ParamsPrefix, "params", codec.CollValue[types.Params](cdc)),
		Programs: collections.NewMap(sb, types.ProgramsPrefix, "programs",
			collections.StringKey, codec.CollValue[types.Program](cdc)),
		Code: collections.NewMap(sb, types.CodePrefix, "code", collections.StringKey, collections.BytesValue),
		Jobs: collections.NewMap(sb, types.JobsPrefix, "jobs", collections.StringKey, codec.CollValue[types.Job](cdc)),
		JobsByPool: collections.NewKeySet(sb, types.JobsByPoolPrefix, "jobs_by_pool",
			collections.TripleKeyCodec(collections.Uint64Key, collections.Int64Key, collections.StringKey)),
		JobsByStatus: collections.NewKeySet(sb, types.JobsByStatusPrefix, "jobs_by_status",
			collections.QuadKeyCodec(collections.Uint64Key, collections.Int32Key, collections.Int64Key, collections.StringKey)),
		JobsByConsumer: collections.NewKeySet(sb, types.JobsByPayerPrefix, "jobs_by_consumer",
			collections.TripleKeyCodec(collections.BytesKey, collections.Int64Key, collections.StringKey)),
		Contributions: collections.NewMap(sb, types.ContributionsPrefix, "contributions",
			jobRecord, codec.CollValue[types.Contribution](cdc)),
		Deliveries: collections.NewMap(sb, types.DeliveriesPrefix, "deliveries",
			jobRecord, codec.CollValue[types.SealedVector](cdc)),
		Owners: collections.NewMap(sb, types.OwnersPrefix, "owners",
			collections.PairKeyCodec(collections.StringKey, collections.BytesKey), collections.BoolValue),
		Unsettled: collections.NewKeySet(sb, types.UnsettledPrefix, "unsettled", jobRecord),
		Queue: collections.NewKeySet(sb, types.QueuePrefix, "queue",
			collections.PairKeyCodec(collections.Int64Key, collections.StringKey)),
	}
	schema, err := sb.Build()
	if err != nil {
		panic(err)
	}
	k.Schema = schema
	return k
}
