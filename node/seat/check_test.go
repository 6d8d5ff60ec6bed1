package seat_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/seat"
)

// seatNode is a node that answers the queries of a check.
type seatNode struct {
	id        string
	status    chain.Status
	funds     int64
	granted   bool
	entry     *chain.Seat
	jobs      []chain.Job
	silent    bool
	noParams  bool
	held      []string
	noJournal error
}

var errSilent = errors.New("no answer")

func (n *seatNode) ChainID(context.Context) (string, error) {
	if n.silent {
		return "", errSilent
	}
	return n.id, nil
}
func (n *seatNode) Status(context.Context) (chain.Status, error) { return n.status, nil }

func (n *seatNode) Balance(context.Context, string) (math.Int, error) {
	return math.NewInt(n.funds), nil
}

func (n *seatNode) FeesGranted(context.Context, string, string) (bool, error) { return n.granted, nil }

func (n *seatNode) SeatOf(context.Context, string) (chain.Seat, error) {
	if n.entry == nil {
		return chain.Seat{}, chain.ErrNotFound
	}
	return *n.entry, nil
}

func (n *seatNode) MinSeatBond(context.Context) (math.Int, error) {
	if n.noParams {
		return math.Int{}, errSilent
	}
	return math.NewInt(1000), nil
}
func (n *seatNode) JobsBySeat(context.Context, string) ([]chain.Job, error) { return n.jobs, nil }

