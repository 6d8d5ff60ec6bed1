package seat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/keyfile"
	"github.com/alita-network/alita/node/worker"
)

const (
	// maxBehind is how old the newest block may be, and maxAhead how far ahead of this machine's clock.
	maxBehind = time.Minute
	maxAhead  = 10 * time.Second
	// leastFunds is what a seat should have for fees, in ualita: some hundred messages.
	leastFunds = 100_000
	// soon is how many blocks before its deadline a job that still waits for the seat is not right.
	soon = 3
)

// Check looks at what lies on this machine of a seat and, unless offline, at what the chain says of it. It changes nothing
// and sends nothing, and can be used while the seat runs.
func Check(ctx context.Context, h Home, passphrase string, offline bool) (findings []worker.Finding, err error) {
	findings, local := checkFiles(h, passphrase)
	if offline || !worker.AllOK(findings) {
		return findings, nil
	}
	client, err := chain.Dial(local.settings.Node)
	if err != nil {
		return append(findings, notOK("node", "%s", err)), nil
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	return append(findings, checkOnChain(ctx, client, local, time.Now())...), nil
}

func isOK(what, format string, args ...any) worker.Finding {
	return worker.Finding{What: what, OK: true, Detail: fmt.Sprintf(format, args...)}
}

func notOK(what, format string, args ...any) worker.Finding {
	return worker.Finding{What: what, Detail: fmt.Sprintf(format, args...)}
}

// localFiles is what lies on this machine of a seat.
type localFiles struct {
	settings Settings
	address  string
	held     func() ([]string, error) // the jobs whose keys the journal holds now
}

// checkFiles looks at what lies on this machine.
func checkFiles(h Home, passphrase string) (findings []worker.Finding, local localFiles) {
	add := func(f worker.Finding) { findings = append(findings, f) }
	if err := h.Check(); err != nil {
		add(notOK("home", "%s; `alita-worker seat init` makes one", err))
		return findings, local
	}
	add(isOK("home", "%s", string(h)))
	settings, err := ReadSettings(h.ConfigFile())
	if err != nil {
		add(notOK("configuration", "%s: %s", h.ConfigFile(), err))
	} else {
		add(isOK("configuration", "%s", h.ConfigFile()))
	}
	local.settings = settings
	keys, err := keyfile.Read(h.KeyFile(), passphrase)
	if err == nil {
		var signer *chain.Signer
		if signer, err = chain.NewSigner(keys.Account); err == nil {
			local.address = signer.Address()
		}
	}
	if err != nil {
		add(notOK("key file", "%s: %s", h.KeyFile(), err))
		return findings, local
	}
	add(isOK("key file", "account %s", local.address))
	if settings.ChainID == "" {
		return findings, local
	}
	local.held = func() ([]string, error) { return Holds(h.Journal(), keys.Reader, settings.ChainID, local.address) }
	if held, err := local.held(); err != nil {
		add(notOK("journal", "%s", err))
	} else {
		add(isOK("journal", "keys of %d jobs", len(held)))
	}
	return findings, local
}

// checkedChain is what the check asks of a node. *chain.Client implements it.
type checkedChain interface {
	ChainID(ctx context.Context) (string, error)
	Status(ctx context.Context) (chain.Status, error)
	Balance(ctx context.Context, address string) (math.Int, error)
	FeesGranted(ctx context.Context, granter, grantee string) (bool, error)
	SeatOf(ctx context.Context, account string) (chain.Seat, error)
	MinSeatBond(ctx context.Context) (math.Int, error)
	JobsBySeat(ctx context.Context, account string) ([]chain.Job, error)
}

// checkOnChain looks at what the chain says of a seat.
func checkOnChain(ctx context.Context, c checkedChain, local localFiles, now time.Time) (findings []worker.Finding) {
	node, height := checkNode(ctx, c, local.settings, now)
	findings = append(findings, node...)
	if !worker.AllOK(findings[:1]) {
		return findings
	}
	findings = append(findings, checkFunds(ctx, c, local.settings, local.address))
	registered, ok := checkRegistration(ctx, c, local.address)
	findings = append(findings, registered...)
	if ok {
		findings = append(findings, checkJobs(ctx, c, local, height)...)
	}
	return findings
}

func checkNode(ctx context.Context, c checkedChain, s Settings, now time.Time) ([]worker.Finding, int64) {
	id, err := c.ChainID(ctx)
	var at chain.Status
	if err == nil {
		at, err = c.Status(ctx)
	}
	switch {
	case err != nil:
		return []worker.Finding{notOK("node", "%s does not answer: %s; start it, or correct node in seat.yaml: host:port of its gRPC server", s.Node, err)}, 0
	case id != s.ChainID:
		return []worker.Finding{notOK("node", "%s serves chain %s, seat.yaml says %s; correct node or chain_id there", s.Node, id, s.ChainID)}, 0
	}
	findings := []worker.Finding{isOK("node", "%s, chain %s, height %d", s.Node, id, at.Height)}
	switch behind := now.Sub(at.Time).Round(time.Second); {
	case behind > maxBehind:
		return append(findings, notOK("clock", "the newest block is %s old: the node is still catching up, the chain stands, or this machine's clock (%s) is ahead; "+
			"wait until the node has caught up, and set the clock by NTP", behind, now.UTC().Format(time.RFC3339))), at.Height
	case -behind > maxAhead:
		return append(findings, notOK("clock", "the newest block is %s ahead of this machine's clock (%s); set the clock by NTP", -behind, now.UTC().Format(time.RFC3339))), at.Height
	default:
		return append(findings, isOK("clock", "block %d is %s old", at.Height, behind)), at.Height
	}
}

// checkFunds looks at who pays for the seat's transactions.
func checkFunds(ctx context.Context, c checkedChain, s Settings, address string) worker.Finding {
	if s.FeeGranter != "" {
		granted, err := c.FeesGranted(ctx, s.FeeGranter, address)
		switch {
		case err != nil:
			return notOK("fees", "%s", err)
		case !granted:
			return notOK("fees", "%s, which seat.yaml names as fee_granter, pays no fees for %s; it has to run: %s",
				s.FeeGranter, address, s.feeCommand(address))
		}
		return isOK("fees", "paid by %s", s.FeeGranter)
	}
	funds, err := c.Balance(ctx, address)
	switch {
	case err != nil:
		return notOK("fees", "%s", err)
	case funds.LT(math.NewInt(leastFunds)):
		return notOK("fees", "the account has %s ualita for fees, at least %d is advised; send some: %s", funds, leastFunds, s.feeCommand(address))
	}
	return isOK("fees", "%s ualita", funds)
}

// checkRegistration looks at the seat's entry; ok reports whether there is one.
func checkRegistration(ctx context.Context, c checkedChain, address string) (findings []worker.Finding, ok bool) {
	const how = "the validator's operator has to run: alitad tx compute register-seat %s %s FEE --from OPERATOR"
	least, err := c.MinSeatBond(ctx)
	if err != nil {
		return []worker.Finding{notOK("registration", "%s", err)}, false
	}
	entry, err := c.SeatOf(ctx, address)
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return []worker.Finding{notOK("registration", "no seat has the account %s; "+how, address, address, least.String()+"ualita")}, false
	case err != nil:
		return []worker.Finding{notOK("registration", "%s", err)}, false
	case entry.LeavingHeight > 0:
		findings = append(findings, notOK("registration", "%s leaves and is drawn no more, its bond returns after block %d; to stay, "+how,
			entry.Operator, entry.LeavingHeight, address, "0ualita"))
	default:
		findings = append(findings, isOK("registration", "operator %s", entry.Operator))
	}
	if entry.Bond.LT(least) {
		findings = append(findings, notOK("bond", "%s ualita, it takes %s to be drawn; to add what is missing, "+how, entry.Bond, least, address, least.Sub(entry.Bond).String()+"ualita"))
	} else {
		findings = append(findings, isOK("bond", "%s ualita, it takes %s to be drawn", entry.Bond, least))
	}
	return append(findings, isOK("fee", "%s ualita a contribution; jobs that pay less do not draw it", entry.Fee)), true
}

