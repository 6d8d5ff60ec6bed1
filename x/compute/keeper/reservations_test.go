package keeper_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Budgets and grants over the real x/metadata. The invariants, which run after every block, compare what is set aside with the
// contributions that wait.

// granting lists a record for each owner, whose only grant allows the program, and makes them those who contribute.
func (p *panelFixture) granting(budget uint64, terms metadatatypes.GrantTerms, owners ...string) {
	p.t.Helper()
	terms.MinPricePerMop = math.ZeroInt()
	p.records, p.owners = p.registerAll(owners...), nil
	for _, r := range p.records {
		owner := p.ownerOf[r]
		p.owners = append(p.owners, owner)
		_, err := p.msgs.Grant(p.ctx, &metadatatypes.MsgGrant{Owner: bech(owner), RecordId: r, Terms: terms})
		require.NoError(p.t, err)
		_, err = p.msgs.SetPrivacyBudget(p.ctx, &metadatatypes.MsgSetPrivacyBudget{Owner: bech(owner), RecordId: r, Budget: budget})
		require.NoError(p.t, err)
		p.registry.records[r], err = p.metadata.Contributable(p.ctx, r)
		require.NoError(p.t, err)
	}
}

// noised asks for a histogram with noise: 5,000 millionths of rho.
func (p *panelFixture) noised(program string) types.JobSpec {
	s := p.noisedSpec(program)
	s.Budget = types.NewFunds(1_000_000, 5_000_000)
	return s
}

// requireBooked checks what is charged and set aside of every record that contributes, and of its first grant.
func (p *panelFixture) requireBooked(spent, reserved, uses, reservedUses uint64) {
	p.t.Helper()
	for _, r := range p.records {
		record, err := p.metadata.Record(p.ctx, r)
		require.NoError(p.t, err)
		require.Equal(p.t, [2]uint64{spent, reserved}, [2]uint64{record.PrivacySpent, record.PrivacyReserved}, "spent and reserved")
		grant, err := p.metadata.RecordGrant(p.ctx, r, 1)
		require.NoError(p.t, err)
		require.Equal(p.t, [2]uint64{uses, reservedUses}, [2]uint64{grant.Uses, grant.Reserved}, "uses and reserved ones")
	}
}

// Two jobs that can never reach their cohort take every record's budget for nothing. It comes back, and so do the grant's uses.
func TestAttackDrainedPrivacyBudget(t *testing.T) {
	p := newPanelFixture(t)
	histogram := p.storeHistogram(nil)
	p.granting(1_000_000, metadatatypes.GrantTerms{Programs: []string{histogram}, MaxUses: 2}, names("owner", 3)...)
	spec := p.noised(histogram)
	spec.Secure.MicroRho, spec.MinCohort = 500_000, 10
	var jobs []string
	for range 2 {
		jobs = append(jobs, p.seatedJob(spec))
		p.contributeAll(jobs[len(jobs)-1])
	}
	p.requireBooked(0, 1_000_000, 0, 2)
	third := p.seatedJob(spec)
	_, err := p.msg.Contribute(p.ctx, p.shared(third, 0))
	require.ErrorIs(t, err, metadatatypes.ErrNotGranted, "while both may still be opened, no third one is")
	require.ErrorContains(t, err, "used up (2 of 2 uses)")
	for _, id := range jobs {
		for p.job(id).Open() {
			p.endBlock()
		}
		require.Equal(t, types.FAILURE_REASON_COHORT, p.job(id).Failure)
	}
	p.requireBooked(0, 0, 0, 0)
	fourth := p.seatedJob(spec)
	p.contributeAll(fourth)
	p.requireBooked(0, 500_000, 0, 1)
}

