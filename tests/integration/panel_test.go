package integration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/crypto/seal"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// TestPanelThroughTheApplication runs an exact sum over a panel of five owners on the real application, every message a signed
// transaction, reads it, and has it given again.
func TestPanelThroughTheApplication(t *testing.T) {
	const members = 5
	c := newCrowdOf(t, members)
	program := storeMoments(t, c.Chain)
	open := openJobMsg(t, program, 1)
	spec := &open.Spec
	id := foundPanel(t, c.Chain, fixedTerms(*spec), c.owners, c.records)

	spec.Delivery, spec.DeliverBlocks, spec.MinCohort, spec.MaxCohort = computetypes.DELIVERY_SECURE_SUM, 0, members, members
	spec.Budget, spec.ContributeBlocks, spec.Panels = computetypes.NewFunds(100*whole, 1_000*whole), 100, []string{id}
	spec.Secure = &computetypes.SecureSum{Seats: 3, MaxSeatFee: math.NewInt(10), SeatBlocks: 30, VerifyBlocks: 30, OpenBlocks: 30, Rounds: 1, PublicResult: true}
	c.Must(consumer, open)
	jobID := computetypes.JobID(consumer.Address(), open.Salt)
	c.NextBlocks(2)
	var keys []seal.PublicKey
	for _, s := range c.job(jobID).Seats {
		key := keyOf(t, jobID+s.Operator).Public()
		keys = append(keys, key)
		c.Must(c.byAccount[s.Account], &computetypes.MsgTakeSeat{Account: s.Account, JobId: jobID, Key: key.Bytes()})
	}
	job := c.job(jobID)
	p := c.protocol(job)
	messages := make([]*computetypes.MsgContribute, members)
	for i := range messages {
		messages[i] = c.contribution(job, p, keys, i)
	}
	c.all(func(i int) (apptest.Account, sdk.Msg) { return c.owners[i], messages[i] })
	job = c.job(jobID)
	require.Equal(t, computetypes.JOB_STATUS_VERIFYING, job.Status)
	for seat, s := range job.Seats {
		c.Must(c.byAccount[s.Account], &computetypes.MsgPrepare{Account: s.Account, JobId: jobID, Attempt: 1, Preparations: c.judge(job, p, seat, nil)})
	}
	job = c.job(jobID)
	require.Equal(t, computetypes.JOB_STATUS_AGGREGATING, job.Status)
	for seat, s := range job.Seats {
		sum := p.NewSum()
		c.judge(job, p, seat, sum)
		c.Must(c.byAccount[s.Account], &computetypes.MsgOpenSum{Account: s.Account, JobId: jobID, Attempt: 1, Opened: computetypes.OpenedSum{Sum: sum.Opening()}})
	}
	c.NextBlock()
	job = c.job(jobID)
	require.Equal(t, computetypes.JOB_STATUS_SETTLED, job.Status)
	require.Equal(t, crowdSum(members), c.read(jobID, p))
	panel, err := c.App.MetadataKeeper.WholePanel(c.Ctx(), id)
	require.NoError(t, err)
	require.EqualValues(t, 3, panel.OpenedSlots)
	require.Zero(t, panel.Jobs)
	require.NoError(t, c.App.ComputeKeeper.Invariants(c.Ctx()))
	require.NoError(t, c.App.MetadataKeeper.Invariants(c.Ctx()))

	open.Salt = salt(2)
	res := c.Deliver(consumer, open)
	require.Equal(t, computetypes.ErrAnswered.ABCICode(), res.Code, res.Log)
	c.Must(c.owners[0], &metadatatypes.MsgLeavePanel{Owner: c.owners[0].String(), PanelId: id})
	res = c.Deliver(consumer, open)
	require.Equal(t, computetypes.ErrPanel.ABCICode(), res.Code, res.Log)
}
