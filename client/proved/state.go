package proved

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"sync"

	abci "github.com/cometbft/cometbft/abci/types"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"cosmossdk.io/log/v2"

	sdk "github.com/cosmos/cosmos-sdk/types"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"

	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/light/keys"
)

// State is a connection that answers the modules' queries from the proved state at the end of one block. It may be used by
// several goroutines.
type State struct {
	cfg      Config
	snapshot *light.Snapshot

	mu sync.Mutex
	// trees are what is proved of each store so far.
	trees map[string]*tree
}

var _ grpc.ClientConnInterface = (*State)(nil)

func newState(cfg Config, snapshot *light.Snapshot) *State {
	return &State{cfg: cfg, snapshot: snapshot, trees: map[string]*tree{}}
}

// Height is the block at whose end the state is.
func (s *State) Height() int64 { return s.snapshot.Height }

// Asked is how many questions for proofs nodes have answered so far.
func (s *State) Asked() int64 { return s.snapshot.Asked() }

// Invoke implements grpc.ClientConnInterface. Errors of the modules are theirs; an answer that no node proves is an error of
// package light.
func (s *State) Invoke(ctx context.Context, method string, req, reply any, opts ...grpc.CallOption) (err error) {
	handle := s.cfg.Application.Router.Route(method)
	if handle == nil {
		return status.Errorf(codes.Unimplemented, "%s: expected a query of a module's state, which alone can be proved", method)
	}
	codec := s.cfg.Application.Codec
	data, err := codec.Marshal(req)
	if err != nil {
		return err
	}
	defer func() {
		// The stores of the SDK have no errors.
		switch r := recover().(type) {
		case nil:
		case unproved:
			err = fmt.Errorf("%s: %w", method, r.err)
		default:
			panic(r)
		}
	}()
	res, err := handle(s.context(ctx), &abci.RequestQuery{Path: method, Data: data, Height: s.snapshot.Height})
	if err != nil {
		return err
	}
	for _, opt := range opts {
		if header, ok := opt.(grpc.HeaderCallOption); ok {
			*header.HeaderAddr = metadata.Pairs(grpctypes.GRPCBlockHeightHeader, strconv.FormatInt(s.snapshot.Height, 10))
		}
	}
	return codec.Unmarshal(res.Value, reply)
}

// NewStream implements grpc.ClientConnInterface.
func (*State) NewStream(context.Context, *grpc.StreamDesc, string, ...grpc.CallOption) (grpc.ClientStream, error) {
	return nil, status.Error(codes.Unimplemented, "streams")
}

// context is what a handler sees. The header's time is the next block's: a query at the node has the time of its last block,
// which is nearly the same.
func (s *State) context(ctx context.Context) sdk.Context {
	header := cmtproto.Header{ChainID: s.cfg.ChainID, Height: s.snapshot.Height, Time: s.snapshot.Time}
	return sdk.NewContext(&view{ctx: ctx, state: s}, header, true, log.NewNopLogger()).WithContext(ctx)
}

// checkVersion makes sure that a store is laid out as the application here does it.
func (s *State) checkVersion(ctx context.Context, store string) error {
	t := s.tree(store)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known || store == keys.Upgrade {
		return nil
	}
	module := store
	if name, ok := modules[store]; ok {
		module = name
	}
	want, ok := s.cfg.Application.Versions[module]
	if !ok {
		return fmt.Errorf("%w: expected a module of the application, got %s", ErrLayout, module)
	}
	value, found, err := s.snapshot.Get(ctx, keys.Upgrade, keys.ModuleVersion(module))
	if err != nil {
		return err
	}
	if !found || len(value) != 8 || binary.BigEndian.Uint64(value) != want {
		return fmt.Errorf("%w %s: expected %d, got %x: get the program of this chain's release", ErrLayout, module, want, value)
	}
	t.known = true
	return nil
}

// tree is what is proved of a store.
func (s *State) tree(store string) *tree {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.trees[store]
	if !ok {
		t = &tree{found: map[string][]byte{}, absent: map[string]neighbours{}, next: map[string]*string{}}
		s.trees[store] = t
	}
	return t
}

// unproved is how a store without errors tells that nothing is proved.
type unproved struct{ err error }

// fail ends a handler.
func fail(err error) {
	if err == nil {
		err = errors.New("expected a question that a store can answer")
	}
	panic(unproved{err})
}
