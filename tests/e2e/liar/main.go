// Command liar is `alita-worker seat run` but for what it says: a test starts it in the home of a seat to see what becomes of one
// that lies.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"google.golang.org/protobuf/proto"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/node/follow"
	"github.com/alita-network/alita/node/seat"
)

// What it can say falsely.
const (
	lieProof  = "proof"  // preparation shares of another proof
	lieJoint  = "joint"  // preparation shares with randomness that is not the owner's
	lieRefuse = "refuse" // no contribution is right
	lieSum    = "sum"    // one more in the first slot
	lieTwice  = "twice"  // the truth, and then something else
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	home := flag.String("home", "", "home of the seat")
	passphrase := flag.String("passphrase-file", "", "file with the passphrase")
	poll := flag.Duration("poll", time.Second, "how often the node is asked")
	lie := flag.String("lie", "", "what to say falsely")
	flag.String("log-format", "json", "json")
	flag.Parse()
	if err := run(ctx, seat.Home(*home), *passphrase, *lie, *poll); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func run(ctx context.Context, home seat.Home, passphraseFile, lie string, poll time.Duration) (err error) {
	switch lie {
	case lieProof, lieJoint, lieRefuse, lieSum, lieTwice:
	default:
		return fmt.Errorf("--lie %q is unknown", lie)
	}
	passphrase, err := os.ReadFile(passphraseFile)
	if err != nil {
		return err
	}
	cfg, opened, err := seat.Open(home, strings.TrimSpace(string(passphrase)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	own, err := seal.GenerateKey()
	if err != nil {
		return err
	}
	cfg.Log, cfg.Poll = slog.New(slog.NewJSONHandler(os.Stderr, nil)), poll
	l := &liar{
		Chain: cfg.Chain, lie: lie, chainID: cfg.ChainID, account: cfg.Address, own: own, jobs: map[string]chain.Job{},
		sender: cfg.Sender, log: cfg.Log,
	}
	cfg.Chain, cfg.Sender = l, l
	return seat.New(cfg).Run(ctx)
}

// liar stands between an honest seat and the chain. It has the seat seal its sums to a key of its own, so that it knows what it falsifies.
type liar struct {
	seat.Chain

	lie, chainID, account string
	own                   seal.PrivateKey
	jobs                  map[string]chain.Job // as the chain has them
	sender                follow.Sender
	log                   *slog.Logger
}

// JobsBySeat names another reader to the seat.
func (l *liar) JobsBySeat(ctx context.Context, account string) ([]chain.Job, error) {
	jobs, err := l.Chain.JobsBySeat(ctx, account)
	for i := range jobs {
		l.jobs[jobs[i].Id] = jobs[i]
		jobs[i].Spec.ReaderKey = l.own.Public().Bytes()
	}
	return jobs, err
}

// Send sends what the lie makes of a message.
func (l *liar) Send(ctx context.Context, msg proto.Message, limits chain.Limits) (chain.TxResult, error) {
	falsified := l.lie
	if l.lie == lieTwice {
		falsified = ""
	}
	first, err := l.falsify(ctx, proto.Clone(msg), falsified)
	if err != nil {
		return chain.TxResult{}, err
	}
	res, err := l.sender.Send(ctx, first, limits)
	if err != nil || l.lie != lieTwice {
		return res, err
	}
	for _, other := range []string{"", lieProof, lieRefuse, lieSum} {
		again, err := l.falsify(ctx, proto.Clone(msg), other)
		if err != nil {
			return chain.TxResult{}, err
		}
		_, err = l.sender.Send(ctx, again, limits)
		l.log.Info("said again", "message", string(msg.ProtoReflect().Descriptor().Name()), "lie", other, "taken", err == nil, "answer", fmt.Sprint(err))
	}
	return res, nil
}

func (l *liar) falsify(ctx context.Context, msg proto.Message, lie string) (proto.Message, error) {
	switch m := msg.(type) {
	case *computev1.MsgPrepare:
		for _, p := range m.Preparations {
			switch lie {
			case lieProof:
				p.Share[0] ^= 1
			case lieJoint:
				p.Share[len(p.Share)-1] ^= 1
			case lieRefuse:
				p.Share = nil
			}
		}
	case *computev1.MsgOpenSum:
		return m, l.falsifySum(ctx, m, lie == lieSum)
	}
	return msg, nil
}

// falsifySum seals the sum to the reader that the chain knows, or leaves it open; the seat sealed it to this program.
func (l *liar) falsifySum(ctx context.Context, m *computev1.MsgOpenSum, falsely bool) error {
	job, ok := l.jobs[m.JobId]
	if !ok {
		return fmt.Errorf("job %s was never seen", m.JobId)
	}
	if job.Spec.Secure.PublicResult {
		if falsely {
			m.Opened.Sum[0] ^= 1
		}
		return nil
	}
	program, err := l.Program(ctx, job.Spec.ProgramId)
	if err != nil {
		return err
	}
	protocol, err := chain.ProtocolOf(l.chainID, job, program)
	if err != nil {
		return err
	}
	number := -1
	for i, s := range job.Seats {
		if s.Account == l.account {
			number = i
		}
	}
	opening, err := protocol.OpenSealed(l.own, number, m.Opened.Sealed.Enc, m.Opened.Sealed.Ciphertext)
	if err != nil {
		return err
	}
	if falsely {
		opening[0] ^= 1
	}
	reader, err := seal.ParsePublicKey(job.Spec.ReaderKey)
	if err != nil {
		return err
	}
	sealed, err := protocol.SealOpening(reader, number, opening)
	if err != nil {
		return err
	}
	m.Opened.Sealed = &computev1.SealedVector{Enc: sealed.Enc, Ciphertext: sealed.Ciphertext}
	return nil
}
