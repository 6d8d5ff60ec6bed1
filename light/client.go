package light

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Source asks one node. Nothing that it returns is believed.
type Source interface {
	// Block returns the header of a height with its commit and its validators; height 0 is the newest. The validators may be
	// left out if their hash is known.
	Block(ctx context.Context, height int64, known []byte) (Block, error)
	// Prove returns the layers of a proof about a key of a store at the end of a block.
	Prove(ctx context.Context, store string, key []byte, height int64) ([]Layer, error)
}

// Config sets up a Client. All members but Witnesses, Store and Now are needed.
type Config struct {
	ChainID string
	Root    Root
	Rules   Rules
	// Node is asked first. If its answer is missing or wrong, the witnesses are asked in their order.
	Node Source
	// Witnesses are other nodes, of other people: they show what Node hides.
	Witnesses []Source
	// Store keeps the trusted header; nil keeps it in memory only.
	Store *Store
	Now   func() time.Time // time.Now if nil
}

const (
	// maxSteps bounds the headers that one call of Advance looks at.
	maxSteps = 1000
	// saveEvery is how much newer the trusted header must be than the one on the disk before it is written.
	saveEvery = 10 * time.Minute
	// witnessTimeout is how long a witness may take for its header: one that is slow says nothing.
	witnessTimeout = 3 * time.Second
	// witnessPause is how long a witness that took longer is not asked again, so that it delays nothing.
	witnessPause = time.Minute
)

// Client is a light client of one chain. It may be used by several goroutines.
type Client struct {
	cfg Config

	mu      sync.Mutex
	trusted Block
	saved   time.Time // of the header on the disk
	agreed  int
	steps   int
	slow    map[int]time.Time // sources that took too long, and when
	// conflicting is set for good once two signed headers of one height were seen.
	conflicting error
}

// New returns a client. It has asked nobody yet.
func New(cfg Config) (*Client, error) {
	if err := cfg.Root.Check(); err != nil {
		return nil, err
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Client{cfg: cfg, slow: map[int]time.Time{}}, nil
}

// Advance trusts the newest header of the first node that shows one that follows from the trusted header, and compares it with
// the other nodes' header of that height. The errors are ErrStale, ErrClock, ErrExpired, ErrRoot, ErrConflict, ErrForged,
// ErrMalformed, ErrStore and those of the sources; after ErrConflict and ErrExpired only another trust root helps.
func (c *Client) Advance(ctx context.Context) (*Snapshot, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conflicting != nil {
		return nil, c.conflicting
	}
	if err := c.start(ctx); err != nil {
		return nil, err
	}
	var errs []error
	for i, node := range c.sources() {
		next, steps, err := c.follow(ctx, node)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", nameOf(i), err))
			if ctx.Err() != nil || errors.Is(err, ErrExpired) || errors.Is(err, ErrConflict) {
				break
			}
			continue
		}
		if err := c.compare(ctx, i, next); err != nil {
			return nil, err
		}
		c.trusted, c.steps = next, c.steps+steps
		if err := c.save(); err != nil {
			return nil, err
		}
		return &Snapshot{
			Height: next.Header.Height - 1, Time: next.Header.Time, appHash: next.Header.AppHash, sources: c.sources(),
		}, nil
	}
	return nil, errors.Join(errs...)
}

// Trusted is the newest trusted header. It is zero before the first Advance that succeeded.
func (c *Client) Trusted() Header {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.trusted.Header
}

// Agreed is how many other nodes showed the same header at the last Advance. With 0 a fork would not have been seen.
func (c *Client) Agreed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.agreed
}

// Steps is how many headers were verified so far.
func (c *Client) Steps() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.steps
}

func (c *Client) sources() []Source { return append([]Source{c.cfg.Node}, c.cfg.Witnesses...) }

// nameOf is how errors call a source.
func nameOf(i int) string {
	if i == 0 {
		return "node"
	}
	return fmt.Sprintf("witness %d", i)
}

// start takes the trusted header from the disk or, the first time, the header of the trust root.
func (c *Client) start(ctx context.Context) error {
	if c.trusted.Header.Height > 0 {
		return nil
	}
	if c.cfg.Store != nil {
		block, err := c.cfg.Store.load(c.cfg.ChainID, c.cfg.Root)
		if err != nil {
			return err
		}
		if block != nil {
			c.trusted, c.saved = *block, block.Header.Time
			return nil
		}
	}
	var errs []error
	for i, node := range c.sources() {
		b, err := c.rootBlock(ctx, node)
		if err == nil {
			c.trusted = b
			return c.save()
		}
		errs = append(errs, fmt.Errorf("%s: %w", nameOf(i), err))
	}
	return errors.Join(errs...)
}