// checkJobs looks at the open jobs in which the seat sits. A job that waits for it close to its deadline is not right, nor one
// whose key the journal does not hold.
func checkJobs(ctx context.Context, c checkedChain, local localFiles, height int64) []worker.Finding {
	jobs, err := c.JobsBySeat(ctx, local.address)
	if err != nil {
		return []worker.Finding{notOK("jobs", "%s", err)}
	}
	held, err := local.held() // after the chain was asked: a key is there before the chain has it
	if err != nil {
		return []worker.Finding{notOK("journal", "%s", err)}
	}
	findings := []worker.Finding{isOK("jobs", "sits in %d open jobs", len(jobs))}
	for _, j := range jobs {
		waits, phase := awaited(j, local.address), strings.ToLower(strings.TrimPrefix(j.Status.String(), "JOB_STATUS_"))
		left := j.DeadlineHeight - height
		switch {
		case hasKeyOf(j, local.address) && !slices.Contains(held, j.Id):
			findings = append(findings, notOK("job "+j.Id, "%s, round %d: the journal holds no key for it, so the seat cannot answer and loses a part of its bond when it is waited for; "+
				"see that no other machine runs this seat, and that seat.journal was not lost", phase, j.Round))
		case waits == "":
			findings = append(findings, isOK("job "+j.Id, "%s, round %d; nothing is waited for", phase, j.Round))
		case left <= soon:
			findings = append(findings, notOK("job "+j.Id, "%s, round %d: %s with %d blocks left, or the seat loses a part of its bond; see that `alita-worker seat run` runs and what it logs",
				phase, j.Round, waits, max(0, left)))
		default:
			findings = append(findings, isOK("job "+j.Id, "%s, round %d: %s within %d blocks", phase, j.Round, waits, left))
		}
	}
	return findings
}

// hasKeyOf reports whether a seat's account has given its key for a job.
func hasKeyOf(j chain.Job, address string) bool {
	return slices.ContainsFunc(j.Seats, func(s chain.JobSeat) bool { return s.Account == address && s.Status != chain.SeatDrawn })
}

// awaited says what a job waits for from the seat of an account; empty if it is nothing.
func awaited(j chain.Job, address string) string {
	for _, s := range j.Seats {
		if s.Account != address {
			continue
		}
		switch {
		case j.Status == chain.JobSeating && s.Status == chain.SeatDrawn:
			return "the seat has to give its key"
		case j.Status == chain.JobVerifying && s.Prepared < j.Contributions:
			return "the seat has to judge what is contributed"
		case j.Status == chain.JobAggregating && s.Status != chain.SeatOpened:
			return "the seat has to open its sum"
		}
	}
	return ""
}