func TestSeatCheckOnChain(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const account = "alita1seat"
	in := func(status chain.JobStatus, deadline int64, of chain.SeatStatus, prepared uint32) chain.Job {
		return chain.Job{Id: "j", Status: status, Round: 2, DeadlineHeight: deadline, Contributions: 5, Seats: []chain.JobSeat{
			{Account: "another", Status: chain.SeatDrawn}, {Account: account, Status: of, Prepared: prepared},
		}}
	}
	good := func() (*seatNode, seat.Settings) {
		return &seatNode{
			id: "alita-1", status: chain.Status{Height: 70, Time: now.Add(-3 * time.Second)}, funds: 5_000_000,
			held: []string{"j"}, entry: &chain.Seat{Operator: "alitavaloper1x", Account: account, Bond: math.NewInt(1000), Fee: math.NewInt(500), Jobs: 1},
		}, seat.Settings{ChainID: "alita-1", Node: "127.0.0.1:9090"}
	}
	for name, tc := range map[string]struct {
		change func(n *seatNode, s *seat.Settings)
		ok     bool
		says   []string
		ends   bool // nothing else is looked at
	}{
		"ready": {func(*seatNode, *seat.Settings) {}, true, []string{
			"ok    node: 127.0.0.1:9090, chain alita-1, height 70\n", "ok    clock: block 70 is 3s old\n", "ok    fees: 5000000 ualita\n",
			"ok    registration: operator alitavaloper1x\n", "ok    bond: 1000 ualita, it takes 1000 to be drawn\n",
			"ok    fee: 500 ualita a contribution", "ok    jobs: sits in 0 open jobs\n",
		}, false},
		"no node": {func(n *seatNode, _ *seat.Settings) { n.silent = true }, false, []string{
			"FAIL  node: 127.0.0.1:9090 does not answer: no answer; start it, or correct node in seat.yaml",
		}, true},
		"another chain": {func(n *seatNode, _ *seat.Settings) { n.id = "alita-2" }, false, []string{
			"FAIL  node: 127.0.0.1:9090: expected chain alita-1, as in seat.yaml, got alita-2; correct node or chain_id there",
		}, true},
		"behind": {func(n *seatNode, _ *seat.Settings) { n.status.Time = now.Add(-2 * time.Hour) }, false, []string{
			"FAIL  clock: age of the newest block: expected at most 1m0s, got 2h0m0s: the node is still catching up, the chain has stopped, or this machine's clock (2026-01-02T03:04:05Z) is ahead",
		}, false},
		"ahead": {func(n *seatNode, _ *seat.Settings) { n.status.Time = now.Add(time.Minute) }, false, []string{
			"FAIL  clock: time of the newest block: expected at most 10s ahead of this machine's clock (2026-01-02T03:04:05Z), got 1m0s", "set the clock by NTP",
		}, false},
		"no funds": {func(n *seatNode, _ *seat.Settings) { n.funds = 499_999 }, false, []string{
			"FAIL  fees: expected at least 500000 ualita, got 499999; send some: alitad tx bank send OPERATOR " + account + " 10000000ualita --chain-id alita-1",
		}, false},
		"granted": {func(n *seatNode, s *seat.Settings) { s.FeeGranter, n.granted, n.funds = "alita1payer", true, 0 }, true, []string{"ok    fees: paid by alita1payer\n"}, false},
		"not granted": {func(_ *seatNode, s *seat.Settings) { s.FeeGranter = "alita1payer" }, false, []string{
			"FAIL  fees: expected a fee grant by alita1payer, the fee_granter in seat.yaml, for " + account + ", got none", "alitad tx feegrant grant alita1payer " + account,
		}, false},
		"not registered": {func(n *seatNode, _ *seat.Settings) { n.entry = nil }, false, []string{
			"FAIL  registration: expected a seat with the account " + account + ", got none; the validator's operator has to run: alitad tx compute register-seat " + account + " 1000ualita FEE --from OPERATOR",
		}, true},
		"leaving": {func(n *seatNode, _ *seat.Settings) { n.entry.LeavingHeight = 900 }, false, []string{
			"FAIL  registration: expected a seat that stays, got alitavaloper1x, which leaves: it is not drawn any more and its bond returns after block 900; to stay", "register-seat " + account + " 0ualita FEE",
		}, false},
		"slashed": {func(n *seatNode, _ *seat.Settings) { n.entry.Bond = math.NewInt(900) }, false, []string{
			"FAIL  bond: expected at least 1000 ualita to be drawn, got 900; to add the rest", "register-seat " + account + " 100ualita FEE",
		}, false},
		"no parameters": {func(n *seatNode, _ *seat.Settings) { n.noParams = true }, false, []string{"FAIL  registration: no answer"}, true},
		"nothing to do": {func(n *seatNode, _ *seat.Settings) {
			n.jobs = []chain.Job{in(chain.JobContributing, 71, chain.SeatSeated, 0), in(chain.JobVerifying, 71, chain.SeatSeated, 5), in(chain.JobAggregating, 71, chain.SeatOpened, 5)}
		}, true, []string{
			"ok    jobs: sits in 3 open jobs\n", "ok    job j: contributing, round 2; it does not wait for the seat\n",
			"ok    job j: verifying, round 2; it does not wait for the seat\n", "ok    job j: aggregating, round 2; it does not wait for the seat\n",
		}, false},
		"no key": {func(n *seatNode, _ *seat.Settings) {
			n.held = []string{"another"}
			n.jobs = []chain.Job{in(chain.JobContributing, 71, chain.SeatSeated, 0)}
		}, false, []string{"FAIL  job j: contributing, round 2: expected its key in the journal, got none"}, false},
		"no key yet": {func(n *seatNode, _ *seat.Settings) {
			n.held = nil
			n.jobs = []chain.Job{in(chain.JobSeating, 90, chain.SeatDrawn, 0)}
		}, true, []string{"ok    job j: seating"}, false},
		"no journal": {func(n *seatNode, _ *seat.Settings) { n.noJournal = seat.ErrForeignJournal }, false, []string{
			"FAIL  journal: the journal is another seat's",
		}, true},
		"in time": {func(n *seatNode, _ *seat.Settings) {
			n.jobs = []chain.Job{in(chain.JobSeating, 74, chain.SeatDrawn, 0)}
		}, true, []string{
			"ok    job j: seating, round 2: the seat has to give its key within 4 blocks",
		}, false},
		"late with its key": {func(n *seatNode, _ *seat.Settings) {
			n.jobs = []chain.Job{in(chain.JobSeating, 73, chain.SeatDrawn, 0)}
		}, false, []string{
			"FAIL  job j: seating, round 2: the seat has to give its key with 3 blocks left, or the seat loses a part of its bond; see that `alita-worker seat run` runs",
		}, false},
		"late with its judgement": {func(n *seatNode, _ *seat.Settings) {
			n.jobs = []chain.Job{in(chain.JobVerifying, 60, chain.SeatSeated, 4)}
		}, false, []string{
			"FAIL  job j: verifying, round 2: the seat has to judge what is contributed with 0 blocks left",
		}, false},
		"late with its sum": {func(n *seatNode, _ *seat.Settings) {
			n.jobs = []chain.Job{in(chain.JobAggregating, 71, chain.SeatSeated, 5)}
		}, false, []string{
			"FAIL  job j: aggregating, round 2: the seat has to open its sum with 1 blocks left",
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			n, s := good()
			tc.change(n, &s)
			findings := seat.CheckOnChain(t.Context(), n, s, account, func() ([]string, error) { return n.held, n.noJournal }, now)
			require.Equal(t, tc.ok, home.AllOK(findings))
			var text strings.Builder
			for _, f := range findings {
				mark := "FAIL"
				if f.OK {
					mark = "ok  "
				}
				text.WriteString(mark + "  " + f.What + ": " + f.Detail + "\n")
			}
			for _, want := range tc.says {
				require.Contains(t, text.String(), want)
			}
			require.Equal(t, tc.ends, !strings.Contains(text.String(), "jobs:"))
		})
	}
}
