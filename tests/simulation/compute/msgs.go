package simulation

import (
	"context"
	"slices"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/programs"
	metadatasim "github.com/alita-network/alita/tests/simulation/metadata"
	"github.com/alita-network/alita/x/compute/keeper"
	"github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatakeeper "github.com/alita-network/alita/x/metadata/keeper"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// maxPools is how many pools of a simulation are asked.
const maxPools = 5

// MsgStoreProgramFactory stores the shipped programs with a random custom
// section, which is another program each time.
func MsgStoreProgramFactory() simsx.SimMsgFactoryFn[*types.MsgStoreProgram] {
	return func(_ context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgStoreProgram) {
		author := data.AnyAccount(reporter, simsx.WithSpendableBalance())
		if reporter.IsSkipped() {
			return nil, nil
		}
		r := data.Rand()
		all := slices.Concat(programs.All(), programs.Rows())
		p := all[r.Intn(len(all))]
		noise := make([]byte, 16)
		r.Read(noise)
		// Custom section: id 0, length, a name of one byte, content.
		code := append(append([]byte{}, p.Code...), append([]byte{0, byte(2 + len(noise)), 1, 'x'}, noise...)...)
		msg := &types.MsgStoreProgram{
			Author: author.AddressBech32, Code: code, Name: p.Name, Kind: types.VECTOR_KIND_SUM, Bits: types.MaxBits,
			Shape: types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: uint32(1 + r.Intn(64))},
			Cost: types.CostModel{
				Base:   types.Cost{Constant: 1 + uint64(r.Intn(1000)), PerSlot: uint64(r.Intn(10))},
				PerRow: types.Cost{Constant: uint64(r.Intn(100)), PerColumn: uint64(r.Intn(100))},
			},
		}
		if p.Row {
			msg.Cost = types.CostModelOf(p.Cost)
		}
		return []simsx.SimAccount{author}, msg
	}
}

// MsgOpenJobFactory opens jobs of any stored program in any pool: sums with noise of a row program, direct delivery of another one.
func MsgOpenJobFactory(k *keeper.Keeper, records *metadatakeeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgOpenJob] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgOpenJob) {
		r := data.Rand()
		// Mostly a secure sum, which takes most of the messages.
		program, found := anyProgram(ctx, k, r, r.Intn(3) > 0)
		if !found {
			reporter.Skip("no program is stored")
			return nil, nil
		}
		poolID := anyPool(ctx, records, r)
		denom := datapooltypes.DataDenom(poolID)
		consumer := data.AnyAccountN(100, reporter, simsx.WithSpendableBalance(), simsx.SimAccountFilterFn(func(a simsx.SimAccount) bool {
			return a.LiquidBalance().AmountOf(denom).IsPositive()
		}))
		if reporter.IsSkipped() {
			return nil, nil
		}
		params, err := k.Params.Get(ctx)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		spec := types.JobSpec{
			PoolId: poolID, ProgramId: program.Id, Columns: []string{anyColumn(ctx, records, r, poolID)},
			Length: uint32(1 + r.Intn(int(program.Shape.MaxLength))), Purpose: "research", MinCohort: uint32(1 + r.Intn(3)),
			PricePerMop:      math.NewInt(int64(1 + r.Intn(1_000_000))),
			MaxDataPerAlita:  math.NewIntWithDecimal(1, 40),
			ContributeBlocks: 1 + uint32(r.Intn(int(params.MaxPhaseBlocks))), DeliverBlocks: 1 + uint32(r.Intn(int(params.MaxPhaseBlocks))),
			Delivery: types.DELIVERY_DIRECT,
		}
		salt := make([]byte, types.SaltSize)
		r.Read(salt)
		if program.Row {
			makeSecure(&spec, r, params)
			addNoise(&spec, r)
			if !consumer.LiquidBalance().BlockAmount(sdk.NewCoin(datapooltypes.BaseDenom, params.DrawFee)) {
				reporter.Skip("the consumer has too little for a draw")
				return nil, nil
			}
		}
		spec.MaxCohort = spec.MinCohort + uint32(r.Intn(3))
		least, err := k.LeastBudget(ctx, spec)
		if err != nil {
			reporter.Skip("no such pool, or it has no price yet")
			return nil, nil
		}
		tokens := consumer.LiquidBalance().RandSubsetCoin(reporter, denom)
		alita := consumer.LiquidBalance().RandSubsetCoin(reporter, datapooltypes.BaseDenom)
		if reporter.IsSkipped() {
			return nil, nil
		}
		spec.Budget = types.Funds{Alita: alita.Amount, Data: tokens.Amount}
		if !spec.Budget.Covers(least) {
			reporter.Skip("the consumer has too little for a job")
			return nil, nil
		}
		key, err := ReaderKey(types.JobID(consumer.Address, salt), 0)
		if err != nil {
			reporter.Skip(err.Error())
			return nil, nil
		}
		public := key.Public()
		spec.ReaderKey = public.Bytes()
		return []simsx.SimAccount{consumer}, &types.MsgOpenJob{Consumer: consumer.AddressBech32, Salt: salt, Spec: spec}
	}
}

