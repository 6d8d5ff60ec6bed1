package keeper_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// The attacks on panels, each of which would show one owner if it went through. docs/security/threats.md lists them.

// outside lets a record contribute to direct delivery. There is no exact sum outside of panels.
func (p *panelFixture) outside(record string) error {
	p.t.Helper()
	c, err := p.metadata.Contributable(p.ctx, record)
	require.NoError(p.t, err)
	_, err = p.msgs.Grant(p.ctx, &metadatatypes.MsgGrant{Owner: bech(p.ownerOf[record]), RecordId: record, Terms: metadatatypes.GrantTerms{
		Programs: []string{p.program}, IndividualResults: true, MinPricePerMop: math.ZeroInt(),
	}})
	require.NoError(p.t, err)
	p.registry.records[record] = c
	spec := p.spec()
	spec.Budget = types.NewFunds(1_000_000, 5_000_000)
	id, err := p.openOver(spec)
	require.NoError(p.t, err)
	_, err = p.msg.Contribute(p.ctx, p.attest(id, record))
	return err
}

// The members found another panel without one of them, over the rows that were summed with it: the difference is that one's.
func TestAttackContentInAnotherPanel(t *testing.T) {
	p := newPanelFixture(t)
	owners := names("owner", 4)
	var records []string
	for _, o := range owners {
		records = append(records, p.register(o, "rows of "+o))
	}
	id := p.found(p.namedTerms(3), records...)
	p.answer(p.over(id))
	p.leave(id, records[3])

	_, err := p.propose(p.namedTerms(3), records[:3]...)
	require.ErrorIs(t, err, metadatatypes.ErrInPanel, "a record is in one panel ever")
	var again []string
	for _, o := range owners[:3] {
		again = append(again, p.register(o, "rows of "+o))
	}
	second, err := p.propose(p.namedTerms(3), again...)
	require.NoError(t, err)
	for i, r := range again {
		require.ErrorIs(t, p.sign(second, r), metadatatypes.ErrContentUsed, "nor are its rows under another record")
		p.change(r, "other rows "+owners[i])
		require.NoError(t, p.sign(second, r), "new rows are free")
	}
	require.Equal(t, metadatatypes.PANEL_STATUS_ACTIVE, p.panel(second).Status)
}

// A member is silent, or sends what is out of range, or a seat refuses it: the others are not summed without it.
func TestAttackMemberLeftOut(t *testing.T) {
	for name, invalid := range map[string]bool{"silent": false, "invalid": true} {
		t.Run(name, func(t *testing.T) {
			p := newPanelFixture(t)
			id := p.found(p.namedTerms(3), p.registerAll(names("owner", 5)...)...)
			consumer := p.funds(p.consumer)
			jobID := p.seatedJob(p.over(id))
			for i := range p.records {
				if i == 2 && !invalid {
					continue
				}
				_, err := p.msg.Contribute(p.ctx, p.shared(jobID, i))
				require.NoError(t, err)
			}
			job := p.untilOver(jobID)
			if invalid {
				require.Equal(t, types.JOB_STATUS_VERIFYING, job.Status)
				require.NoError(t, p.keeper.JudgeAll(p.ctx, jobID, func(r string) bool { return r != p.records[2] }))
				job = p.untilOver(jobID)
			}
			require.Equal(t, types.JOB_STATUS_FAILED, job.Status)
			require.Equal(t, types.FAILURE_REASON_PANEL, job.Failure)
			require.Equal(t, drawn(consumer), p.funds(p.consumer), "nothing was readable, nothing is paid")
			require.Zero(t, p.panel(id).OpenedSlots)
			require.Zero(t, p.panel(id).Jobs)
		})
	}
}

