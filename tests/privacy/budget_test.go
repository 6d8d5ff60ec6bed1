package privacy_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestAttackDrainedBudget has an adversary open jobs that can never reach their cohort: no answer is read, and no record's privacy budget is spent.
func TestAttackDrainedBudget(t *testing.T) {
	const jobs, owners = 2, 5
	l := newLive(t, 3_000, answers[:1], owners, false)
	contributed := 0
	for range jobs {
		l.question("sybils", one, func(spec *computetypes.JobSpec) { spec.MinCohort = 100 })
		id := l.jobs["sybils"]
		l.play()
		require.Equal(t, computetypes.JOB_STATUS_FAILED, l.job(id).Status)
		for _, o := range l.owners {
			if o.viewOf(id).message != nil {
				contributed++
			}
		}
	}
	require.Equal(t, jobs*owners, contributed, "they had set it aside")
	spent := uint64(0)
	for _, o := range l.owners {
		r, err := l.App.MetadataKeeper.Record(l.Ctx(), o.record)
		require.NoError(t, err)
		spent += r.PrivacySpent + r.PrivacyReserved
	}
	require.Zero(t, spent)
	note(row{
		number: 50, attack: "two jobs that cannot reach their cohort: the privacy budget that each record loses", before: "rho 1 of 1",
		after: fmt.Sprintf("rho %g of 1", float64(spent)/1e6), most: "rho 0",
	})
}

// TestAttackClaimedRows has accounts of the adversary's claim as many rows as the budget pays, before others come.
func TestAttackClaimedRows(t *testing.T) {
	const honest, sybils, claimed = 10, 2, 10_000
	takePart := func(bound uint64) (taken int) {
		accounts := append(names("claims", sybils, bound), names("honest", honest, bound)...)
		m := newMarket(newExchange(t, accounts...), 4_000+bound)
		for i, name := range accounts {
			m.rows[name] = 12
			if i < sybils {
				m.rows[name] = claimed
			}
		}
		of := m.list(accounts...)
		for _, p := range of {
			m.Must(p.Account, &metadatatypes.MsgGrant{Owner: p.String(), RecordId: p.record, Terms: metadatatypes.GrantTerms{
				Programs: m.programs, MinCohort: 2, MinPricePerMop: math.ZeroInt(), IndividualResults: true,
			}})
		}
		spec := m.question(batch, "q", "x")
		spec.Delivery, spec.Secure, spec.DeliverBlocks = computetypes.DELIVERY_DIRECT, nil, 5
		spec.MinCohort, spec.MaxCohort, spec.MaxRows, spec.ContributeBlocks = 2, honest+sybils, bound, 45
		program, err := m.App.ComputeKeeper.Program(m.Ctx(), spec.ProgramId)
		require.NoError(t, err)
		ops, err := program.Cost.Operations(claimed, 1, slots)
		require.NoError(t, err)
		// The budget pays just what the claimed rows take.
		spec.PricePerMop = math.NewInt(whole)
		spec.Budget = computetypes.NewFunds(int64(2*ops+10), 1_000*whole)
		id, err := m.ask(spec)
		require.NoError(t, err)
		for i, p := range of {
			c, err := m.contributable(m.job(id), p)
			require.NoError(t, err)
			ops, err := program.Cost.Operations(c.Rows, 1, slots)
			require.NoError(t, err)
			msg := &computetypes.MsgContribute{Worker: p.String(), Attestation: computetypes.Attestation{
				JobId: id, RecordId: p.record, Version: c.Version, RowRoot: c.RowRoot, Rows: c.Rows, Operations: ops, ResultCommitment: c.RowRoot,
			}}
			if m.try(p.Account, msg) && i >= sybils {
				taken++
			}
		}
		return taken
	}
	without, with := takePart(0), takePart(20)
	require.Zero(t, without)
	require.Equal(t, honest, with)
	note(row{
		number: 51, attack: "two accounts that claim as many rows as the budget pays: honest owners who can still take part", before: fmt.Sprintf("%d of %d", without, honest),
		after: fmt.Sprintf("%d of %d, with `max_rows`", with, honest), most: fmt.Sprintf("%d of %d", honest, honest),
	})
}
