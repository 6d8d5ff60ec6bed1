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
	stakingKeeper  types.StakingKeeper
	validatorCodec address.Codec
	beacon         Beacon

	// authority may update the parameters; typically the x/gov account.
	authority string

	Schema collections.Schema
	Params collections.Item[types.Params]
	// Programs are the programs by id, without their code.
	Programs collections.Map[string, types.Program]
	// Code is the code of each program, by the program's id.
	Code collections.Map[string, []byte]
	// JobProgress, JobTerms, JobQuestions and JobSeats are the parts of all jobs by id; only secure sums have seats.
	JobProgress  collections.Map[string, types.JobProgress]
	JobTerms     collections.Map[string, types.JobTerms]
	JobQuestions collections.Map[string, types.JobQuestion]
	JobSeats     collections.Map[string, types.JobSeats]
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
	// Seats are the validators that aggregate, by their operator.
	Seats collections.Map[[]byte, types.Seat]
	// SeatAccounts gives the operator for which an account signs.
	SeatAccounts collections.Map[[]byte, []byte]
	// SeatJobs lists the open jobs in which a seat sits: (operator, job).
	SeatJobs collections.KeySet[collections.Pair[[]byte, string]]
	// SeatKeys are the keys of the seats of jobs: (job, operator's address).
	SeatKeys collections.Map[collections.Pair[string, string], []byte]
	// SeatTimes holds the height until which a seat may be at work on what it was asked for so far, by its operator.
	SeatTimes collections.Map[[]byte, uint64]
	// LaneUntil is when what all seats were asked for so far has found room in blocks (types.LaneTimeAfter).
	LaneUntil collections.Item[uint64]
	// LeavingSeats holds the seats that leave by the height after which their bond returns: (height, operator).
	LeavingSeats collections.KeySet[collections.Pair[int64, []byte]]
	// Shares are the shared vectors by (job, record).
	Shares collections.Map[collections.Pair[string, string], types.SharedVector]
	// Prepared are the preparation shares of contributions that are not found valid: (job, record, number of the seat).
	Prepared collections.Map[collections.Triple[string, string, uint64], []byte]
	// Messages are the combined preparation shares of valid contributions: (job, record).
	Messages collections.Map[collections.Pair[string, string], []byte]
	// Sums are the sums of the present round, until all are opened: (job, round, number of the seat).
	Sums collections.Map[collections.Triple[string, uint64, uint64], types.OpenedSum]
	// Rounds are the sums of rounds of which all were opened: (job, round).
	Rounds collections.Map[collections.Pair[string, uint64], types.RoundSums]
	// RoundOwners holds the OwnerMark of an owner in a secure sum: (job, owner).
	RoundOwners collections.Map[collections.Pair[string, []byte], uint64]
	// OwnerRows and OwnerFees are the sums over an owner's contributions that wait for settlement, by (job, owner): rows in jobs with
	// max_rows, computation fees in ualita in jobs with max_fee.
	OwnerRows collections.Map[collections.Pair[string, []byte], uint64]
	OwnerFees collections.Map[collections.Pair[string, []byte], uint64]
	// PanelAnswers are the exact answers over panels that began to be opened, by the hash of the question.
	PanelAnswers collections.Map[[]byte, types.PanelAnswer]
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
	stakingKeeper types.StakingKeeper,
	validatorCodec address.Codec,
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
		stakingKeeper:  stakingKeeper,
		validatorCodec: validatorCodec,
		beacon:         blockBeacon{},
		authority:      authority,

		Params: collections.NewItem(sb, types.ParamsPrefix, "params", codec.CollValue[types.Params](cdc)),
		Programs: collections.NewMap(sb, types.ProgramsPrefix, "programs",
			collections.StringKey, codec.CollValue[types.Program](cdc)),
		Code: collections.NewMap(sb, types.CodePrefix, "code", collections.StringKey, collections.BytesValue),
		JobProgress: collections.NewMap(sb, types.JobProgressPrefix, "job_progress",
			collections.StringKey, codec.CollValue[types.JobProgress](cdc)),
		JobTerms: collections.NewMap(sb, types.JobTermsPrefix, "job_terms", collections.StringKey, codec.CollValue[types.JobTerms](cdc)),
		JobQuestions: collections.NewMap(sb, types.JobQuestionsPrefix, "job_questions",
			collections.StringKey, codec.CollValue[types.JobQuestion](cdc)),
		JobSeats: collections.NewMap(sb, types.JobSeatsPrefix, "job_seats", collections.StringKey, codec.CollValue[types.JobSeats](cdc)),
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
		Seats:     collections.NewMap(sb, types.SeatsPrefix, "seats", collections.BytesKey, codec.CollValue[types.Seat](cdc)),
		SeatAccounts: collections.NewMap(sb, types.SeatAccountsPrefix, "seat_accounts",
			collections.BytesKey, collections.BytesValue),
		SeatJobs: collections.NewKeySet(sb, types.SeatJobsPrefix, "seat_jobs",
			collections.PairKeyCodec(collections.BytesKey, collections.StringKey)),
		SeatKeys:  collections.NewMap(sb, types.SeatKeysPrefix, "seat_keys", jobRecord, collections.BytesValue),
		LaneUntil: collections.NewItem(sb, types.LaneUntilPrefix, "lane_until", collections.Uint64Value),
		SeatTimes: collections.NewMap(sb, types.SeatTimesPrefix, "seat_times", collections.BytesKey, collections.Uint64Value),
		LeavingSeats: collections.NewKeySet(sb, types.LeavingSeatsPrefix, "leaving_seats",
			collections.PairKeyCodec(collections.Int64Key, collections.BytesKey)),
		Shares: collections.NewMap(sb, types.SharesPrefix, "shares", jobRecord, codec.CollValue[types.SharedVector](cdc)),
		Prepared: collections.NewMap(sb, types.PreparedPrefix, "prepared",
			collections.TripleKeyCodec(collections.StringKey, collections.StringKey, collections.Uint64Key), collections.BytesValue),
		Messages: collections.NewMap(sb, types.MessagesPrefix, "messages", jobRecord, collections.BytesValue),
		Sums: collections.NewMap(sb, types.SumsPrefix, "sums",
			collections.TripleKeyCodec(collections.StringKey, collections.Uint64Key, collections.Uint64Key), codec.CollValue[types.OpenedSum](cdc)),
		Rounds: collections.NewMap(sb, types.RoundsPrefix, "rounds",
			collections.PairKeyCodec(collections.StringKey, collections.Uint64Key), codec.CollValue[types.RoundSums](cdc)),
		RoundOwners: collections.NewMap(sb, types.RoundOwnersPrefix, "round_owners",
			collections.PairKeyCodec(collections.StringKey, collections.BytesKey), collections.Uint64Value),
		OwnerRows: collections.NewMap(sb, types.OwnerRowsPrefix, "owner_rows",
			collections.PairKeyCodec(collections.StringKey, collections.BytesKey), collections.Uint64Value),
		OwnerFees: collections.NewMap(sb, types.OwnerFeesPrefix, "owner_fees",
			collections.PairKeyCodec(collections.StringKey, collections.BytesKey), collections.Uint64Value),
		PanelAnswers: collections.NewMap(sb, types.PanelAnswersPrefix, "panel_answers",
			collections.BytesKey, codec.CollValue[types.PanelAnswer](cdc)),
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