func (c *Client) rootBlock(ctx context.Context, node Source) (Block, error) {
	root := c.cfg.Root
	b, err := node.Block(ctx, root.Height, nil)
	if err != nil {
		return Block{}, err
	}
	if got := (Root{Height: b.Header.Height, Hash: b.Header.Hash()}); !got.Equal(root) {
		return Block{}, fmt.Errorf("%w: expected header %s, got %s", ErrRoot, root, got)
	}
	if err := b.check(c.cfg.ChainID); err != nil {
		return Block{}, err
	}
	if err := b.checkSigned(map[int]bool{}); err != nil {
		return Block{}, err
	}
	return b, c.cfg.Rules.checkTime(b.Header, c.cfg.Now())
}

// fetch asks a node for a block. The validators are sent only if they have changed.
func (c *Client) fetch(ctx context.Context, node Source, height int64) (Block, error) {
	known := c.trusted.Header.ValidatorsHash
	b, err := node.Block(ctx, height, known)
	if err != nil {
		return Block{}, err
	}
	if len(b.Validators) == 0 && bytes.Equal(b.Header.ValidatorsHash, known) {
		b.Validators = c.trusted.Validators
	}
	if height != 0 && b.Header.Height != height {
		return Block{}, fmt.Errorf("%w: height: expected %d, got %d", ErrForged, height, b.Header.Height)
	}
	return b, nil
}

// follow returns the newest header of a node, if it follows from the trusted one and is new.
func (c *Client) follow(ctx context.Context, node Source) (next Block, steps int, err error) {
	now := c.cfg.Now()
	if err := c.cfg.Rules.checkTime(c.trusted.Header, now); err != nil {
		return Block{}, 0, err
	}
	newest, err := c.fetch(ctx, node, 0)
	if err != nil {
		return Block{}, 0, err
	}
	if age := now.Sub(newest.Header.Time); age > c.cfg.Rules.Behind {
		return Block{}, 0, fmt.Errorf("%w: newest header %d: expected one of the last %s, got one that is %s old",
			ErrStale, newest.Header.Height, c.cfg.Rules.Behind, age.Round(time.Second))
	}
	switch trusted := c.trusted.Header; {
	case newest.Header.Height > trusted.Height:
		return c.reach(ctx, node, newest)
	case newest.Header.Height == trusted.Height && !bytes.Equal(newest.Header.Hash(), trusted.Hash()):
		if err := c.contradict(c.trusted, newest); err != nil {
			return Block{}, 0, err
		}
		return Block{}, 0, fmt.Errorf("%w: header %d: expected the trusted one, got another one that is not signed", ErrForged, trusted.Height)
	case now.Sub(trusted.Time) > c.cfg.Rules.Behind:
		return Block{}, 0, fmt.Errorf("%w: newest header: expected one after height %d, got height %d", ErrStale, trusted.Height, newest.Header.Height)
	}
	return c.trusted, 0, nil // one of several nodes behind an address may lag a little
}

// contradict reports, as ErrConflict, that a header of the height of a trusted one is signed by the same validators. Both are kept.
func (c *Client) contradict(trusted, other Block) error {
	if other.check(c.cfg.ChainID) != nil || !bytes.Equal(other.Header.ValidatorsHash, trusted.Header.ValidatorsHash) ||
		other.checkSigned(map[int]bool{}) != nil {
		return nil
	}
	return c.conflict(trusted, other)
}

// conflict keeps two headers of one height and returns ErrConflict.
func (c *Client) conflict(a, b Block) error {
	err := fmt.Errorf("%w: height %d: expected one header, got %X and %X, and both are signed: find out which one is right and give a new trust root",
		ErrConflict, a.Header.Height, a.Header.Hash(), b.Header.Hash())
	c.conflicting = err
	if c.cfg.Store != nil {
		err = errors.Join(err, c.cfg.Store.saveConflict(c.cfg.Root, c.trusted, a, b))
	}
	return err
}