// An edition changes m members, and the next one changes all but one of them back: the difference of three sums is that one's.
func TestAttackOldContentComesBack(t *testing.T) {
	p := newPanelFixture(t)
	owners := names("owner", 5)
	var records []string
	for _, o := range owners {
		records = append(records, p.register(o, "old rows of "+o))
	}
	id := p.found(p.namedTerms(3), records...)
	for i, r := range records[:3] {
		p.renew(r, "new rows of "+owners[i])
	}
	require.EqualValues(t, 2, p.panel(id).Edition)
	version := p.change(records[0], "old rows of "+owners[0])
	require.ErrorIs(t, p.stage(records[0], version), metadatatypes.ErrContentUsed)
	require.ErrorIs(t, p.stage(records[0], "1.0.0"), metadatatypes.ErrVersionStatus, "a version that is no longer admitted")
	version = p.change(records[3], "old rows of "+owners[3])
	require.ErrorIs(t, p.stage(records[3], version), metadatatypes.ErrContentUsed, "the present rows under another version are no change")
	require.Zero(t, p.panel(id).Staged)
}

// Fewer than m members change, or the same one m times: no edition begins.
func TestAttackSmallChange(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 5)...)
	id := p.found(p.namedTerms(3), records...)
	for _, rows := range []string{"a", "b", "c", "d"} {
		p.renew(records[0], rows)
	}
	p.renew(records[1], "e")
	panel := p.panel(id)
	require.EqualValues(t, 1, panel.Edition)
	require.EqualValues(t, 2, panel.Staged)
	require.ErrorIs(t, p.stage(records[1], "2.0.0"), metadatatypes.ErrContentUsed, "staged once")
}

// Strangers join a sum, or members of another panel do: their own answers are known to them.
func TestAttackStrangersJoin(t *testing.T) {
	p := newPanelFixture(t)
	a := p.found(p.namedTerms(3), p.registerAll(names("a", 3)...)...)
	p.found(p.namedTerms(3), p.registerAll(names("b", 3)...)...)
	strangers := p.registerAll("stranger")
	jobID := p.seatedJob(p.over(a))
	for _, r := range append(strangers, p.records...) {
		_, err := p.metadata.Record(p.ctx, r)
		require.NoError(t, err)
	}
	msg := p.shared(jobID, 0)
	for _, r := range append(strangers, recordsOf(p, "b")...) {
		msg.Attestation.RecordId, msg.Worker = r, bech(p.ownerOf[r])
		_, err := p.msg.Contribute(p.ctx, msg)
		require.ErrorIs(t, err, metadatatypes.ErrNotMember)
	}
}

// recordsOf lists the records of the owners a prefix names.
func recordsOf(p *panelFixture, prefix string) (records []string) {
	for _, o := range names(prefix, 3) {
		for r, owner := range p.ownerOf {
			if owner.Equals(account(o)) {
				records = append(records, r)
			}
		}
	}
	return records
}

// Members show their own vectors apart, before or after: each would take one from the m that hide the others.
func TestAttackDirectDeliveryOfAMember(t *testing.T) {
	p := newPanelFixture(t)
	before := p.register("early", "early rows")
	require.NoError(t, p.outside(before))
	require.NoError(t, p.outside(before), "as often as its owner likes")
	records := append(p.registerAll(names("owner", 2)...), before)
	id, err := p.propose(p.namedTerms(3), records...)
	require.NoError(t, err)
	for _, r := range records[:2] {
		require.NoError(t, p.sign(id, r))
	}
	require.ErrorIs(t, p.sign(id, before), metadatatypes.ErrContentUsed, "rows that gave an exact answer are in no panel")
	p.change(before, "late rows")
	require.NoError(t, p.sign(id, before))

	require.ErrorIs(t, p.outside(records[0]), metadatatypes.ErrInPanel)
	p.change(records[0], "rows that no edition has")
	require.ErrorIs(t, p.outside(records[0]), metadatatypes.ErrInPanel, "of a member, no rows at all")
	same := p.register("early", "late rows")
	require.ErrorIs(t, p.outside(same), metadatatypes.ErrInPanel, "nor the same rows under another record")
	p.leave(id, records[0])
	require.ErrorIs(t, p.outside(records[0]), metadatatypes.ErrInPanel, "nor when the panel is gone")
}

