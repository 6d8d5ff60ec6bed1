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

// living is a chain with something of all that can be asked for and exported: a pool, records, grants, seats, a panel, a
// job over it whose seats have judged and one of whose sums is open, and a job in direct delivery with one vector delivered.
type living struct {
	*crowd
	program, panel, secure, direct string
	// delivered is the record whose vector was delivered.
	delivered string
}

func newLiving(t *testing.T) *living {
	t.Helper()
	const members = 5
	l := &living{crowd: newCrowdOf(t, members)}
	l.program = storeMoments(t, l.Chain)
	l.askPanel(members)
	l.askDirectly()
	// Somebody leaves a seat, whose bond is still there.
	leaving := apptest.NamedAccount("operator 2")
	l.Must(leaving, &computetypes.MsgLeaveSeat{Operator: leaving.String()})
	return l
}

func (l *living) askPanel(members uint32) {
	l.t.Helper()
	open := openJobMsg(l.t, l.program, 1)
	spec := &open.Spec
	l.panel = foundPanel(l.t, l.Chain, fixedTerms(*spec), l.owners, l.records)
	spec.Delivery, spec.DeliverBlocks, spec.MinCohort, spec.MaxCohort = computetypes.DELIVERY_SECURE_SUM, 0, members, members
	spec.Budget, spec.ContributeBlocks, spec.Panels = computetypes.NewFunds(100*whole, 1_000*whole), 100, []string{l.panel}
	spec.Secure = &computetypes.SecureSum{Seats: 3, MaxSeatFee: math.NewInt(10), SeatBlocks: 60, VerifyBlocks: 60, OpenBlocks: 60, Rounds: 1, PublicResult: true}
	l.Must(consumer, open)
	l.secure = computetypes.JobID(consumer.Address(), open.Salt)
	l.NextBlocks(2)
	var keys []seal.PublicKey
	for _, s := range l.job(l.secure).Seats {
		key := keyOf(l.t, l.secure+s.Operator).Public()
		keys = append(keys, key)
		l.Must(l.byAccount[s.Account], &computetypes.MsgTakeSeat{Account: s.Account, JobId: l.secure, Key: key.Bytes()})
	}
	job := l.job(l.secure)
	p := l.protocol(job)
	messages := make([]*computetypes.MsgContribute, members)
	for i := range messages {
		messages[i] = l.contribution(job, p, keys, i)
	}
	l.all(func(i int) (apptest.Account, sdk.Msg) { return l.owners[i], messages[i] })
	job = l.job(l.secure)
	for seat, s := range job.Seats {
		l.Must(l.byAccount[s.Account], &computetypes.MsgPrepare{Account: s.Account, JobId: l.secure, Attempt: 1, Preparations: l.judge(job, p, seat, nil)})
	}
	job = l.job(l.secure)
	require.Equal(l.t, computetypes.JOB_STATUS_AGGREGATING, job.Status)
	l.openSum(0)
}

// openSum opens the sum of a seat of the job over the panel.
func (l *living) openSum(seat int) {
	l.t.Helper()
	job := l.job(l.secure)
	p := l.protocol(job)
	sum := p.NewSum()
	l.judge(job, p, seat, sum)
	l.Must(l.byAccount[job.Seats[seat].Account], &computetypes.MsgOpenSum{
		Account: job.Seats[seat].Account, JobId: l.secure, Attempt: 1, Opened: computetypes.OpenedSum{Sum: sum.Opening()},
	})
}

func (l *living) askDirectly() {
	l.t.Helper()
	var records []string
	for _, owner := range l.owners[:2] {
		msg := registerMsg(l.t, owner, 2, 30)
		id := metadatatypes.RecordID(owner.Address(), msg.Salt)
		l.Must(owner, msg)
		l.Must(maker, admitMsg(id))
		l.Must(owner, grantMsg(owner, id))
		records = append(records, id)
	}
	open := openJobMsg(l.t, l.program, 2)
	open.Spec.MaxCohort = 2
	l.Must(consumer, open)
	l.direct, l.delivered = computetypes.JobID(consumer.Address(), open.Salt), records[0]
	var first *computetypes.MsgDeliver
	for i, owner := range l.owners[:2] {
		contribute, deliver := contribution(l.t, l.Chain, owner, records[i], l.direct, []int64{30, 600, 13_000})
		contribute.Worker, deliver.Worker = owner.String(), owner.String()
		l.Must(owner, contribute)
		if i == 0 {
			first = deliver
		}
	}
	l.Must(l.owners[0], first)
	require.Equal(l.t, computetypes.JOB_STATUS_DELIVERING, l.job(l.direct).Status)
}
