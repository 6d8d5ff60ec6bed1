package seat

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cosmossdk.io/math"

	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/home"
	"github.com/alita-network/alita/node/keyfile"
)

const (
	// maxBehind is how old the newest block may be, and maxAhead how far ahead of this machine's clock.
	maxBehind = time.Minute
	maxAhead  = 10 * time.Second
	// leastFunds is the least balance for fees, in ualita: some thousand messages, or some of the largest noise.
	leastFunds = 500_000
	// soon is how many blocks before its deadline a job that still waits for the seat is a bad finding.
	soon = 3
)

// Check looks at a seat's files on this machine and, unless offline, at what the chain says of it. It changes nothing and
// sends nothing, and can be used while the seat runs.
func Check(ctx context.Context, h Home, passphrase string, offline bool) (findings []home.Finding, err error) {
	findings, local := checkFiles(h, passphrase)
	if offline || !home.AllOK(findings) {
		return findings, nil
	}
	connection, err := chain.Connect(local.settings.Endpoints(h.Light()))
	if err != nil {
		return append(findings, home.Bad("node", "%s", err)), nil
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	return append(findings, checkOnChain(ctx, connection.State, local, time.Now())...), nil
}

// localFiles are the files of a seat on this machine.
type localFiles struct {
	settings Settings
	address  string
	held     func() ([]string, error) // the jobs whose keys the journal holds now
}

// checkFiles looks at the files on this machine.
func checkFiles(h Home, passphrase string) (findings []home.Finding, local localFiles) {
	add := func(f home.Finding) { findings = append(findings, f) }
	if err := h.Check(); err != nil {
		add(home.Bad("home", "%s; `alita-worker seat init` makes one", err))
		return findings, local
	}
	add(home.Good("home", "%s", string(h)))
	settings, err := ReadSettings(h.ConfigFile())
	if err != nil {
		add(home.Bad("configuration", "%s: %s", h.ConfigFile(), err))
	} else {
		add(home.Good("configuration", "%s", h.ConfigFile()))
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
		add(home.Bad("key file", "%s: %s", h.KeyFile(), err))
		return findings, local
	}
	add(home.Good("key file", "account %s", local.address))
	if settings.ChainID == "" {
		return findings, local
	}
	local.held = func() ([]string, error) { return Holds(h.Journal(), keys.Reader, settings.ChainID, local.address) }
	if held, err := local.held(); err != nil {
		add(home.Bad("journal", "%s", err))
	} else {
		add(home.Good("journal", "keys of %d jobs", len(held)))
	}
	return findings, local
}

// checkedChain are the queries of the check. *chain.Client implements it.
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
func checkOnChain(ctx context.Context, c checkedChain, local localFiles, now time.Time) (findings []home.Finding) {
	node, height := checkNode(ctx, c, local.settings, now)
	findings = append(findings, node...)
	if !home.AllOK(findings[:1]) {
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

func checkNode(ctx context.Context, c checkedChain, s Settings, now time.Time) ([]home.Finding, int64) {
	id, err := c.ChainID(ctx)
	var at chain.Status
	if err == nil {
		at, err = c.Status(ctx)
	}
	switch {
	case err != nil:
		return []home.Finding{home.Bad("node", "%s does not answer: %s; start it, or correct node in seat.yaml: host:port of its gRPC server", s.Node, err)}, 0
	case id != s.ChainID:
		return []home.Finding{home.Bad("node", "%s: expected chain %s, as in seat.yaml, got %s; correct node or chain_id there", s.Node, s.ChainID, id)}, 0
	}
	findings := []home.Finding{home.Good("node", "%s, chain %s, height %d", s.Node, id, at.Height)}
	switch behind := now.Sub(at.Time).Round(time.Second); {
	case behind > maxBehind:
		return append(findings, home.Bad("clock", "age of the newest block: expected at most %s, got %s: the node is still catching up, the chain has stopped, or "+
			"this machine's clock (%s) is ahead; wait until the node has caught up, and set the clock by NTP", maxBehind, behind, now.UTC().Format(time.RFC3339))), at.Height
	case -behind > maxAhead:
		return append(findings, home.Bad("clock", "time of the newest block: expected at most %s ahead of this machine's clock (%s), got %s; set the clock by NTP",
			maxAhead, now.UTC().Format(time.RFC3339), -behind)), at.Height
	default:
		return append(findings, home.Good("clock", "block %d is %s old", at.Height, behind)), at.Height
	}
}

// checkFunds looks at who pays for the seat's transactions.
func checkFunds(ctx context.Context, c checkedChain, s Settings, address string) home.Finding {
	if s.FeeGranter != "" {
		granted, err := c.FeesGranted(ctx, s.FeeGranter, address)
		switch {
		case err != nil:
			return home.Bad("fees", "%s", err)
		case !granted:
			return home.Bad("fees", "expected a fee grant by %s, the fee_granter in seat.yaml, for %s, got none; the fee granter has to run: %s",
				s.FeeGranter, address, s.feeCommand(address))
		}
		return home.Good("fees", "paid by %s", s.FeeGranter)
	}
	funds, err := c.Balance(ctx, address)
	switch {
	case err != nil:
		return home.Bad("fees", "%s", err)
	case funds.LT(math.NewInt(leastFunds)):
		return home.Bad("fees", "expected at least %d ualita, got %s; send some: %s", leastFunds, funds, s.feeCommand(address))
	}
	return home.Good("fees", "%s ualita", funds)
}

// checkRegistration looks at the seat's entry; ok reports whether there is one.
func checkRegistration(ctx context.Context, c checkedChain, address string) (findings []home.Finding, ok bool) {
	const how = "the validator's operator has to run: alitad tx compute register-seat %s %s FEE --from OPERATOR"
	least, err := c.MinSeatBond(ctx)
	if err != nil {
		return []home.Finding{home.Bad("registration", "%s", err)}, false
	}
	entry, err := c.SeatOf(ctx, address)
	switch {
	case errors.Is(err, chain.ErrNotFound):
		return []home.Finding{home.Bad("registration", "expected a seat with the account %s, got none; "+how, address, address, least.String()+"ualita")}, false
	case err != nil:
		return []home.Finding{home.Bad("registration", "%s", err)}, false
	case entry.LeavingHeight > 0:
		findings = append(findings, home.Bad("registration", "expected a seat that stays, got %s, which leaves: it is not drawn any more and its bond returns after block %d; to stay, "+how,
			entry.Operator, entry.LeavingHeight, address, "0ualita"))
	default:
		findings = append(findings, home.Good("registration", "operator %s", entry.Operator))
	}
	if entry.Bond.LT(least) {
		findings = append(findings, home.Bad("bond", "expected at least %s ualita to be drawn, got %s; to add the rest, "+how, least, entry.Bond, address, least.Sub(entry.Bond).String()+"ualita"))
	} else {
		findings = append(findings, home.Good("bond", "%s ualita, it takes %s to be drawn", entry.Bond, least))
	}
	return append(findings, home.Good("fee", "%s ualita a contribution; jobs that pay less do not draw it", entry.Fee)), true
}

// checkJobs looks at the open jobs in which the seat sits. A job is a bad finding if it waits for the seat close to its deadline,
// or if the journal does not hold its key.
func checkJobs(ctx context.Context, c checkedChain, local localFiles, height int64) []home.Finding {
	jobs, err := c.JobsBySeat(ctx, local.address)
	if err != nil {
		return []home.Finding{home.Bad("jobs", "%s", err)}
	}
	held, err := local.held() // after the query: the journal has a key before the chain has it
	if err != nil {
		return []home.Finding{home.Bad("journal", "%s", err)}
	}
	findings := []home.Finding{home.Good("jobs", "sits in %d open jobs", len(jobs))}
	for _, j := range jobs {
		waits, phase := awaited(j, local.address), strings.ToLower(strings.TrimPrefix(j.Status.String(), "JOB_STATUS_"))
		left := j.DeadlineHeight - height
		switch {
		case hasKeyOf(j, local.address) && !slices.Contains(held, j.Id):
			findings = append(findings, home.Bad("job "+j.Id, "%s, round %d: expected its key in the journal, got none: the seat cannot answer, and loses a part of its bond when the job waits "+
				"for it; see that no other machine runs this seat, and that seat.journal was not lost", phase, j.Round))
		case waits == "":
			findings = append(findings, home.Good("job "+j.Id, "%s, round %d; it does not wait for the seat", phase, j.Round))
		case left <= soon:
			findings = append(findings, home.Bad("job "+j.Id, "%s, round %d: %s with %d blocks left, or the seat loses a part of its bond; see that `alita-worker seat run` runs, and what it logs",
				phase, j.Round, waits, max(0, left)))
		default:
			findings = append(findings, home.Good("job "+j.Id, "%s, round %d: %s within %d blocks", phase, j.Round, waits, left))
		}
	}
	return findings
}

// hasKeyOf reports whether a seat's account has given its key for a job.
func hasKeyOf(j chain.Job, address string) bool {
	return slices.ContainsFunc(j.Seats, func(s chain.JobSeat) bool { return s.Account == address && s.Status != chain.SeatDrawn })
}

// awaited says what a job waits for from the seat of an account, or "".
func awaited(j chain.Job, address string) string {
	for i, s := range j.Seats {
		if s.Account != address {
			continue
		}
		switch {
		case j.Status == chain.JobSeating && s.Status == chain.SeatDrawn:
			return "the seat has to give its key"
		case j.Status == chain.JobContributing && j.IsNoised() && s.Noise == nil:
			return "the seat has to hand in its noise"
		case j.Status == chain.JobVerifying && (s.Prepared < j.Contributions || !judgesNoise(j, i)):
			return "the seat has to judge what is contributed"
		case j.Status == chain.JobAggregating && s.Status != chain.SeatOpened:
			return "the seat has to open its sum"
		}
	}
	return ""
}

// judgesNoise reports whether a seat has judged all noise that was handed in.
func judgesNoise(j chain.Job, seat int) bool {
	for _, n := range j.Noises() {
		if n.Prepared&(1<<seat) == 0 {
			return false
		}
	}
	return true
}
