package keeper_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/alita-network/alita/x/metadata/testutil"
	"github.com/alita-network/alita/x/metadata/types"
)

func (w *world) setPrivacy(t require.TestingT, budget uint64) {
	_, err := w.Msg.SetPrivacyBudget(w.Ctx, &types.MsgSetPrivacyBudget{Owner: w.Named("owner"), RecordId: w.active, Budget: budget})
	require.NoError(t, err)
}

// reserve sets aside what a contribution would disclose, under the record's grant for any program.
func (w *world) reserve(microRho uint64) error {
	_, err := w.Keeper.Reserve(w.Ctx, w.active, types.GrantRequest{Consumer: testutil.Account("consumer"), MicroRho: microRho})
	return err
}

func (w *world) reservation(microRho uint64) types.Reservation {
	return types.Reservation{RecordID: w.active, GrantID: 1, MicroRho: microRho}
}

func (w *world) charge(microRho uint64) error {
	return w.Keeper.Charge(w.Ctx, w.reservation(microRho), testutil.Account("consumer"), programA)
}

// A charge is 500,000 if one row changes one slot by one and sigma^2 is 1: rho = 1 / (2 sigma^2).
func TestPrivacyBudget(t *testing.T) {
	w := newWorld(t)
	w.requireRefused(t, func() error { return w.reserve(1) }, types.ErrPrivacyBudget, "expected at most 0 of 0 left, got 1")
	res, err := w.Msg.SetPrivacyBudget(w.Ctx, &types.MsgSetPrivacyBudget{Owner: w.Named("owner"), RecordId: w.active, Budget: 1_000_001})
	require.NoError(t, err)
	require.Zero(t, res.Spent)
	require.Equal(t, &types.EventPrivacyBudgetSet{RecordId: w.active, Budget: 1_000_001}, lastEvent(t, w.Ctx, &types.EventPrivacyBudgetSet{}))

	require.NoError(t, w.reserve(500_000))
	require.NoError(t, w.reserve(500_000))
	// What is refused sets no use of the grant aside either.
	w.requireRefused(t, func() error { return w.reserve(2) }, types.ErrPrivacyBudget, "expected at most 1 of 1000001 left, got 2")
	w.requireRefused(t, func() error { return w.reserve(math.MaxUint64) }, types.ErrPrivacyBudget, "expected at most 1")
	require.NoError(t, w.charge(500_000))
	require.Equal(t, &types.EventPrivacyCharged{
		RecordId: w.active, Consumer: w.Named("consumer"), Charged: 500_000, Spent: 500_000, Budget: 1_000_001,
	}, lastEvent(t, w.Ctx, &types.EventPrivacyCharged{}))
	w.requireRefused(t, func() error { return w.reserve(2) }, types.ErrPrivacyBudget, "expected at most 1 of 1000001 left, got 2")
	require.NoError(t, w.Keeper.Release(w.Ctx, w.reservation(500_000)))
	require.Equal(t, &types.EventPrivacyReleased{RecordId: w.active, Released: 500_000}, lastEvent(t, w.Ctx, &types.EventPrivacyReleased{}))
	record, err := w.Query.Record(w.Ctx, &types.QueryRecordRequest{RecordId: w.active})
	require.NoError(t, err)
	require.EqualValues(t, 1_000_001, record.Record.PrivacyBudget)
	require.EqualValues(t, 500_000, record.Record.PrivacySpent)
	require.Zero(t, record.Record.PrivacyReserved)
	g, err := w.Keeper.RecordGrant(w.Ctx, w.active, 1)
	require.NoError(t, err)
	require.Equal(t, [2]uint64{1, 0}, [2]uint64{g.Uses, g.Reserved})

	// Below what is spent: nothing more is given out, and what is spent stays.
	res, err = w.Msg.SetPrivacyBudget(w.Ctx, &types.MsgSetPrivacyBudget{Owner: w.Named("owner"), RecordId: w.active, Budget: 7})
	require.NoError(t, err)
	require.EqualValues(t, 500_000, res.Spent)
	w.requireRefused(t, func() error { return w.reserve(1) }, types.ErrPrivacyBudget, "expected at most 0 of 7 left")
	require.NoError(t, w.reserve(0), "sums without noise are the grant's")
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// A reservation ends whatever has become of grant and record, and never takes what is not there.
func TestReservationsEnd(t *testing.T) {
	w := newWorld(t)
	w.setPrivacy(t, 10)
	w.requireRefused(t, func() error { return w.charge(0) }, types.ErrInvariant, "grant 1: reserved: expected at least 1, got 0")
	for range 4 {
		require.NoError(t, w.reserve(2))
	}
	w.requireRefused(t, func() error { return w.Keeper.Release(w.Ctx, w.reservation(9)) }, types.ErrInvariant, "privacy_reserved: expected at least 9, got 8")
	require.NoError(t, revoke("owner", 1)(w))
	require.NoError(t, w.charge(2))
	require.NoError(t, w.Keeper.Release(w.Ctx, w.reservation(2)))
	require.NoError(t, retire("owner", (*world).activeID, "")(w))
	require.NoError(t, w.charge(2))
	require.NoError(t, w.Keeper.Release(w.Ctx, w.reservation(2)))
	record, err := w.Keeper.Record(w.Ctx, w.active)
	require.NoError(t, err)
	require.Equal(t, [2]uint64{4, 0}, [2]uint64{record.PrivacySpent, record.PrivacyReserved})
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// The ledger is the record's: a new version goes on with it, another record has its own.
func TestPrivacyBudgetOfVersions(t *testing.T) {
	w := newWorld(t)
	w.setPrivacy(t, 10)
	require.NoError(t, w.reserve(4))
	require.NoError(t, w.charge(4))
	_, err := w.Msg.AddVersion(w.Ctx, w.versionMsg)
	require.NoError(t, err)
	w.Admit(t, w.active, "1.1.0")
	record, err := w.Keeper.Record(w.Ctx, w.active)
	require.NoError(t, err)
	require.EqualValues(t, 4, record.PrivacySpent)
	require.EqualValues(t, 10, record.PrivacyBudget)
	other, err := w.Keeper.Record(w.Ctx, w.pending)
	require.NoError(t, err)
	require.Zero(t, other.PrivacySpent+other.PrivacyBudget)
}

// Whatever is set aside, charged and given back, and whatever the owner sets: spent and reserved are the sums of what was accepted,
// spent never falls, and something is set aside exactly if the budget of that moment has enough left.
func TestPrivacyLedger(t *testing.T) {
	w := newWorld(t)
	original := w.Ctx
	amount := rapid.OneOf(rapid.Uint64Range(0, 20), rapid.Uint64(), rapid.Just(uint64(math.MaxUint64)))
	rapid.Check(t, func(t *rapid.T) {
		w.Ctx, _ = original.CacheContext()
		budget, spent, reserved := uint64(0), uint64(0), uint64(0)
		var waiting []uint64
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
			case kind == 0:
				budget = amount.Draw(t, "budget")
				w.setPrivacy(t, budget)
			case kind < 3 || len(waiting) == 0:
				charge := amount.Draw(t, "charge")
				err := w.reserve(charge)
				fits := charge == 0 || (spent < budget && reserved < budget-spent && charge <= budget-spent-reserved)
				if fits != (err == nil) {
					t.Fatalf("%d with %d spent and %d set aside of %d: %v", charge, spent, reserved, budget, err)
				}
				if fits {
					reserved += charge
					waiting = append(waiting, charge)
				}
			default:
				r, err := waiting[0], error(nil)
				reserved, waiting = reserved-r, waiting[1:]
				if kind == 3 {
					spent += r
					err = w.charge(r)
				} else {
					err = w.Keeper.Release(w.Ctx, w.reservation(r))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			record, err := w.Keeper.Record(w.Ctx, w.active)
			if err != nil || record.PrivacySpent != spent || record.PrivacyReserved != reserved || record.PrivacyBudget != budget {
				t.Fatalf("%d spent and %d set aside of %d, expected %d and %d of %d (%v)",
					record.PrivacySpent, record.PrivacyReserved, record.PrivacyBudget, spent, reserved, budget, err)
			}
		}
		if err := w.Keeper.Invariants(w.Ctx); err != nil {
			t.Fatal(err)
		}
	})
}
