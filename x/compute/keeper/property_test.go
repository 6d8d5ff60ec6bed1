package keeper_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cosmossdk.io/collections"
	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"

	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// lives are random jobs of random people.
type lives struct {
	*fixture
	consumers, owners []sdk.AccAddress
	records           []string
	jobs              []string
	next              uint64
}

func newLives(t *rapid.T) *lives {
	l := &lives{fixture: newFixture(t)}
	params := testParams()
	params.MaxJobsPerBlock = rapid.Uint32Range(1, 4).Draw(t, "jobs per block")
	params.MaxPaymentsPerBlock = rapid.Uint32Range(1, 4).Draw(t, "payments per block")
	params.StakersFeePpm = rapid.Uint32Range(0, 500_000).Draw(t, "stakers")
	require.NoError(t, l.keeper.Params.Set(l.ctx, params))
	l.market.dataPerAlita = math.NewIntFromUint64(rapid.Uint64().Draw(t, "price of data")).MulRaw(16)
	for i := range 3 {
		c := account(fmt.Sprint("consumer", i))
		l.fund(c, 1_000_000, 1_000_000)
		l.consumers = append(l.consumers, c)
	}
	for i := range 4 {
		owner := account(fmt.Sprint("owner", i))
		l.owners = append(l.owners, owner)
		for j := range 2 {
			rows := rapid.Uint64Range(0, 3000).Draw(t, "rows")
			l.records = append(l.records, l.addRecord(fmt.Sprint("record", i, j), owner, rows))
		}
	}
	return l
}

func (l *lives) open(t *rapid.T) {
	if len(l.jobs) >= 6 {
		t.Skip("few jobs see more of life")
	}
	spec := l.spec()
	spec.MinCohort = rapid.Uint32Range(1, 4).Draw(t, "min cohort")
	spec.MaxCohort = spec.MinCohort + rapid.Uint32Range(0, 2).Draw(t, "more")
	spec.ContributeBlocks = rapid.Uint32Range(1, 6).Draw(t, "contribute")
	spec.DeliverBlocks = rapid.Uint32Range(1, 6).Draw(t, "deliver")
	spec.PricePerMop = math.NewInt(rapid.Int64Range(1, 3*whole).Draw(t, "price"))
	spec.Budget = types.NewFunds(rapid.Int64Range(1, 300_000).Draw(t, "budget"), rapid.Int64Range(0, 300_000).Draw(t, "data"))
	consumer := rapid.SampledFrom(l.consumers).Draw(t, "consumer")
	l.next++
	before := l.funds(consumer)
	res, err := l.msg.OpenJob(l.ctx, &types.MsgOpenJob{Consumer: bech(consumer), Salt: salt(l.next), Spec: spec})
	if err != nil {
		if !before.Alita.Equal(l.funds(consumer).Alita) {
			t.Fatalf("a refused job cost its consumer: %v", err)
		}
		return
	}
	if got, want := l.funds(consumer), before.Sub(spec.Budget); got.Text() != want.Text() {
		t.Fatalf("the consumer has %s, expected %s", got.Text(), want.Text())
	}
	l.jobs = append(l.jobs, res.JobId)
}

func (l *lives) someJob(t *rapid.T) string {
	if len(l.jobs) == 0 {
		t.Skip("no job")
	}
	return rapid.SampledFrom(l.jobs).Draw(t, "job")
}

// contribute may be refused for many reasons; never silently.
func (l *lives) contribute(t *rapid.T) {
	msg := l.attest(l.someJob(t), rapid.SampledFrom(l.records).Draw(t, "record"))
	before := l.job(msg.Attestation.JobId)
	res, err := l.msg.Contribute(l.ctx, msg)
	after := l.job(msg.Attestation.JobId)
	if err != nil {
		if before.Reserved.Text() != after.Reserved.Text() {
			t.Fatalf("a refused contribution reserved money: %v", err)
		}
		return
	}
	if want := before.Reserved.Add(res.Fee); after.Reserved.Text() != want.Text() {
		t.Fatalf("reserved %s, expected %s", after.Reserved.Text(), want.Text())
	}
}

