package trust

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"

	"github.com/alita-network/alita/client/proved"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/light"
)

const (
	flagTrust   = "trust"
	flagWitness = "witness"
)

// AddFlags adds the flags of a command that asks the chain before it pays, seals or deletes.
func AddFlags(cmd *cobra.Command) {
	cmd.Flags().String(flagTrust, "", "HEIGHT:HASH of a header that you know, or node to believe the node whatever it says (default: what the home keeps, see alitad trust)")
	cmd.Flags().StringArray(flagWitness, nil, "address of a node of other people, tcp://host:26657 or grpc://host:9090, that is asked and sent to as well, and shows forks; can be repeated")
}

// chainName is the form of a chain's name: it names a folder, too.
var chainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$`)

// CheckChain refuses what is no name of a chain. The name is the user's word: a node that could name the chain would name one of
// its own, with validators of its own.
func CheckChain(id string) error {
	if !chainName.MatchString(id) {
		return fmt.Errorf("--%s: expected the name of the chain, of letters, digits, points, hyphens and underscores, got %.60q", flags.FlagChainID, id)
	}
	return nil
}

// BelievesNode reports whether the flags say that the node is believed, whatever it says.
func BelievesNode(cmd *cobra.Command) bool {
	text, err := cmd.Flags().GetString(flagTrust)
	if err != nil {
		return false
	}
	t, err := light.ParseTrust(text)
	return err == nil && t.Node
}

type applicationKey struct{}

// WithApplication returns a context in which Chain finds the queries of the chain's modules.
func WithApplication(ctx context.Context, a proved.Application) context.Context {
	if ctx == nil {
		ctx = context.Background()
	}
	return context.WithValue(ctx, applicationKey{}, a)
}

// Believe has a client ask and send by what the flags and the home say: its State is what the chain proves, its Others are the
// witnesses. With the word node it believes its node, and says so.
func Believe(cmd *cobra.Command, clientCtx client.Context, c *tx.Client) error {
	if err := CheckChain(c.ChainID); err != nil {
		return err
	}
	s, err := find(cmd, clientCtx, c.ChainID)
	if err != nil {
		return err
	}
	witnesses, err := connect(clientCtx, s.Witnesses)
	if err != nil {
		return err
	}
	c.Others = witnesses
	defer txflags.Believe(cmd, c)
	if s.Trust.Node {
		cmd.PrintErrf("trust: the node is believed, and nothing is proved; `alitad trust` changes that\n")
		return nil
	}
	application, ok := cmd.Context().Value(applicationKey{}).(proved.Application)
	if !ok {
		return errors.New("trust: expected the queries of the chain's modules, got none")
	}
	cfg := proved.Config{
		ChainID: c.ChainID, Root: s.Trust.Root, Node: txflags.Conn(clientCtx), Witnesses: witnesses, Application: application,
	}
	if clientCtx.HomeDir != "" {
		cfg.Folder = folder(clientCtx.HomeDir, c.ChainID)
	}
	chain, err := proved.New(cfg)
	if err != nil {
		return err
	}
	c.State = &fresh{chain: chain}
	return nil
}

// fresh is what the chain proves. The first answer waits for the header after the one that is the newest when it is asked, so that
// it has all that was in a block before the command began: a header proves only the state before it.
type fresh struct {
	chain *proved.Chain
	begun bool
}

const (
	freshEvery = 200 * time.Millisecond
	// freshTimeout is how long the next header is waited for: nodes may withhold it, and what they have shown is recent, too.
	freshTimeout = 15 * time.Second
)

// At implements tx.State.
func (f *fresh) At(ctx context.Context) (grpc.ClientConnInterface, int64, error) {
	state, height, err := f.at(ctx)
	until := time.Now().Add(freshTimeout)
	for begun := height; err == nil && !f.begun; state, height, err = f.at(ctx) {
		if height > begun || time.Now().After(until) {
			f.begun = true
			break
		}
		select {
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		case <-time.After(freshEvery):
		}
	}
	return state, height, err
}

// at says what to do if the trust is lost.
func (f *fresh) at(ctx context.Context) (grpc.ClientConnInterface, int64, error) {
	state, height, err := f.chain.At(ctx)
	switch {
	case errors.Is(err, light.ErrExpired), errors.Is(err, light.ErrConflict), errors.Is(err, light.ErrRoot), errors.Is(err, light.ErrForged):
		err = fmt.Errorf("%w; compare with what others publish, and set the trust by `alitad trust`", err)
	}
	return state, height, err
}

// find returns what the flags say, or else the home. If neither says whom to believe, the node's newest header is kept, the first
// time, if no witness shows another one.
func find(cmd *cobra.Command, clientCtx client.Context, chainID string) (settings, error) {
	text, err := cmd.Flags().GetString(flagTrust)
	if err != nil {
		return settings{}, err
	}
	named, err := cmd.Flags().GetStringArray(flagWitness)
	if err != nil {
		return settings{}, err
	}
	kept, err := read(clientCtx.HomeDir, chainID)
	if err != nil {
		return settings{}, err
	}
	var s settings
	if kept != nil {
		s = *kept
	}
	for _, w := range named {
		if !slices.Contains(s.Witnesses, w) {
			s.Witnesses = append(slices.Clone(s.Witnesses), w)
		}
	}
	switch {
	case text != "":
		if s.Trust, err = light.ParseTrust(text); err != nil {
			return s, fmt.Errorf("--%s: %w", flagTrust, err)
		}
		return s, nil
	case kept != nil:
		return s, nil
	}
	root, agreed, err := findRoot(cmd.Context(), clientCtx, chainID, 0, s.Witnesses)
	if err != nil {
		return s, fmt.Errorf("trust: a header to begin from: %w", err)
	}
	s.Trust = light.Trust{Root: root}
	if err := write(clientCtx.HomeDir, chainID, s); err != nil {
		return s, err
	}
	cmd.PrintErrf("trust: header %s of %s is kept in %s, and from now on the chain is believed from it.\n"+
		"It is the word of the node and of %d other(s): compare it with what others publish; `alitad trust` sets another one.\n",
		root, chainID, file(clientCtx.HomeDir, chainID), agreed)
	return s, nil
}

// findRoot asks the node and the witnesses for a header, 0 for nearly the newest.
func findRoot(ctx context.Context, clientCtx client.Context, chainID string, height int64, witnesses []string) (light.Root, int, error) {
	others, err := connect(clientCtx, witnesses)
	if err != nil {
		return light.Root{}, 0, err
	}
	sources := []light.Source{proved.Source{Conn: txflags.Conn(clientCtx)}}
	for _, o := range others {
		sources = append(sources, proved.Source{Conn: o})
	}
	return light.FindRoot(ctx, chainID, height, sources...)
}

// connect returns the connections to witnesses.
func connect(clientCtx client.Context, addresses []string) ([]grpc.ClientConnInterface, error) {
	var all []grpc.ClientConnInterface
	for _, address := range addresses {
		if target, ok := strings.CutPrefix(address, "grpc://"); ok {
			conn, err := tx.Dial(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				return nil, fmt.Errorf("--%s: %w", flagWitness, err)
			}
			all = append(all, conn) // it is closed with the process
			continue
		}
		node, err := client.NewClientFromNode(address)
		if err != nil {
			return nil, fmt.Errorf("--%s: expected an address such as tcp://host:26657 or grpc://host:9090, got %s: %w", flagWitness, address, err)
		}
		all = append(all, txflags.Conn(clientCtx.WithClient(node).WithNodeURI(address).WithGRPCClient(nil)))
	}
	return all, nil
}
