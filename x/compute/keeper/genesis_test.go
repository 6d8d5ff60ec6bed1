package keeper_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// population returns a state with a job in every phase.
func population(t tester) *fixture {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 200_000, 800_000)
	for _, o := range []string{"ada", "bob", "cyd"} {
		f.addRecord(o, account(o), 100)
	}
	params := testParams()
	params.MaxPaymentsPerBlock = 1
	require.NoError(t, f.keeper.Params.Set(f.ctx, params))
	open := func(n uint64, contribute, deliver int) string {
		spec := f.spec()
		spec.MaxCohort = 4
		job := f.open(consumer, n, spec)
		for _, o := range []string{"ada", "bob", "cyd"}[:contribute] {
			f.contribute(job, recordID(o))
		}
		return job
	}
	settling := open(1, 3, 3)
	failed := open(2, 1, 0)
	delivering := open(3, 3, 1)
	f.endBlocks(12)
	for _, o := range []string{"ada", "bob", "cyd"} {
		f.deliver(settling, recordID(o))
	}
	f.deliver(delivering, recordID("ada"))
	f.endBlock()
	contributing := open(4, 2, 0)
	empty := open(5, 0, 0)
	require.Equal(t, types.JOB_STATUS_SETTLING, f.job(settling).Status)
	require.Equal(t, types.JOB_STATUS_FAILED, f.job(failed).Status)
	require.Equal(t, types.JOB_STATUS_DELIVERING, f.job(delivering).Status)
	require.Equal(t, types.JOB_STATUS_CONTRIBUTING, f.job(contributing).Status)
	require.True(t, f.job(empty).Open())
	return f
}

// restarted is the same state, exported and loaded into a new store.
func restarted(t tester, f *fixture) *fixture {
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	// Through JSON, as in a genesis file.
	var loaded types.GenesisState
	f.cdc.MustUnmarshalJSON(f.cdc.MustMarshalJSON(gs), &loaded)
	g := newEmptyFixture(t)
	g.ctx = g.ctx.WithBlockHeight(f.ctx.BlockHeight())
	g.market, g.sealed, g.reader, g.program = f.market, f.sealed, f.reader, f.program
	for operator, stake := range f.validators {
		g.validators[operator] = stake
	}
	g.takeOver(f)
	require.NoError(t, g.keeper.InitGenesis(g.ctx, loaded))
	return g
}

// takeOver gives an empty fixture the money of another one, its records, and what is set aside and used of them.
func (f *fixture) takeOver(from *fixture) {
	f.bank.InitGenesis(f.ctx, from.bank.ExportGenesis(from.ctx))
	*f.registry = *from.registry
	f.registry.reserved, f.registry.uses = maps.Clone(from.registry.reserved), maps.Clone(from.registry.uses)
}

func TestGenesisRoundTrip(t *testing.T) {
	f := population(t)
	g := restarted(t, f)
	first, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	second, err := g.keeper.ExportGenesis(g.ctx)
	require.NoError(t, err)
	require.Equal(t, first, second)

	// Both go on alike.
	for range 20 {
		f.endBlock()
		g.endBlock()
		a, err := f.keeper.ExportGenesis(f.ctx)
		require.NoError(t, err)
		b, err := g.keeper.ExportGenesis(g.ctx)
		require.NoError(t, err)
		require.Equal(t, a, b)
	}
	for _, job := range first.Jobs {
		require.False(t, g.job(job.Id).Open())
	}
}