func (l *lives) deliver(t *rapid.T) {
	job := l.someJob(t)
	_, _ = l.msg.Deliver(l.ctx, l.delivery(job, rapid.SampledFrom(l.records).Draw(t, "record")))
}

func (l *lives) cancel(t *rapid.T) {
	job := l.someJob(t)
	_, err := l.msg.CancelJob(l.ctx, &types.MsgCancelJob{Consumer: l.job(job).Consumer, JobId: job})
	if err == nil && l.job(job).Open() {
		t.Fatal("a cancelled job is open")
	}
}

// block makes an owner unable to be paid, or able again.
func (l *lives) block(t *rapid.T) {
	owner := rapid.SampledFrom(l.owners).Draw(t, "owner").String()
	l.blocked[owner] = !l.blocked[owner]
}

func (l *lives) donate(t *rapid.T) {
	job := l.someJob(t)
	require.NoError(t, l.bank.SendCoins(l.ctx, l.consumers[0], types.EscrowAddress(job),
		sdk.NewCoins(sdk.NewInt64Coin("ualita", 1))))
}

// everything is the sum of all people's and all escrows' money.
func (l *lives) everything() types.Funds {
	total := l.funds(l.auth.GetModuleAddress(authtypes.FeeCollectorName))
	for _, a := range slices.Concat(l.consumers, l.owners) {
		total = total.Add(l.funds(a))
	}
	for _, job := range l.jobs {
		total = total.Add(l.funds(types.EscrowAddress(job)))
	}
	return total
}

// paid counts the contributions of a job whose fee had a part for stakers.
func (l *lives) paid(t *rapid.T, job string) int {
	n := 0
	require.NoError(t, l.keeper.Contributions.Walk(l.ctx, collections.NewPrefixedPairRange[string, string](job),
		func(_ collections.Pair[string, string], c types.Contribution) (bool, error) {
			if c.Status == types.CONTRIBUTION_STATUS_PAID && terms.StakersPart(c.Fee.Alita, l.job(job).StakersFeePpm).IsPositive() {
				n++
			}
			return false, nil
		}))
	return n
}

func (l *lives) check(t *rapid.T) {
	if err := l.keeper.Invariants(l.ctx); err != nil {
		t.Fatal(err)
	}
	if got := l.everything(); got.Text() != types.NewFunds(3_000_000, 3_000_000).Text() {
		t.Fatalf("there are %s", got.Text())
	}
}

// Whatever people do, no money appears or vanishes, the books agree with the
// accounts after every step, and every job ends within its windows and the
// blocks that its payments take.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLives(t)
		t.Repeat(map[string]func(*rapid.T){
			"open":       l.open,
			"contribute": l.contribute,
			// Contributions are what most rules are about.
			"contribute again": l.contribute,
			"deliver":          l.deliver,
			"deliver again":    l.deliver,
			"cancel":           l.cancel,
			"block":            l.block,
			"donate":           l.donate,
			"end block":        func(*rapid.T) { l.endBlock() },
			"":                 l.check,
		})
		// Two windows of at most 6 blocks; one job and one payment a block at worst.
		contributions := 0
		for _, id := range l.jobs {
			contributions += int(l.job(id).Contributions)
		}
		l.endBlocks(14 + 3*len(l.jobs) + contributions)
		l.check(t)
		// Each contribution that cost stakers' fees is matched, once.
		paid := 0
		for _, id := range l.jobs {
			paid += l.paid(t, id)
		}
		require.Len(t, l.market.matched, paid)
		for _, id := range l.jobs {
			job := l.job(id)
			if job.Open() {
				t.Fatalf("job %s is still %s", id, job.Status)
			}
			if spent := job.Paid.Add(job.Refunded); spent.Text() != job.Spec.Budget.Text() {
				t.Fatalf("paid and refunded %s of %s", spent.Text(), job.Spec.Budget.Text())
			}
		}
	})
}
