package keeper_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/collections"

	"github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// Two accounts that say they have 447 rows take 19,954 of 20,000 ualita for junk, and who has 12 finds the budget empty.
func TestAttackClaimedRowsDrainTheBudget(t *testing.T) {
	for _, maxRows := range []uint64{0, 24} {
		t.Run(fmt.Sprint("max_rows ", maxRows), func(t *testing.T) {
			f := newFixture(t)
			consumer := account("consumer")
			f.fund(consumer, 1_000_000, 1_000_000)
			spec := f.spec()
			spec.MaxCohort, spec.MaxRows = 10, maxRows
			id := f.open(consumer, 1, spec)
			taken, refused := 0, 0
			for i := range 2 {
				_, err := f.msg.Contribute(f.ctx, f.attest(id, f.addRecord(fmt.Sprint("sybil ", i), account(fmt.Sprint("sybil ", i)), 447)))
				if err == nil {
					taken++
					continue
				}
				require.ErrorIs(t, err, types.ErrOwnerBound)
				require.ErrorContains(t, err, "max_rows of the job: expected at most 24 of one owner in a round, got 447 in addition to 0")
			}
			t.Logf("strangers reserve %s of %s", f.job(id).Reserved.Text(), spec.Budget.Text())
			for i := range 4 {
				_, err := f.msg.Contribute(f.ctx, f.attest(id, f.addRecord(fmt.Sprint("honest ", i), account(fmt.Sprint("honest ", i)), 12)))
				if err != nil {
					require.ErrorIs(t, err, types.ErrBudgetExhausted)
					refused++
				}
			}
			if maxRows == 0 {
				require.Equal(t, [2]int{2, 4}, [2]int{taken, refused})
				return
			}
			require.Equal(t, [2]int{0, 0}, [2]int{taken, refused})
		})
	}
}

// A bound is for all records of an owner in a round. Another attempt does not count a record twice, and another round begins again.
func TestBoundsOfOneOwner(t *testing.T) {
	f := newSecureFixture(t, 9, 0)
	for i, rows := range []uint64{12, 12, 1, 20} {
		owner := account(fmt.Sprint("owner ", min(i, 1)*i/3))
		f.owners = append(f.owners, owner)
		f.records = append(f.records, f.addRecord(fmt.Sprint("bounded ", i), owner, rows))
	}
	all := f.records
	spec := f.secureSpec()
	spec.MaxRows, spec.Secure.Rounds, spec.Secure.NextBlocks = 24, 2, 5
	id := f.open(f.consumer, 1, spec)
	contribute := func() {
		t.Helper()
		f.endBlocks(2)
		f.takeSeats(id)
		f.endBlock()
		f.addNoise(id)
		for i := range all {
			before := f.state()
			_, err := f.msg.Contribute(f.ctx, f.shared(id, i))
			if i != 2 {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, types.ErrOwnerBound)
			require.ErrorContains(t, err, "got 1 in addition to 24")
			require.Equal(t, before, f.state())
		}
	}
	contribute()
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
	require.Equal(t, types.JOB_STATUS_VERIFYING, f.job(id).Status)
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1) // no seat judges
	require.EqualValues(t, 2, f.job(id).Attempt)
	contribute()

	// What an export leaves out follows from the contributions.
	gs, err := f.keeper.ExportGenesis(f.ctx)
	require.NoError(t, err)
	sum := func() uint64 {
		n := uint64(0)
		require.NoError(t, f.keeper.OwnerRows.Walk(f.ctx, nil, func(_ collections.Pair[string, []byte], rows uint64) (bool, error) {
			n += rows
			return false, nil
		}))
		return n
	}
	require.EqualValues(t, 24+20, sum())
	require.NoError(t, gs.Validate())

	f.records = []string{all[0], all[1], all[3]}
	f.endBlocks(int(f.job(id).DeadlineHeight-f.ctx.BlockHeight()) + 1)
	f.prepareAll(id)
	f.endBlock()
	f.openAll(id)
	f.endBlock()
	_, err = f.msg.AcceptSums(f.ctx, &types.MsgAcceptSums{Consumer: bech(f.consumer), JobId: id})
	require.NoError(t, err)
	f.endBlock()
	require.Equal(t, types.JOB_STATUS_WAITING, f.job(id).Status)
	require.Zero(t, sum(), "the round is settled")
}

