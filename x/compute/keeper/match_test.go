package keeper_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
)

// A contribution is matched when it is paid, once, by the stakers' part of its fee, and only while its record is active. If
// that fails, the owner is still paid and the job ends.
func TestMatched(t *testing.T) {
	ada, bob := account("ada"), account("bob")
	both := []string{recordID("first") + " " + bech(ada) + " 124", recordID("second") + " " + bech(bob) + " 124"}
	if recordID("second") < recordID("first") {
		both[0], both[1] = both[1], both[0]
	}
	onlyBob := []string{recordID("second") + " " + bech(bob) + " 124"}
	for name, tc := range map[string]struct {
		before  func(f *fixture)
		matched []string
	}{
		"both":                             {func(*fixture) {}, both},
		"one withdrawn after its delivery": {func(f *fixture) { f.registry.retired[recordID("first")] = true }, onlyBob},
		"one unknown to the registry":      {func(f *fixture) { delete(f.registry.records, recordID("first")) }, onlyBob},
		"an error": {func(f *fixture) {
			f.market.match = func(id string) error {
				if id == recordID("first") {
					return errors.New("no")
				}
				return nil
			}
		}, onlyBob},
		"a panic": {func(f *fixture) {
			f.market.match = func(id string) error {
				if id == recordID("first") {
					panic("no")
				}
				return nil
			}
		}, onlyBob},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 20_000, 80_000)
			job := f.open(consumer, 1, f.spec())
			f.contribute(job, f.addRecord("first", ada, 100))
			f.contribute(job, f.addRecord("second", bob, 100))
			f.endBlocks(11)
			f.deliver(job, recordID("first"))
			f.deliver(job, recordID("second"))
			require.Empty(t, f.market.matched)
			tc.before(f)
			f.endBlock()
			require.Equal(t, types.JOB_STATUS_SETTLED, f.job(job).Status)
			require.Equal(t, types.NewFunds(2363, 9948), f.funds(ada))
			require.Equal(t, types.NewFunds(2363, 9948), f.funds(bob))
			require.Equal(t, tc.matched, f.market.matched)
		})
	}
}

// What costs stakers nothing, because their part is rounded down to zero, is not matched. Before, each paid contribution
// counted the same: twenty of 1 ualita took 94.9 % of a pool's streamed rewards.
func TestAttackContributionsOfOneUalita(t *testing.T) {
	f := newFixture(t)
	consumer, ada, bob := account("consumer"), account("ada"), account("bob")
	f.fund(consumer, 20_000, 80_000)
	spec := f.spec()
	// 4,974 operations for ada's rows, 717 for bob's: a fee of one ualita for a thousand operations leaves nothing for bob.
	spec.PricePerMop = math.NewInt(1_000)
	job := f.open(consumer, 1, spec)
	require.Equal(t, types.NewFunds(4, 16), f.contribute(job, f.addRecord("first", ada, 100)))
	require.True(t, f.contribute(job, f.addRecord("second", bob, 1)).IsZero())
	f.endBlocks(11)
	f.deliver(job, recordID("first"))
	f.deliver(job, recordID("second"))
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(job).Status)
	require.Empty(t, f.market.matched, "a twentieth of 4 ualita")
	c, err := f.keeper.Contribution(f.ctx, job, recordID("second"))
	require.NoError(t, err)
	require.Equal(t, types.CONTRIBUTION_STATUS_PAID, c.Status)
}

// A contribution that was not delivered, or could not be paid, is not matched.
func TestUnpaidIsNotMatched(t *testing.T) {
	f := newFixture(t)
	consumer, ada, bob, carl := account("consumer"), account("ada"), account("bob"), account("carl")
	f.fund(consumer, 40_000, 160_000)
	spec := f.spec()
	spec.Budget = types.NewFunds(40_000, 160_000)
	job := f.open(consumer, 1, spec)
	f.contribute(job, f.addRecord("first", ada, 100))
	f.contribute(job, f.addRecord("second", bob, 100))
	f.contribute(job, f.addRecord("third", carl, 100))
	f.endBlock() // the cohort is full
	f.deliver(job, recordID("first"))
	f.deliver(job, recordID("second"))
	f.blocked[ada.String()] = true
	f.endBlocks(6)
	require.Equal(t, types.JOB_STATUS_SETTLED, f.job(job).Status)
	require.Equal(t, []string{recordID("second") + " " + bech(bob) + " 124"}, f.market.matched)
}