// Owners without a panel, or any number of them but one: there is no exact sum over them, whoever has granted it.
func TestAttackExactSumsOverAnybody(t *testing.T) {
	p := newPanelFixture(t)
	p.granting(1_000_000, metadatatypes.GrantTerms{Programs: []string{p.program}, IndividualResults: true}, names("owner", 4)...)
	spec := p.secureSpec()
	spec.ProgramId, spec.Secure.MicroRho, spec.Secure.Ranges = p.program, 0, nil
	_, err := p.openOver(spec)
	require.ErrorIs(t, err, types.ErrInvalidPanels)
	require.ErrorContains(t, err, "panels: expected at least one in a sum without noise, got none; name panels, or ask with noise")
}

// A program of the consumer's gives zero unless a row has a mark, or its input asks for one owner's rows: the sum is that owner's.
func TestAttackProgramThatLooks(t *testing.T) {
	p := newPanelFixture(t)
	named := p.namedTerms(3)
	named.Programs = []string{recordID("another") + recordID("program")}
	id := p.found(named, p.registerAll(names("owner", 3)...)...)
	_, err := p.openOver(p.over(id))
	require.ErrorContains(t, err, "does not list the program")

	fixed := p.namedTerms(3)
	fixed.Class, fixed.Programs = metadatatypes.PANEL_CLASS_FIXED, nil
	fixed.Questions = []metadatatypes.PanelQuestion{{ProgramId: p.program, Columns: []string{"speed"}, Length: 3, Input: []byte("input")}}
	id = p.found(fixed, p.registerAll(names("other", 3)...)...)
	spec := p.over(id)
	spec.Input = append(spec.Input, ' ')
	_, err = p.openOver(spec)
	require.ErrorContains(t, err, "does not list the question", "one byte more of input")
	spec.Input = []byte("input")
	_, err = p.openOver(spec)
	require.NoError(t, err)
}

// signed is a panel of three that answers one question to the fixture's program, which takes batches.
func (p *panelFixture) signed() string {
	p.t.Helper()
	fixed := p.namedTerms(3)
	fixed.Class, fixed.Programs = metadatatypes.PANEL_CLASS_FIXED, nil
	fixed.Questions = []metadatatypes.PanelQuestion{{ProgramId: p.program, Columns: []string{"speed"}, Length: 3, Input: []byte("input")}}
	return p.found(fixed, p.registerAll(names("owner", 3)...)...)
}

// The signed question is asked again in narrower slots: whoever does not fit them contributes zeros, and the difference is that one's.
func TestAttackBitsLeaveAMemberOut(t *testing.T) {
	p := newPanelFixture(t)
	spec := p.over(p.signed())
	p.answer(spec)
	for _, bits := range []uint32{1, 40, 62} {
		spec.Secure.Bits = bits
		_, err := p.openOver(spec)
		require.ErrorIs(t, err, types.ErrInvalidSecure)
		require.ErrorContains(t, err, "bits: expected 0 or 63, the program's, in an exact sum over panels")
	}
	spec.Secure.Bits = 63
	_, err := p.openOver(spec)
	require.NoError(t, err)
}

// A public answer in slots of one bit would be kept as the answer of the edition: zeros.
func TestAttackPublicAnswerOfOneBit(t *testing.T) {
	p := newPanelFixture(t)
	spec := p.over(p.signed())
	spec.Secure.PublicResult, spec.Secure.Bits = true, 1
	_, err := p.openOver(spec)
	require.ErrorIs(t, err, types.ErrInvalidSecure)
}

// The consumer's input makes a program of batches fail over one member's values: its vector is zeros. A row program loses a row then.
func TestAttackInputThatFailsOneMember(t *testing.T) {
	p := newPanelFixture(t)
	named := p.namedTerms(3)
	named.Programs = []string{p.program, p.rowProgram}
	id := p.found(named, p.registerAll(names("owner", 3)...)...)
	spec := p.over(id)
	_, err := p.openOver(spec)
	require.NoError(t, err)
	spec.ProgramId, spec.Secure.Ranges = p.program, nil
	_, err = p.openOver(spec)
	require.ErrorIs(t, err, types.ErrPanel)
	require.ErrorContains(t, err, "expected a row program")
}