// reach verifies a header from the trusted one, by headers between if the validators have changed too much.
func (c *Client) reach(ctx context.Context, node Source, target Block) (next Block, steps int, err error) {
	now, at, pending := c.cfg.Now(), c.trusted, []Block{target}
	for tries := 1; len(pending) > 0; tries++ {
		if tries > maxSteps {
			return Block{}, 0, fmt.Errorf("%w: headers between %d and %d: expected at most %d, got more", ErrForged, c.trusted.Header.Height, target.Header.Height, maxSteps)
		}
		next := pending[len(pending)-1]
		err := Verify(at, next, c.cfg.Rules, now)
		switch {
		case err == nil:
			at, pending = next, pending[:len(pending)-1]
			steps++
		case isTooFar(err) && next.Header.Height > at.Header.Height+1:
			middle, err := c.fetch(ctx, node, at.Header.Height+(next.Header.Height-at.Header.Height)/2)
			if err != nil {
				return Block{}, 0, err
			}
			pending = append(pending, middle)
		default:
			return Block{}, 0, err
		}
	}
	return at, steps, nil
}

// compare asks the other nodes for a header's height. A node that is silent or behind says nothing, nor does one whose header
// is not signed. If one shows another header that follows from the trusted one as well, both are kept.
func (c *Client) compare(ctx context.Context, from int, next Block) error {
	ctx, cancel := context.WithTimeout(ctx, witnessTimeout)
	defer cancel()
	sources := c.sources()
	shown, late := make([]*Block, len(sources)), make([]bool, len(sources))
	var asked sync.WaitGroup
	for i, node := range sources {
		if i == from || c.cfg.Now().Before(c.slow[i].Add(witnessPause)) {
			continue
		}
		asked.Go(func() {
			b, err := c.fetch(ctx, node, next.Header.Height)
			if err == nil {
				shown[i] = &b
			}
			late[i] = err != nil && ctx.Err() != nil
		})
	}
	asked.Wait()
	for i := range late {
		if late[i] {
			c.slow[i] = c.cfg.Now()
		}
	}
	c.agreed = 0
	for i, b := range shown {
		switch {
		case b == nil:
		case bytes.Equal(b.Header.Hash(), next.Header.Hash()):
			c.agreed++
		case next.Header.Height == c.trusted.Header.Height:
			if err := c.contradict(next, *b); err != nil {
				return err
			}
		default:
			if _, _, err := c.reach(ctx, sources[i], *b); err == nil {
				return c.conflict(next, *b)
			}
		}
	}
	return nil
}

// save writes the trusted header to the disk, if the one there is much older.
func (c *Client) save() error {
	if c.cfg.Store == nil || !c.saved.IsZero() && c.trusted.Header.Time.Sub(c.saved) < saveEvery {
		return nil
	}
	if err := c.cfg.Store.save(c.cfg.Root, c.trusted); err != nil {
		return err
	}
	c.saved = c.trusted.Header.Time
	return nil
}

// rootLag is how many blocks the header of FindRoot lies behind the newest one, so that other nodes have it, too.
const rootLag = 2

// FindRoot asks all nodes of a chain for their header of one height, 0 for one that is nearly the newest of the first node, and
// returns its root if all of them show the same. agreed is how many besides the first have shown it. It is for choosing a trust
// root, with people who compare it with what others publish: nothing is verified but that the header is signed by its own
// validators. The errors are ErrConflict, ErrForged, ErrMalformed and those of the sources.
func FindRoot(ctx context.Context, chainID string, height int64, nodes ...Source) (root Root, agreed int, err error) {
	ask := func(i int, height int64) (Block, error) {
		b, err := nodes[i].Block(ctx, height, nil)
		if err == nil {
			err = b.check(chainID)
		}
		if err == nil {
			err = b.checkSigned(map[int]bool{})
		}
		if err != nil {
			return Block{}, fmt.Errorf("%s: %w", nameOf(i), err)
		}
		return b, nil
	}
	if height == 0 {
		newest, err := ask(0, 0)
		if err != nil {
			return Root{}, 0, err
		}
		height = max(1, newest.Header.Height-rootLag)
	}
	for i := range nodes {
		b, err := ask(i, height)
		if err != nil {
			return Root{}, 0, err
		}
		shown := Root{Height: b.Header.Height, Hash: b.Header.Hash()}
		switch {
		case i == 0:
			root = shown
		case !shown.Equal(root):
			return Root{}, 0, fmt.Errorf("%w: expected header %s, which the node shows, got %s, which %s shows", ErrConflict, root, shown, nameOf(i))
		default:
			agreed++
		}
	}
	return root, agreed, nil
}
