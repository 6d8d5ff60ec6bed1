package proved

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"

	"github.com/cosmos/cosmos-sdk/baseapp"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
)

// Application has the queries of the chain's modules. It needs no state of its own.
type Application struct {
	// Router holds the handlers of the queries.
	Router *baseapp.GRPCQueryRouter
	// Codec encodes questions and answers.
	Codec encoding.Codec
	// Versions are the modules' versions that the handlers are of.
	Versions map[string]uint64
}

// Config sets up a Chain.
type Config struct {
	ChainID string
	// Root is the header that is trusted first.
	Root light.Root
	// Rules are the times of the verification; light.DefaultRules if zero.
	Rules light.Rules
	// Node is asked first, and Witnesses, nodes of other people, if it proves nothing. They also show forks.
	Node        grpc.ClientConnInterface
	Witnesses   []grpc.ClientConnInterface
	Application Application
	// Folder keeps the trusted header; empty keeps it in memory only.
	Folder string
	Now    func() time.Time // time.Now if nil
}

// Chain follows the chain's headers. It may be used by several goroutines.
type Chain struct {
	cfg   Config
	light *light.Client

	mu    sync.Mutex
	state *State
}

// ErrLayout means that a module of the chain has another version than the application here.
var ErrLayout = errors.New("version of the module")

// modules are the modules of the stores that are named otherwise.
var modules = map[string]string{"acc": "auth"}

// stores are read in nearly every query, so their versions are proved together.
var stores = []string{"acc", "bank", "staking", "clock", "datapool", keys.Metadata, keys.Compute}

// New returns a chain. It has asked nobody yet.
func New(cfg Config) (*Chain, error) {
	if cfg.Rules == (light.Rules{}) {
		cfg.Rules = light.DefaultRules
	}
	trusted := light.Config{ChainID: cfg.ChainID, Root: cfg.Root, Rules: cfg.Rules, Node: Source{cfg.Node}, Now: cfg.Now}
	for _, w := range cfg.Witnesses {
		trusted.Witnesses = append(trusted.Witnesses, Source{w})
	}
	if cfg.Folder != "" {
		trusted.Store = light.NewStore(cfg.Folder)
	}
	verifier, err := light.New(trusted)
	if err != nil {
		return nil, err
	}
	return &Chain{cfg: cfg, light: verifier}, nil
}

// At advances to the newest header, and returns the state that it proves and its height, which is the block before. The errors
// are the ones of light.Client.Advance.
func (c *Chain) At(ctx context.Context) (grpc.ClientConnInterface, int64, error) {
	snapshot, err := c.light.Advance(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("what the chain proves: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state == nil || c.state.snapshot.Height != snapshot.Height {
		s := newState(c.cfg, snapshot)
		if err := s.checkVersions(ctx); err != nil {
			return nil, 0, err
		}
		c.state = s
	}
	return c.state, snapshot.Height, nil
}

// Agreed is how many of the witnesses showed the newest header as well, and how many there are.
func (c *Chain) Agreed() (agreed, of int) { return c.light.Agreed(), len(c.cfg.Witnesses) }

// checkVersions makes sure that the stores that are read most are laid out as here, and that the stake of those who have signed
// is still at risk.
func (s *State) checkVersions(ctx context.Context) error {
	group, asked := errgroup.WithContext(ctx)
	for _, store := range stores {
		group.Go(func() error { return s.checkVersion(asked, store) })
	}
	group.Go(func() error {
		params, found, err := s.snapshot.Get(asked, keys.Staking, keys.StakingParams())
		if err != nil || !found {
			return errors.Join(err, missing(!found, "parameters of staking"))
		}
		unbonding, err := keys.UnbondingTime(params)
		if err == nil && unbonding <= s.cfg.Rules.Period {
			return fmt.Errorf("%w: unbonding time: expected more than the trust period of %s, got %s", light.ErrExpired, s.cfg.Rules.Period, unbonding)
		}
		return err
	})
	return group.Wait()
}

func missing(absent bool, what string) error {
	if absent {
		return fmt.Errorf("%w: expected %s, got none", light.ErrProof, what)
	}
	return nil
}
