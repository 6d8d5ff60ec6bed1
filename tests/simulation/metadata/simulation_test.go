package simulation_test

import (
	"context"
	"math/rand"
	"testing"
	"testing/cryptotest"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/testutil/simsx"
	sdk "github.com/cosmos/cosmos-sdk/types"
	simtypes "github.com/cosmos/cosmos-sdk/types/simulation"

	"github.com/alita-network/alita/tests/simulation/metadata"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

// run plays random messages of all kinds against the real keepers and returns the store at the end and how often each
// kind was delivered. Every message that a factory makes must be accepted, and the invariants hold after each block.
func run(t *testing.T, seed int64, blocks int) ([]string, map[string]int) {
	t.Helper()
	// Also what is sealed.
	cryptotest.SetGlobalRandom(t, uint64(seed))
	sdk.GetConfig().SetBech32PrefixForAccount(testutil.Prefix, testutil.Prefix+"pub")
	f := testutil.New(t)
	r := rand.New(rand.NewSource(seed))
	accounts := simtypes.RandomAccounts(r, 6)
	for i, symbol := range []string{"OPEN", "CLOSED"} {
		f.CreatePoolFor(t, accounts[0].Address, symbol, func(m *datapooltypes.MsgCreatePool) {
			m.RewardBudget = math.NewInt(55_000_000)
			m.Requirements.OpenAdmission = i == 0
		})
	}
	delivered := map[string]int{}
	factories := []struct {
		weight int
		make   simsx.FactoryMethod
		send   func(ctx context.Context, msg sdk.Msg) error
	}{
		{8, simulation.MsgRegisterWorkerFactory(f.Keeper).Create(), send(f.Msg.RegisterWorker)},
		{2, simulation.MsgRemoveWorkerFactory(f.Keeper).Create(), send(f.Msg.RemoveWorker)},
		{10, simulation.MsgRegisterRecordFactory(f.Keeper).Create(), send(f.Msg.RegisterRecord)},
		{10, simulation.MsgAddVersionFactory(f.Keeper).Create(), send(f.Msg.AddVersion)},
		{8, simulation.MsgAdmitVersionFactory(f.Keeper).Create(), send(f.Msg.AdmitVersion)},
		{3, simulation.MsgRefuseVersionFactory(f.Keeper).Create(), send(f.Msg.RefuseVersion)},
		{1, simulation.MsgRetireRecordFactory(f.Keeper).Create(), send(f.Msg.RetireRecord)},
		{6, simulation.MsgGrantFactory(f.Keeper).Create(), send(f.Msg.Grant)},
		{3, simulation.MsgRevokeGrantFactory(f.Keeper).Create(), send(f.Msg.RevokeGrant)},
		{3, simulation.MsgSetPrivacyBudgetFactory(f.Keeper).Create(), send(f.Msg.SetPrivacyBudget)},
		{2, simulation.MsgProposePanelFactory(f.Keeper, nil).Create(), send(f.Msg.ProposePanel)},
		{10, simulation.MsgSignPanelFactory(f.Keeper).Create(), send(f.Msg.SignPanel)},
		{5, simulation.MsgStageContentFactory(f.Keeper).Create(), send(f.Msg.StageContent)},
		{1, simulation.MsgLeavePanelFactory(f.Keeper).Create(), send(f.Msg.LeavePanel)},
	}
	for range blocks {
		f.NextBlock(3600)
		for range 15 {
			n := r.Intn(72)
			i := 0
			for n -= factories[0].weight; n >= 0; n -= factories[i].weight {
				i++
			}
			reporter := simsx.NewBasicSimulationReporter()
			data := simsx.NewChainDataSource(f.Ctx, r, f.Accounts, f.Bank, f.Address, accounts...)
			signers, msg := factories[i].make(f.Ctx, data, reporter)
			require.NoError(t, reporter.Close())
			if reporter.IsSkipped() {
				continue
			}
			require.Len(t, signers, 1)
			require.NoError(t, factories[i].send(f.Ctx, msg), "%s", sdk.MsgTypeURL(msg))
			delivered[sdk.MsgTypeURL(msg)]++
		}
		require.NoError(t, f.Keeper.Invariants(f.Ctx))
		require.NoError(t, f.Pools.Invariants(f.Ctx))
	}
	params := simulation.MsgUpdateParamsFactory().Create()
	_, msg := params(f.Ctx, simsx.NewChainDataSource(f.Ctx, r, f.Accounts, f.Bank, f.Address, accounts...), simsx.NewBasicSimulationReporter())
	require.NoError(t, msg.(*types.MsgUpdateParams).Params.Validate())
	return f.Dump(), delivered
}

func send[M sdk.Msg, R any](method func(context.Context, M) (R, error)) func(context.Context, sdk.Msg) error {
	return func(ctx context.Context, msg sdk.Msg) error {
		_, err := method(ctx, msg.(M))
		return err
	}
}

func TestRandomMessages(t *testing.T) {
	total := map[string]int{}
	for seed := range int64(3) {
		store, delivered := run(t, seed, 25)
		again, _ := run(t, seed, 25)
		require.Equal(t, store, again, "one seed gives one state")
		for url, n := range delivered {
			total[url] += n
		}
	}
	require.Len(t, total, 14, "every kind of message was delivered: %v", total)
}

func TestWalkActive(t *testing.T) {
	f := testutil.New(t)
	pool := f.CreatePool(t, "LIGHT", nil)
	worker := f.RegisterWorker(t, "owner", "worker")
	var active []string
	for _, name := range []string{"first", "second"} {
		id := f.Register(t, "owner", name, pool, worker)
		f.Admit(t, id, "1.0.0")
		active = append(active, id)
	}
	f.Register(t, "owner", "pending", pool, worker)
	walk := func(pool uint64, most int) (ids []string) {
		require.NoError(t, simulation.WalkActive(f.Ctx, f.Keeper, pool, func(id string, c types.Contributable) (bool, error) {
			require.Equal(t, testutil.Account("owner"), c.Owner)
			ids = append(ids, id)
			return len(ids) == most, nil
		}))
		return ids
	}
	require.ElementsMatch(t, active, walk(pool, 9))
	require.Len(t, walk(pool, 1), 1)
	require.Empty(t, walk(pool+1, 9))
}