// max_fee bounds the computation fee: 12 rows of one column and three slots cost some ualita, which the message answers.
func TestMaxFee(t *testing.T) {
	f := newFixture(t)
	consumer := account("consumer")
	f.fund(consumer, 1_000_000, 1_000_000)
	one := f.addRecord("one", account("owner"), 12)
	two := f.addRecord("two", account("owner"), 12)
	id := f.open(consumer, 1, f.spec())
	fee := f.contribute(id, one).Alita.Uint64()
	for n, maxFee := range []uint64{fee - 1, fee, 2*fee - 1, 2 * fee} {
		spec := f.spec()
		spec.MaxFee = maxFee
		id := f.open(consumer, uint64(2+n), spec)
		_, first := f.msg.Contribute(f.ctx, f.attest(id, one))
		_, second := f.msg.Contribute(f.ctx, f.attest(id, two))
		require.Equal(t, [2]bool{maxFee >= fee, maxFee >= 2*fee}, [2]bool{first == nil, second == nil})
		for _, err := range []error{first, second} {
			if err != nil {
				require.ErrorIs(t, err, types.ErrOwnerBound)
				requireGrammar(t, err)
			}
		}
		f.endBlock()
	}
}

// peeking is a program of 275 bytes that copies the cells of the owner with 13 rows into its slots, and zeros for all others.
const peeking = "AGFzbQEAAAABEwRgAAF/YAN/f38AYAJ/fwBgAAACNwQFYWxpdGEGbGVuZ3RoAAAFYWxpdGEEbmV4dAAABWFsaXRhBHJlYWQAAQVhbGl0YQRlbWl0AAIDAgEDBQQBAQoK" +
	"BxACBm1lbW9yeQIAA3J1bgAECp4BAZsBAwZ/AX4BfxAAIQACQANAEAEiAUUNAUEAQQBBgMAAEAIgAUEDdCEDQQAhAgNAIAUgACAFIABJGyEHIAdBA3QgAikDADcDgIAIIAVBAWohBSACQQhqIgIg" +
	"A0kNAAsMAAsLIAVBDUatIQZBACEEA0AgBEEDdCAGIARBA3QpA4CACH43A4CACCAEQQFqIgQgAEkNAAtBgIAIIAAQAws="

// With the grant that the quick start taught, this program read one owner's rows through the secure sum.
func TestAttackPeekingProgram(t *testing.T) {
	p := newPanelFixture(t)
	code, err := base64.StdEncoding.DecodeString(peeking)
	require.NoError(t, err)
	require.Len(t, code, 275)
	store := momentsMsg(t)
	store.Code, store.Name, store.Description = code, "peek", "Looks at one owner."
	store.Shape = types.Shape{MinColumns: 1, MaxColumns: 1, MaxLength: 120}
	res, err := p.msg.StoreProgram(p.ctx, store)
	require.NoError(t, err)

	p.granting(1_000_000, metadatatypes.GrantTerms{AnyProgram: true}, names("owner", 3)...)
	_, err = p.msgs.Grant(p.ctx, &metadatatypes.MsgGrant{Owner: bech(p.owners[0]), RecordId: p.records[0], Terms: metadatatypes.GrantTerms{
		AnyProgram: true, IndividualResults: true,
	}})
	require.ErrorIs(t, err, metadatatypes.ErrInvalidGrant)
	require.ErrorContains(t, err, "list the programs that may run")
	spec := p.secureSpec()
	spec.ProgramId, spec.Length, spec.Budget = res.ProgramId, 13, types.NewFunds(1_000_000, 5_000_000)
	spec.Secure.MicroRho, spec.Secure.Ranges = 0, nil
	_, err = p.openOver(spec)
	require.ErrorIs(t, err, types.ErrInvalidPanels)
	direct := p.spec()
	direct.ProgramId, direct.Length, direct.Budget = res.ProgramId, 13, types.NewFunds(1_000_000, 5_000_000)
	id, err := p.openOver(direct)
	require.NoError(t, err)
	_, err = p.msg.Contribute(p.ctx, p.attest(id, p.records[0]))
	require.ErrorIs(t, err, metadatatypes.ErrNotGranted)
	require.ErrorContains(t, err, "allows any program, and so only sums with noise")
}

// A job that was opened under another draft of the protocol takes nothing, frames nobody, and returns its budget.
func TestAnotherDraft(t *testing.T) {
	f := newSecureFixture(t, 3, 2)
	id := f.toVerifying(f.secureSpec())
	terms, err := f.keeper.JobTerms.Get(f.ctx, id)
	require.NoError(t, err)
	preparation := f.preparations(id, 0)
	terms.Vdaf = "draft-irtf-cfrg-vdaf-18"
	require.NoError(t, f.keeper.JobTerms.Set(f.ctx, id, terms))
	_, err = f.msg.Prepare(f.ctx, preparation)
	require.ErrorIs(t, err, types.ErrInvalidSecure)
	require.ErrorContains(t, err, "vdaf: expected draft-irtf-cfrg-vdaf-14+alita.2, the draft of this binary, got")
	for f.job(id).Open() {
		f.endBlock()
	}
	job := f.job(id)
	require.Equal(t, types.FAILURE_REASON_SEATS, job.Failure)
	require.Empty(t, job.Lost, "no seat is slashed")
	require.True(t, job.Paid.IsZero())
}
