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

func (w *world) useNoised(microRho uint64) error {
	_, err := w.Keeper.UseGrant(w.Ctx, w.active, types.GrantRequest{Consumer: testutil.Account("consumer"), MicroRho: microRho})
	return err
}

// A charge is 500,000 if one row changes one slot by one and sigma^2 is 1: rho = 1 / (2 sigma^2).
func TestPrivacyBudget(t *testing.T) {
	w := newWorld(t)
	w.requireRefused(t, func() error { return w.useNoised(1) }, types.ErrPrivacyBudget, "expected at most 0 of 0 left, got 1")
	res, err := w.Msg.SetPrivacyBudget(w.Ctx, &types.MsgSetPrivacyBudget{Owner: w.Named("owner"), RecordId: w.active, Budget: 1_000_001})
	require.NoError(t, err)
	require.Zero(t, res.Spent)
	require.Equal(t, &types.EventPrivacyBudgetSet{RecordId: w.active, Budget: 1_000_001}, lastEvent(t, w.Ctx, &types.EventPrivacyBudgetSet{}))

	require.NoError(t, w.useNoised(500_000))
	require.Equal(t, &types.EventPrivacyCharged{
		RecordId: w.active, Consumer: w.Named("consumer"), Charged: 500_000, Spent: 500_000, Budget: 1_000_001,
	}, lastEvent(t, w.Ctx, &types.EventPrivacyCharged{}))
	require.NoError(t, w.Keeper.ChargePrivacy(w.Ctx, w.active, testutil.Account("consumer"), 500_000))
	record, err := w.Query.Record(w.Ctx, &types.QueryRecordRequest{RecordId: w.active})
	require.NoError(t, err)
	require.EqualValues(t, 1_000_001, record.Record.PrivacyBudget)
	require.EqualValues(t, 1_000_000, record.Record.PrivacySpent)

	// What is refused counts no use of the grant either.
	w.requireRefused(t, func() error { return w.useNoised(2) }, types.ErrPrivacyBudget, "expected at most 1 of 1000001 left, got 2")
	w.requireRefused(t, func() error { return w.useNoised(math.MaxUint64) }, types.ErrPrivacyBudget, "expected at most 1")
	w.requireRefused(t, func() error {
		return w.Keeper.ChargePrivacy(w.Ctx, w.active, testutil.Account("consumer"), 2)
	}, types.ErrPrivacyBudget, "expected at most 1")
	require.NoError(t, w.useNoised(0), "sums without noise are the grant's")

	// Below what is spent: nothing more is given out, and what is spent stays.
	res, err = w.Msg.SetPrivacyBudget(w.Ctx, &types.MsgSetPrivacyBudget{Owner: w.Named("owner"), RecordId: w.active, Budget: 7})
	require.NoError(t, err)
	require.EqualValues(t, 1_000_000, res.Spent)
	w.requireRefused(t, func() error { return w.useNoised(1) }, types.ErrPrivacyBudget, "expected at most 0 of 7 left")
	require.NoError(t, w.Keeper.Invariants(w.Ctx))
}

// The ledger is the record's: a new version goes on with it, another record has its own.
func TestPrivacyBudgetOfVersions(t *testing.T) {
	w := newWorld(t)
	w.setPrivacy(t, 10)
	require.NoError(t, w.useNoised(4))
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

func TestPrivacyNeedsAnActiveRecord(t *testing.T) {
	w := newWorld(t)
	charge := func(id string) func() error {
		return func() error { return w.Keeper.ChargePrivacy(w.Ctx, id, testutil.Account("consumer"), 1) }
	}
	w.requireRefused(t, charge(w.pending), types.ErrRecordPending, "waits")
	w.requireRefused(t, charge(w.retired), types.ErrRecordRetired, "withdrawn")
	w.requireRefused(t, charge(unknownRecord), types.ErrRecordNotFound, unknownRecord)
}

// Whatever is charged and whatever the owner sets: spent is the sum of the charges that were accepted, it never falls,
// and a charge is accepted exactly if the budget of that moment has enough left.
func TestPrivacySpentIsTheSumOfCharges(t *testing.T) {
	w := newWorld(t)
	original := w.Ctx
	amount := rapid.OneOf(rapid.Uint64Range(0, 20), rapid.Uint64(), rapid.Just(uint64(math.MaxUint64)))
	rapid.Check(t, func(t *rapid.T) {
		w.Ctx, _ = original.CacheContext()
		budget, spent := uint64(0), uint64(0)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				budget = amount.Draw(t, "budget")
				w.setPrivacy(t, budget)
			default:
				charge, again := amount.Draw(t, "charge"), rapid.Bool().Draw(t, "another attempt")
				err := error(nil)
				if again {
					err = w.Keeper.ChargePrivacy(w.Ctx, w.active, testutil.Account("consumer"), charge)
				} else {
					err = w.useNoised(charge)
				}
				fits := charge == 0 || (spent < budget && charge <= budget-spent)
				if fits != (err == nil) {
					t.Fatalf("charge %d with %d of %d spent: %v", charge, spent, budget, err)
				}
				if fits {
					spent += charge
				}
			}
			record, err := w.Keeper.Record(w.Ctx, w.active)
			if err != nil || record.PrivacySpent != spent || record.PrivacyBudget != budget {
				t.Fatalf("%d of %d spent, expected %d of %d (%v)", record.PrivacySpent, record.PrivacyBudget, spent, budget, err)
			}
		}
		if err := w.Keeper.Invariants(w.Ctx); err != nil {
			t.Fatal(err)
		}
	})
}