// What was in a sum whose opening began is charged when it is settled; what a seat refused is given back.
func TestReservationsAreBooked(t *testing.T) {
	p := newPanelFixture(t)
	histogram := p.storeHistogram(nil)
	p.granting(6_000, metadatatypes.GrantTerms{Programs: []string{histogram}}, names("owner", 3)...)
	spec := p.noised(histogram)
	spec.MinCohort = 2
	id := p.seatedJob(spec)
	p.contributeAll(id)
	p.untilOver(id)
	for i := range p.job(id).Seats {
		msg := p.preparations(id, i)
		if i == 1 {
			msg.Preparations[2].Share = nil
		}
		_, err := p.msg.Prepare(p.ctx, msg)
		require.NoError(t, err)
	}
	require.Equal(t, types.JOB_STATUS_CONTESTING, p.untilOver(id).Status)
	require.Equal(t, types.JOB_STATUS_AGGREGATING, p.untilOver(id).Status)
	require.EqualValues(t, 1, p.job(id).OpenedAttempts)
	p.requireBooked(0, 5_000, 0, 1)
	other := p.seatedJob(spec)
	_, err := p.msg.Contribute(p.ctx, p.shared(other, 0))
	require.ErrorIs(t, err, metadatatypes.ErrPrivacyBudget)
	require.ErrorContains(t, err, "expected at most 1000 of 6000 left, got 5000")

	job := p.job(id)
	for i := range job.Seats {
		_, err := p.msg.OpenSum(p.ctx, p.openMsg(id, i, p.opening(id, i)))
		require.NoError(t, err)
	}
	p.untilOver(id)
	_, err = p.msg.AcceptSums(p.ctx, &types.MsgAcceptSums{Consumer: bech(p.consumer), JobId: id})
	require.NoError(t, err)
	require.Equal(t, types.JOB_STATUS_SETTLED, p.untilOver(id).Status)
	all := p.records
	p.records = all[:2]
	p.requireBooked(5_000, 0, 1, 0)
	p.records = all[2:]
	p.requireBooked(0, 0, 0, 0)
}

// An attempt that is void before it is opened takes nothing: the next one reserves the same again. One that is void after its opening
// began is charged, and the next one in addition. A record that stays away in the next attempt is booked when the round
// ends.
func TestReservationsOfAttempts(t *testing.T) {
	p := newPanelFixture(t)
	for i := range 15 {
		p.addSeat(10 + i)
	}
	histogram := p.storeHistogram(nil)
	p.granting(10_000, metadatatypes.GrantTerms{Programs: []string{histogram}}, names("owner", 3)...)
	spec := p.noised(histogram)
	spec.MinCohort = 2
	id := p.seatedJob(spec)
	again := func() {
		t.Helper()
		require.Equal(t, types.JOB_STATUS_SEATING, p.untilOver(id).Status)
		p.endBlocks(2)
		p.takeSeats(id)
		p.endBlock()
		require.Equal(t, types.JOB_STATUS_CONTRIBUTING, p.job(id).Status)
	}
	p.contributeAll(id)
	require.Equal(t, types.JOB_STATUS_VERIFYING, p.untilOver(id).Status)
	again() // no seat judges
	p.requireBooked(0, 5_000, 0, 1)
	p.contributeAll(id)
	p.requireBooked(0, 5_000, 0, 1)
	require.Equal(t, types.JOB_STATUS_VERIFYING, p.untilOver(id).Status)
	p.prepareAll(id)
	require.Equal(t, types.JOB_STATUS_AGGREGATING, p.untilOver(id).Status)
	again() // no seat opens: but the last one may know the sum
	require.EqualValues(t, 0b10, p.job(id).OpenedAttempts)
	p.requireBooked(0, 5_000, 0, 1)
	all := p.records
	p.records = all[:2]
	p.contributeAll(id)
	p.requireBooked(5_000, 5_000, 1, 1)
	p.records = all[2:]
	p.requireBooked(0, 5_000, 0, 1)
	p.records = all[:2]
	_, err := p.msgs.SetPrivacyBudget(p.ctx, &metadatatypes.MsgSetPrivacyBudget{Owner: bech(p.owners[2]), RecordId: all[2], Budget: 1})
	require.NoError(t, err)
	p.untilOver(id)
	p.prepareAll(id)
	// The sum that may be known was over all three. The one over two of them has noise of its own, and is charged as well.
	require.Equal(t, types.JOB_STATUS_AGGREGATING, p.untilOver(id).Status)
	p.openAll(id)
	p.endBlocks(10)
	require.Equal(t, types.JOB_STATUS_SETTLED, p.job(id).Status)
	p.requireBooked(10_000, 0, 2, 0)
	p.records = all[2:]
	p.requireBooked(5_000, 0, 1, 0)
}