// makeSecure lets a job be a secure sum of a short vector.
func makeSecure(spec *types.JobSpec, r *simsx.XRand, params types.Params) {
	window := func() uint32 {
		return params.MinWindowBlocks + uint32(r.Intn(int(params.MaxPhaseBlocks-params.MinWindowBlocks)+1))
	}
	spec.Delivery, spec.DeliverBlocks, spec.Input = types.DELIVERY_SECURE_SUM, 0, RandomInput(r.Rand)
	spec.MinCohort, spec.Length = types.MinSecureCohort, min(spec.Length, 4)
	spec.Secure = &types.SecureSum{
		Seats: types.MinSeats + uint32(r.Intn(2)), MaxSeatFee: math.NewInt(int64(r.Intn(200))),
		SeatBlocks: window(), VerifyBlocks: window(), OpenBlocks: window(), NextBlocks: window(),
		Rounds: 1 + uint32(r.Intn(int(params.MaxRounds))), PublicResult: r.Intn(4) > 0,
	}
}

// addNoise asks for counts with noise, in slots that are wide enough for most records.
func addNoise(spec *types.JobSpec, r *simsx.XRand) {
	spec.Secure.Bits = 9 + uint32(r.Intn(8))
	spec.Secure.MicroRho, spec.Secure.Ranges = 5_000, []types.SlotRange{{Count: spec.Length, High: 1, Variance: 101}}
}

// anyPool is mostly the pool in which the most owners have records, as far as any has.
func anyPool(ctx context.Context, records *metadatakeeper.Keeper, r *simsx.XRand) uint64 {
	pool, most := 1+uint64(r.Intn(maxPools)), 0
	if r.Intn(4) == 0 {
		return pool
	}
	for id := uint64(1); id <= maxPools; id++ {
		owners := map[string]bool{}
		if err := metadatasim.WalkActive(ctx, records, id, func(_ string, record metadatatypes.Contributable) (bool, error) {
			owners[string(record.Owner)] = true
			return false, nil
		}); err == nil && len(owners) > most {
			pool, most = id, len(owners)
		}
	}
	return pool
}

// anyColumn is a column that some record of a pool has.
func anyColumn(ctx context.Context, records *metadatakeeper.Keeper, r *simsx.XRand, poolID uint64) string {
	columns := []string{"value"}
	err := metadatasim.WalkActive(ctx, records, poolID, func(_ string, record metadatatypes.Contributable) (bool, error) {
		columns = append(columns, record.Columns...)
		return false, nil
	})
	if err != nil || len(columns) == 1 {
		return columns[0]
	}
	return columns[1+r.Intn(len(columns)-1)]
}

// MsgCancelJobFactory takes back jobs to which nobody has contributed.
func MsgCancelJobFactory(k *keeper.Keeper) simsx.SimMsgFactoryFn[*types.MsgCancelJob] {
	return func(ctx context.Context, data *simsx.ChainDataSource, reporter simsx.SimulationReporter) ([]simsx.SimAccount, *types.MsgCancelJob) {
		var jobs []types.Job
		err := k.WalkJobs(ctx, func(job types.Job) (bool, error) {
			if job.Status == types.JOB_STATUS_CONTRIBUTING && job.Contributions == 0 && data.HasAccount(job.Consumer) {
				jobs = append(jobs, job)
			}
			return false, nil
		})
		if err != nil || len(jobs) == 0 {
			reporter.Skip("no job can be cancelled")
			return nil, nil
		}
		job := jobs[data.Rand().Intn(len(jobs))]
		consumer := data.GetAccount(reporter, job.Consumer)
		return []simsx.SimAccount{consumer}, &types.MsgCancelJob{Consumer: job.Consumer, JobId: job.Id}
	}
}

// anyProgram is a row program, or one that takes batches.
func anyProgram(ctx context.Context, k *keeper.Keeper, r *simsx.XRand, row bool) (types.Program, bool) {
	var all []types.Program
	err := k.Programs.Walk(ctx, nil, func(_ string, p types.Program) (bool, error) {
		if p.Row == row {
			all = append(all, p)
		}
		return false, nil
	})
	if err != nil || len(all) == 0 {
		return types.Program{}, false
	}
	return all[r.Intn(len(all))], true
}