// A part of the owners founds a panel below the threshold, or one owner has several seats in it.
func TestAttackSmallPanel(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll("a", "b", "c", "a")
	_, err := p.propose(p.namedTerms(3), records[:2]...)
	require.ErrorIs(t, err, metadatatypes.ErrInvalidPanel)
	_, err = p.propose(p.namedTerms(2), records[:3]...)
	require.ErrorIs(t, err, metadatatypes.ErrInvalidPanel, "below the least threshold")
	_, err = p.propose(p.namedTerms(3), records...)
	require.ErrorIs(t, err, metadatatypes.ErrInvalidPanel, "one owner with two records")
	first := p.found(p.namedTerms(3), records[:3]...)
	second, err := p.propose(p.namedTerms(3), append(p.registerAll("d", "e"), records[3])...)
	require.NoError(t, err)
	require.ErrorIs(t, p.sign(second, records[3]), metadatatypes.ErrInPanel, "an owner is in one panel of a pool at a time")
	p.leave(first, records[0])
	require.NoError(t, p.sign(second, records[3]))
}

// Somebody signs for another, or the terms change after a signature.
func TestAttackSignatures(t *testing.T) {
	p := newPanelFixture(t)
	records := p.registerAll(names("owner", 3)...)
	id, err := p.propose(p.namedTerms(3), records...)
	require.NoError(t, err)
	_, err = p.msgs.SignPanel(p.ctx, &metadatatypes.MsgSignPanel{Owner: bech(account("proposer")), PanelId: id, RecordId: records[0]})
	require.ErrorIs(t, err, metadatatypes.ErrNotOwner)
	require.NoError(t, p.sign(id, records[0]))
	require.ErrorIs(t, p.sign(id, records[0]), metadatatypes.ErrPanelStatus, "once")
	require.ErrorIs(t, p.sign(id, p.register("stranger", "rows")), metadatatypes.ErrNotMember)
	_, err = p.msgs.LeavePanel(p.ctx, &metadatatypes.MsgLeavePanel{Owner: bech(account("stranger")), PanelId: id})
	require.ErrorIs(t, err, metadatatypes.ErrNotMember)
	_, err = p.msgs.LeavePanel(p.ctx, &metadatatypes.MsgLeavePanel{Owner: bech(account("proposer")), PanelId: id})
	require.NoError(t, err, "a proposal is withdrawn")
	panel := p.panel(id)
	_, err = p.msgs.ProposePanel(p.ctx, &metadatatypes.MsgProposePanel{
		Proposer: panel.Proposer, Salt: panel.Salt, PoolId: poolID, RecordIds: panel.Records(), Terms: panel.Terms,
	})
	require.ErrorIs(t, err, metadatatypes.ErrPanelExists, "for good: no signature is used for another proposal")
	require.ErrorIs(t, p.sign(id, records[1]), metadatatypes.ErrPanelStatus)
}

// Many questions over the same rows give the rows away, whoever is in the sum: the slots of an edition are counted, whoever asks.
func TestAttackManyQuestions(t *testing.T) {
	p := newPanelFixture(t)
	params := metadatatypes.DefaultParams()
	params.PanelSlotsPpm = 3_000
	require.NoError(t, p.metadata.Params.Set(p.ctx, params))
	records := p.registerAll(names("owner", 3)...)
	id := p.found(p.namedTerms(3), records...)
	require.EqualValues(t, 6, p.panel(id).MaxSlots)
	spec := p.over(id)
	var jobs []string
	for _, input := range []string{"a", "b", "c"} {
		spec.Input = []byte(input)
		jobs = append(jobs, p.seatedJob(spec))
	}
	for i, jobID := range jobs {
		p.contributeAll(jobID)
		p.untilOver(jobID)
		p.prepareAll(jobID)
		job := p.untilOver(jobID)
		if i < 2 {
			require.Equal(t, types.JOB_STATUS_AGGREGATING, job.Status)
			continue
		}
		require.Equal(t, types.FAILURE_REASON_PANEL, job.Failure, "three were opened while there were slots for each: the third is not summed")
	}
	spec.Input = []byte("d")
	_, err := p.openOver(spec)
	require.ErrorIs(t, err, types.ErrPanel)
	spec.Input = []byte("a")
	_, err = p.openOver(spec)
	require.NoError(t, err, "the same question again takes no slots")
}