func TestGenesisRefuses(t *testing.T) {
	for name, spoil := range map[string]func(gs *types.GenesisState){
		"params":                    func(gs *types.GenesisState) { gs.Params.MaxCohort = 0 },
		"another code":              func(gs *types.GenesisState) { gs.Programs[0].Code = []byte{1} },
		"a program twice":           func(gs *types.GenesisState) { gs.Programs = append(gs.Programs, gs.Programs[0]) },
		"a program without a name":  func(gs *types.GenesisState) { gs.Programs[0].Program.Name = "" },
		"no program":                func(gs *types.GenesisState) { gs.Programs = nil },
		"a job twice":               func(gs *types.GenesisState) { gs.Jobs = append(gs.Jobs, gs.Jobs[0]) },
		"an id in upper case":       func(gs *types.GenesisState) { gs.Jobs[0].Id = "A" + gs.Jobs[0].Id[1:] },
		"no status":                 func(gs *types.GenesisState) { gs.Jobs[0].Status = 0 },
		"a missing amount":          func(gs *types.GenesisState) { gs.Jobs[0].Paid.Alita = math.Int{} },
		"more paid than the budget": func(gs *types.GenesisState) { gs.Jobs[0].Paid = types.NewFunds(1<<40, 0) },
		"more owners":               func(gs *types.GenesisState) { gs.Jobs[0].Owners++ },
		"more reserved":             func(gs *types.GenesisState) { gs.Jobs[0].Reserved.Data = gs.Jobs[0].Reserved.Data.AddRaw(1) },
		"no price":                  func(gs *types.GenesisState) { gs.Jobs[0].DataPerAlita = math.Int{} },
		"no job": func(gs *types.GenesisState) {
			gs.Jobs = gs.Jobs[1:]
			gs.Contributions = append(gs.Contributions, gs.Contributions...)
		},
		"a contribution twice": func(gs *types.GenesisState) { gs.Contributions = append(gs.Contributions, gs.Contributions[0]) },
		"a contribution less":  func(gs *types.GenesisState) { gs.Contributions = gs.Contributions[1:] },
		"a contribution to nothing": func(gs *types.GenesisState) {
			gs.Contributions[0].Contribution.Attestation.JobId = "00000000000000000000000000000000"
		},
		"a vector too much": func(gs *types.GenesisState) {
			for i := range gs.Contributions {
				if gs.Contributions[i].Sealed == nil {
					gs.Contributions[i].Sealed = &types.SealedVector{}
					return
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := population(t)
			gs, err := f.keeper.ExportGenesis(f.ctx)
			require.NoError(t, err)
			require.NoError(t, gs.Validate())
			spoil(gs)
			err = gs.Validate()
			require.Error(t, err)
			requireGrammar(t, err)
		})
	}
}

// A state whose escrows are empty is not loaded.
func TestGenesisNeedsTheEscrows(t *testing.T) {
	f := population(t)
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	g := newEmptyFixture(t)
	require.ErrorIs(t, g.keeper.InitGenesis(g.ctx, *gs), types.ErrInvariant)
}

// Loading checks what GenesisState.Validate does not.
func TestInitGenesisRefuses(t *testing.T) {
	for name, spoil := range map[string]func(gs *types.GenesisState){
		"another vector": func(gs *types.GenesisState) {
			for i := range gs.Contributions {
				if s := gs.Contributions[i].Sealed; s != nil {
					s.Ciphertext = make([]byte, len(s.Ciphertext))
					return
				}
			}
		},
		"unknown delivery": func(gs *types.GenesisState) { gs.Jobs[0].Spec.Delivery = 9 },
		"foreign consumer": func(gs *types.GenesisState) { gs.Jobs[0].Consumer = "cosmos1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu" },
	} {
		t.Run(name, func(t *testing.T) {
			f := population(t)
			gs, err := f.keeper.ExportGenesis(f.ctx)
			require.NoError(t, err)
			spoil(gs)
			g := newEmptyFixture(t)
			g.bank.InitGenesis(g.ctx, f.bank.ExportGenesis(f.ctx))
			err = g.keeper.InitGenesis(g.ctx, *gs)
			require.ErrorIs(t, err, types.ErrInvalidGenesis)
			requireGrammar(t, err)
		})
	}
}

// A chain that starts again at height 1 with the state of an old one still ends
// every job within its windows.
func TestGenesisAtAnotherHeight(t *testing.T) {
	f := population(t)
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	for i := range gs.Jobs {
		if gs.Jobs[i].DeadlineHeight > 0 {
			gs.Jobs[i].DeadlineHeight += 5_000_000
		}
	}
	g := newEmptyFixture(t)
	g.bank.InitGenesis(g.ctx, f.bank.ExportGenesis(f.ctx))
	require.NoError(t, g.keeper.InitGenesis(g.ctx, *gs))
	g.endBlocks(10 + 5 + 12)
	for _, job := range gs.Jobs {
		require.False(t, g.job(job.Id).Open())
	}
}