// A later attempt of a round asks the grants as the first one did.
func TestAttackExpiredGrant(t *testing.T) {
	for name, tc := range map[string]struct {
		end  func(p *panelFixture, record string)
		says string
	}{
		"not_after has passed": {func(p *panelFixture, _ string) { p.ctx = p.ctx.WithBlockTime(p.ctx.BlockTime().Add(2 * time.Hour)) }, "ended at"},
		"revoked": {func(p *panelFixture, record string) {
			_, err := p.msgs.RevokeGrant(p.ctx, &metadatatypes.MsgRevokeGrant{Owner: bech(p.ownerOf[record]), RecordId: record, GrantId: 1})
			require.NoError(p.t, err)
		}, "its owner has to grant first"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPanelFixture(t)
			for i := range 6 {
				p.addSeat(10 + i)
			}
			p.ctx = p.ctx.WithBlockTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			end := p.ctx.BlockTime().Add(time.Hour)
			histogram := p.storeHistogram(nil)
			p.granting(10_000, metadatatypes.GrantTerms{Programs: []string{histogram}, NotAfter: &end}, names("owner", 2)...)
			spec := p.noised(histogram)
			id := p.seatedJob(spec)
			p.contributeAll(id)
			require.Equal(t, types.JOB_STATUS_VERIFYING, p.untilOver(id).Status)
			require.Equal(t, types.JOB_STATUS_SEATING, p.untilOver(id).Status)
			p.endBlocks(2)
			p.takeSeats(id)
			p.endBlock()
			tc.end(p, p.records[0])
			before := p.state()
			_, err := p.msg.Contribute(p.ctx, p.shared(id, 0))
			require.ErrorIs(t, err, metadatatypes.ErrNotGranted)
			require.ErrorContains(t, err, tc.says)
			require.Equal(t, before, p.state())
			for p.job(id).Open() {
				p.endBlock()
			}
			record, err := p.metadata.Record(p.ctx, p.records[0])
			require.NoError(t, err)
			require.Zero(t, record.PrivacyReserved+record.PrivacySpent)
		})
	}
}

// A record that is withdrawn while its contribution waits is booked like any other.
func TestReservationOfARetiredRecord(t *testing.T) {
	p := newPanelFixture(t)
	histogram := p.storeHistogram(nil)
	p.granting(10_000, metadatatypes.GrantTerms{Programs: []string{histogram}}, names("owner", 2)...)
	spec := p.noised(histogram)
	spec.MinCohort = 3
	id := p.seatedJob(spec)
	p.contributeAll(id)
	_, err := p.msgs.RetireRecord(p.ctx, &metadatatypes.MsgRetireRecord{Owner: bech(p.owners[0]), RecordId: p.records[0]})
	require.NoError(t, err)
	p.requireBooked(0, 5_000, 0, 1)
	for p.job(id).Open() {
		p.endBlock()
	}
	p.requireBooked(0, 0, 0, 0)
}

// In direct delivery a vector can be read when it is delivered.
func TestReservationsOfDirectDelivery(t *testing.T) {
	p := newPanelFixture(t)
	p.granting(0, metadatatypes.GrantTerms{Programs: []string{p.program}, IndividualResults: true}, names("owner", 3)...)
	spec := p.spec()
	spec.Budget = types.NewFunds(1_000_000, 5_000_000)
	id, err := p.openOver(spec)
	require.NoError(t, err)
	for _, r := range p.records {
		p.contribute(id, r)
	}
	p.requireBooked(0, 0, 0, 1)
	require.Equal(t, types.JOB_STATUS_DELIVERING, p.untilOver(id).Status)
	p.deliver(id, p.records[0])
	for p.job(id).Open() {
		p.endBlock()
	}
	require.Equal(t, types.FAILURE_REASON_DELIVERY, p.job(id).Failure)
	all := p.records
	p.records = all[:1]
	p.requireBooked(0, 0, 1, 0)
	p.records = all[1:]
	p.requireBooked(0, 0, 0, 0)
}

// The invariants find what is set aside for nothing, and what is not set aside.
func TestReservationInvariants(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(r *metadatatypes.Record)
		says   string
	}{
		"too much":   {func(r *metadatatypes.Record) { r.PrivacyReserved++ }, "expected 5000, as its contributions have it, got 5001"},
		"too little": {func(r *metadatatypes.Record) { r.PrivacyReserved = 0 }, "records with something set aside: expected 2, as the contributions have it, got 1"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPanelFixture(t)
			histogram := p.storeHistogram(nil)
			p.granting(10_000, metadatatypes.GrantTerms{Programs: []string{histogram}}, names("owner", 2)...)
			id := p.seatedJob(p.noised(histogram))
			p.contributeAll(id)
			require.NoError(t, p.keeper.Invariants(p.ctx))
			record, err := p.metadata.Record(p.ctx, p.records[0])
			require.NoError(t, err)
			tc.change(&record)
			require.NoError(t, p.metadata.Records.Set(p.ctx, record.Id, record))
			err = p.keeper.Invariants(p.ctx)
			require.ErrorIs(t, err, types.ErrInvariant)
			require.ErrorContains(t, err, tc.says)
		})
	}
}