// A seat that knows the sum is silent, so that the attempt is void: its slots are taken, and the next attempt is over the same rows.
func TestAttackVoidAttempt(t *testing.T) {
	p := newPanelFixture(t)
	for i := range 6 { // without any three, the others have more than half of the stake
		p.addSeat(10 + i)
	}
	records := p.registerAll(names("owner", 3)...)
	id := p.found(p.namedTerms(3), records...)
	jobID := p.seatedJob(p.over(id))
	p.contributeAll(jobID)
	p.untilOver(jobID)
	p.prepareAll(jobID)
	p.untilOver(jobID)
	require.EqualValues(t, 3, p.panel(id).OpenedSlots)
	for _, r := range records {
		p.renew(r, "new of "+r)
	}
	job := p.untilOver(jobID)
	require.Equal(t, types.JOB_STATUS_SEATING, job.Status)
	require.EqualValues(t, 2, job.Attempt)
	require.EqualValues(t, 1, p.panel(id).Edition)
	p.endBlocks(2)
	require.Len(t, p.job(jobID).Seats, 3, p.job(jobID).Status)
	p.takeSeats(jobID)
	p.endBlock()
	p.contributeAll(jobID)
	require.Equal(t, types.JOB_STATUS_VERIFYING, p.untilOver(jobID).Status)
	for _, r := range records {
		c, err := p.keeper.Contribution(p.ctx, jobID, r)
		require.NoError(t, err)
		require.Equal(t, "1.0.0", c.Attestation.Version)
	}
	p.prepareAll(jobID)
	require.Equal(t, types.JOB_STATUS_AGGREGATING, p.untilOver(jobID).Status)
	require.EqualValues(t, 3, p.panel(id).OpenedSlots, "the same question")
}

// An owner's total shows through noise that hides a row: a panel may keep noised sums whole as well.
func TestAttackNoisedSumsWithoutAMember(t *testing.T) {
	p := newPanelFixture(t)
	p.program = p.storeHistogram(nil)
	unit := p.namedTerms(3)
	unit.OwnerUnit = true
	records := p.registerAll(names("owner", 3)...)
	id := p.found(unit, records...)
	free := p.found(p.namedTerms(3), p.registerAll(names("free", 3)...)...)
	grant := func(record string) {
		_, err := p.msgs.Grant(p.ctx, &metadatatypes.MsgGrant{Owner: bech(p.ownerOf[record]), RecordId: record, Terms: metadatatypes.GrantTerms{AnyProgram: true}})
		require.NoError(t, err)
		_, err = p.msgs.SetPrivacyBudget(p.ctx, &metadatatypes.MsgSetPrivacyBudget{Owner: bech(p.ownerOf[record]), RecordId: record, Budget: 10_000_000})
		require.NoError(t, err)
	}
	noised := p.noisedSpec(p.program)
	noised.Budget = types.NewFunds(1_000_000, 5_000_000)
	jobID := p.seatedJob(noised)
	for panel, want := range map[string]error{id: metadatatypes.ErrInPanel, free: nil} {
		p.over(panel)
		grant(p.records[0])
		_, err := p.msg.Contribute(p.ctx, p.shared(jobID, 0))
		require.ErrorIs(t, err, want)
	}
	whole := p.over(id)
	whole.Secure, whole.Length, whole.Columns, whole.Input = noised.Secure, noised.Length, noised.Columns, noised.Input
	jobID = p.seatedJob(whole)
	for i, r := range p.records {
		msg := p.shared(jobID, i)
		_, err := p.msg.Contribute(p.ctx, msg)
		if i == 0 {
			require.NoError(t, err, "it has granted above")
			continue
		}
		require.ErrorIs(t, err, metadatatypes.ErrNotGranted, "noised sums ask the grants, over a panel, too")
		grant(r)
		_, err = p.msg.Contribute(p.ctx, msg)
		require.NoError(t, err)
	}
	p.addNoise(jobID)
	require.Equal(t, types.JOB_STATUS_VERIFYING, p.untilOver(jobID).Status)
	require.Zero(t, p.panel(id).OpenedSlots, "noise has a budget of its own")
}
