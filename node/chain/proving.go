package chain

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
)

// maxKept bounds the entries that are remembered between blocks.
const maxKept = 20_000

// Proving is a Client that believes only what the chain's state proves. Every answer between two calls of Status is of one
// height, the snapshot's. A node's lists only say which entries to ask for: what it hides costs work and pay, and gives no
// secret away. If the node's answer proves nothing, its witnesses are asked.
//
// Account numbers, prices of gas, simulations and the results of transactions are not proved: they hold no secret. It may be
// used by several goroutines.
type Proving struct {
	*Client
	others []*Client
	chain  string
	rules  light.Rules
	light  *light.Client
	now    func() time.Time

	mu       sync.Mutex
	snapshot *checkedSnapshot
	kept     map[string]keptEntry // entries of lists by what they are of
}

// checkedSnapshot is a snapshot whose layout is checked before anything in it is believed.
type checkedSnapshot struct {
	*light.Snapshot
	once sync.Once
	err  error
}

// ErrNoStatus means that Status has not succeeded yet.
var ErrNoStatus = errors.New("no header of the chain is trusted yet")

// NewProving returns a client that asks a node, and its witnesses, with proofs. The configuration lacks only the nodes.
func NewProving(cfg light.Config, node *Client, witnesses ...*Client) (*Proving, error) {
	cfg.Node = node
	for _, w := range witnesses {
		cfg.Witnesses = append(cfg.Witnesses, w)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	verifier, err := light.New(cfg)
	if err != nil {
		return nil, err
	}
	return &Proving{
		Client: node, others: witnesses, chain: cfg.ChainID, rules: cfg.Rules, light: verifier, now: cfg.Now, kept: map[string]keptEntry{},
	}, nil
}

// Agreed is how many other nodes showed the same header at the last Status, and how many were asked.
func (p *Proving) Agreed() (agreed, of int) { return p.light.Agreed(), len(p.others) }

// Status advances to the newest header that follows from the trusted one, and returns the height of the state that it proves,
// which is the block before, and its time.
func (p *Proving) Status(ctx context.Context) (Status, error) {
	s, err := p.light.Advance(ctx)
	if err != nil {
		return Status{}, fmt.Errorf("status: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.snapshot == nil || p.snapshot.Height != s.Height {
		p.snapshot = &checkedSnapshot{Snapshot: s}
	}
	if len(p.kept) > maxKept {
		clear(p.kept)
	}
	return Status{Height: s.Height, Time: s.Time}, nil
}

// ChainID is the chain of the trusted header. If there is none yet and none can be had, it is what the node says.
func (p *Proving) ChainID(ctx context.Context) (string, error) {
	if p.light.Trusted().Height > 0 {
		return p.chain, nil
	}
	_, err := p.Status(ctx)
	if err == nil {
		return p.chain, nil
	}
	if id, other := p.Client.ChainID(ctx); other == nil && id != p.chain {
		return id, nil
	}
	return "", err
}

// current returns the present snapshot, unless it is too old or of a layout that is not known.
func (p *Proving) current(ctx context.Context) (*checkedSnapshot, error) {
	p.mu.Lock()
	s := p.snapshot
	p.mu.Unlock()
	if s == nil {
		return nil, ErrNoStatus
	}
	if age := p.now().Sub(s.Time); age > p.rules.Behind {
		return nil, fmt.Errorf("%w: state %d: expected one of the last %s, got one that is %s old", light.ErrStale, s.Height, p.rules.Behind, age.Round(time.Second))
	}
	s.once.Do(func() { s.err = p.checkLayout(ctx, s) })
	if s.err != nil {
		// A node that does not answer now may do so later.
		p.mu.Lock()
		if p.snapshot == s {
			p.snapshot = &checkedSnapshot{Snapshot: s.Snapshot}
		}
		p.mu.Unlock()
		return nil, s.err
	}
	return s, nil
}

// checkLayout makes sure that the keys of the state are the known ones, and that the stake of those who have signed is still at
// risk.
func (p *Proving) checkLayout(ctx context.Context, s *checkedSnapshot) error {
	group, ctx := errgroup.WithContext(ctx)
	for module := range keys.Layout {
		group.Go(func() error {
			value, _, err := s.Get(ctx, keys.Upgrade, keys.ModuleVersion(module))
			if err != nil {
				return err
			}
			return keys.CheckVersion(module, value)
		})
	}
	group.Go(func() error {
		params, err := s.bytes(ctx, keys.Staking, "parameters of staking", keys.StakingParams())
		if err != nil {
			return unexpectedlyAbsent(err)
		}
		unbonding, err := keys.UnbondingTime(params)
		if err == nil && unbonding <= p.rules.Period {
			return fmt.Errorf("%w: unbonding time: expected more than the trust period of %s, got %s", light.ErrExpired, p.rules.Period, unbonding)
		}
		return err
	})
	return group.Wait()
}

// message reads what a key holds. The error is ErrNotFound if the chain proves that it holds nothing.
func (s *checkedSnapshot) message(ctx context.Context, store, what string, key []byte, into proto.Message) error {
	value, err := s.bytes(ctx, store, what, key)
	if err != nil {
		return err
	}
	if err := proto.Unmarshal(value, into); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func (s *checkedSnapshot) bytes(ctx context.Context, store, what string, key []byte) ([]byte, error) {
	value, found, err := s.Get(ctx, store, key)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", what, err)
	case !found:
		return nil, fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return value, nil
}

// unexpectedlyAbsent keeps the absence of what another proved entry names from being taken for the absence of the whole.
func unexpectedlyAbsent(err error) error {
	if errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w: %s", light.ErrProof, err.Error())
	}
	return err
}
