package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	storetypes "github.com/cosmos/cosmos-sdk/store/v2/types"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// writes is a gas meter that counts the bytes written, keys and values.
type writes struct {
	storetypes.GasMeter
	bytes uint64
}

func (w *writes) ConsumeGas(amount storetypes.Gas, what string) {
	if what == storetypes.GasWritePerByteDesc {
		w.bytes += amount / storetypes.KVGasConfig().WriteCostPerByte
	}
	w.GasMeter.ConsumeGas(amount, what)
}

// metered runs a message in its own branch of the state and returns its gas and the bytes that it writes.
func (f *fixture) metered(run func(ctx sdk.Context) error) (gas, written uint64) {
	f.t.Helper()
	meter := &writes{GasMeter: storetypes.NewInfiniteGasMeter()}
	ctx, write := f.ctx.WithGasMeter(meter).CacheContext()
	require.NoError(f.t, run(ctx))
	write()
	return meter.GasConsumed(), meter.bytes
}

// sumsSpec is secureSpec for so many sums, up to 64.
func (f *secureFixture) sumsSpec(length uint32) types.JobSpec {
	f.t.Helper()
	s := f.secureSpec()
	s.ProgramId = f.storeHistogram(func(m *types.MsgStoreProgram) { m.Shape.MaxLength = 64 })
	s.Length, s.Secure.Ranges[0].Count, s.Budget = length, length, types.NewFunds(500_000, 1_000_000)
	return s
}

// cost is the cost of a message about a job at the keeper: gas, and the bytes that it writes.
type cost struct{ gas, written uint64 }

// costsOf returns the cost of the last message of each kind in a round of three seats and three owners, without the cost of the
// transaction itself.
func costsOf(t *testing.T, length uint32, input int) map[string]cost {
	t.Helper()
	f := newSecureFixture(t, 3, 3)
	spec := f.secureSpec()
	if length != spec.Length {
		spec = f.sumsSpec(length)
	}
	spec.Input = make([]byte, input)
	costs := map[string]cost{}
	measure := func(name string, run func(ctx sdk.Context) error) {
		gas, written := f.metered(run)
		costs[name] = cost{gas, written}
	}
	id := f.open(f.consumer, 1, spec)
	f.endBlocks(2)
	for _, s := range f.job(id).Seats {
		msg := &types.MsgTakeSeat{Account: s.Account, JobId: id, Key: f.seatKey(s.Operator, id).Public().Bytes()}
		measure("take seat", func(ctx sdk.Context) error { _, err := f.msg.TakeSeat(ctx, msg); return err })
	}
	f.endBlock()
	for i := range f.job(id).Seats {
		msg := f.noiseMsg(id, i, nil)
		measure("add noise", func(ctx sdk.Context) error { _, err := f.msg.AddNoise(ctx, msg); return err })
	}
	for i := range f.records {
		msg := f.sharedVector(id, i, make([]uint64, spec.Length))
		measure("contribute", func(ctx sdk.Context) error { _, err := f.msg.Contribute(ctx, msg); return err })
	}
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
	for i := range f.job(id).Seats {
		all := f.preparations(id, i)
		for n := range all.Preparations {
			msg := *all
			msg.Preparations = all.Preparations[n : n+1]
			what := "prepare"
			if n >= len(f.records) {
				what = "prepare noise"
			}
			measure(what, func(ctx sdk.Context) error { _, err := f.msg.Prepare(ctx, &msg); return err })
		}
	}
	f.endBlock()
	for i := range f.job(id).Seats {
		msg := f.openMsg(id, i, f.opening(id, i))
		measure("open sum", func(ctx sdk.Context) error { _, err := f.msg.OpenSum(ctx, msg); return err })
	}
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_READING, f.job(id).Status)
	return costs
}

// The cost of an owner's or a seat's message does not depend on the length of the job's input, since the message neither
// reads nor changes it.
func TestCostsDoNotDependOnTheInput(t *testing.T) {
	t.Logf("moments: %+v", costsOf(t, 3, 13))
	t.Logf("30 sums, an input of 200 bytes: %+v", costsOf(t, 30, 200))
	longest := costsOf(t, 3, int(types.DefaultParams().MaxInputBytes))
	t.Logf("moments, the longest input: %+v", longest)
	require.Equal(t, costsOf(t, 3, 13), longest)
}

// TestAnswersCostLessThanTheirGas: what a seat asks for is enough for each of its answers, whoever answers last. What all
// transactions cost by their form and their fee is counted with anteGas.
func TestAnswersCostLessThanTheirGas(t *testing.T) {
	const anteGas = 80_000
	for _, seats := range []int{2, 3, 8} {
		for _, length := range []uint32{3, 30, 64} {
			for _, public := range []bool{false, true} {
				f := newSecureFixture(t, seats, 4)
				spec := f.secureSpec()
				if length != spec.Length {
					spec = f.sumsSpec(length)
				}
				spec.Secure.Seats, spec.Secure.PublicResult = uint32(seats), public
				id := f.open(f.consumer, 1, spec)
				sum := f.protocol(id)
				fits := func(name string, msg interface{ Size() int }, most uint64, run func(ctx sdk.Context) error) {
					gas, _ := f.metered(run)
					gas += anteGas + 10*uint64(msg.Size())
					require.LessOrEqual(t, gas, most, "%s: %d seats, %d slots", name, seats, length)
					t.Logf("%s: %d seats, %d slots, public %v: %d of %d", name, seats, length, public, gas, most)
				}
				f.endBlocks(2)
				for _, s := range f.job(id).Seats {
					msg := &types.MsgTakeSeat{Account: s.Account, JobId: id, Key: f.seatKey(s.Operator, id).Public().Bytes()}
					fits("take seat", msg, terms.KeyGas, func(ctx sdk.Context) error { _, err := f.msg.TakeSeat(ctx, msg); return err })
				}
				f.endBlock()
				noise, noised := sum.Noise()
				require.True(t, noised)
				for i := range f.job(id).Seats {
					msg := f.noiseMsg(id, i, nil)
					most := terms.NoiseGas(noise.ProvedBits(), noise.Slots(), noise.SharedSize())
					fits("add noise", msg, most, func(ctx sdk.Context) error { _, err := f.msg.AddNoise(ctx, msg); return err })
				}
				for i := range f.records {
					_, err := f.msg.Contribute(f.ctx, f.sharedVector(id, i, make([]uint64, length)))
					require.NoError(t, err)
				}
				f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
				for i := range f.job(id).Seats {
					all := f.preparations(id, i)
					for _, part := range []struct {
						name     string
						protocol securesum.Protocol
						answers  []types.Preparation
					}{{"prepare", sum, all.Preparations[:len(f.records)]}, {"prepare noise", noise, all.Preparations[len(f.records):]}} {
						msg := *all
						msg.Preparations = part.answers
						most := terms.PreparationsGas(len(msg.Preparations), part.protocol.SharedSize(), part.protocol.PreparationSize())
						fits(part.name, &msg, most, func(ctx sdk.Context) error { _, err := f.msg.Prepare(ctx, &msg); return err })
					}
				}
				f.endBlock()
				for i := range f.job(id).Seats {
					opening := f.opening(id, i)
					msg := f.openMsg(id, i, opening)
					most := terms.OpeningGas(int(length), len(opening), public)
					fits("open sum", msg, most, func(ctx sdk.Context) error { _, err := f.msg.OpenSum(ctx, msg); return err })
				}
				f.endBlock()
				require.EqualValues(t, 1, f.job(id).Round)
				require.Empty(t, f.job(id).Failure)
			}
		}
	}
}
