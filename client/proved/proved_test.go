package proved_test

import (
	"context"
	"errors"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	"github.com/cosmos/gogoproto/proto"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/cosmos/cosmos-sdk/codec"
	grpctypes "github.com/cosmos/cosmos-sdk/types/grpc"
	"github.com/cosmos/cosmos-sdk/types/query"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/client/proved"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/light"
	"github.com/alita-network/alita/programs"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/testutil/rpcnode"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// newChain is what a node proves of a network, with or without another node.
func newChain(t *testing.T, n *rpcnode.Network, node *rpcnode.Node, witnesses ...*rpcnode.Node) *proved.Chain {
	t.Helper()
	cfg := proved.Config{ChainID: apptest.ChainID, Root: n.Root(), Node: node.Conn()}
	n.Do(func(c *apptest.Chain) {
		cfg.Application = proved.Application{
			Router: c.App.GRPCQueryRouter(), Codec: c.App.AppCodec().(codec.GRPCCodecProvider).GRPCCodec(), Versions: c.App.ModuleManager.GetVersionMap(),
		}
	})
	for _, w := range witnesses {
		cfg.Witnesses = append(cfg.Witnesses, w.Conn())
	}
	chain, err := proved.New(cfg)
	require.NoError(t, err)
	return chain
}

// question is a query with an empty answer.
type question struct {
	method   string
	req, res proto.Message
}

// questions are what clients ask, and lists that are walked in both directions.
func questions(t *testing.T) []question {
	t.Helper()
	moments, err := programs.ByName("moments")
	require.NoError(t, err)
	owner := rpcnode.Owners[0].String()
	page := &query.PageRequest{Limit: 2}
	const compute, pool, data = "/alita.compute.v1.Query/", "/alita.datapool.v1.Query/", "/alita.metadata.v1.Query/"
	return []question{
		{pool + "Pool", &datapooltypes.QueryPoolRequest{PoolId: 1}, &datapooltypes.QueryPoolResponse{}},
		{pool + "Pool", &datapooltypes.QueryPoolRequest{PoolId: 9}, &datapooltypes.QueryPoolResponse{}},
		{pool + "PoolByDenom", &datapooltypes.QueryPoolByDenomRequest{Denom: rpcnode.Symbol}, &datapooltypes.QueryPoolByDenomResponse{}},
		{pool + "Pools", &datapooltypes.QueryPoolsRequest{}, &datapooltypes.QueryPoolsResponse{}},
		{pool + "Pools", &datapooltypes.QueryPoolsRequest{Pagination: &query.PageRequest{Reverse: true}}, &datapooltypes.QueryPoolsResponse{}},
		{pool + "Params", &datapooltypes.QueryParamsRequest{}, &datapooltypes.QueryParamsResponse{}},
		{pool + "QuoteSwapExactIn", &datapooltypes.QueryQuoteSwapExactInRequest{PoolId: 1, TokenIn: "1000000ualita"}, &datapooltypes.QueryQuoteSwapExactInResponse{}},
		{pool + "QuoteSwapExactOut", &datapooltypes.QueryQuoteSwapExactOutRequest{PoolId: 1, TokenOut: "1000000data/1"}, &datapooltypes.QueryQuoteSwapExactOutResponse{}},
		{pool + "QuoteAddLiquidity", &datapooltypes.QueryQuoteAddLiquidityRequest{PoolId: 1, MaxAlita: "1000000", MaxData: "10000000"}, &datapooltypes.QueryQuoteAddLiquidityResponse{}},
		{pool + "QuoteRemoveLiquiditySingle", &datapooltypes.QueryQuoteRemoveLiquiditySingleRequest{PoolId: 1, Shares: "1000000", DenomOut: "ualita"}, &datapooltypes.QueryQuoteRemoveLiquiditySingleResponse{}},
		{pool + "QuoteSwapRouteExactIn", &datapooltypes.QueryQuoteSwapRouteExactInRequest{TokenIn: "1000000data/1", DenomOut: "data/2"}, &datapooltypes.QueryQuoteSwapRouteExactInResponse{}},
		{data + "Record", &metadatatypes.QueryRecordRequest{RecordId: rpcnode.Record(rpcnode.Owners[1])}, &metadatatypes.QueryRecordResponse{}},
		{data + "RecordsByPool", &metadatatypes.QueryRecordsByPoolRequest{PoolId: 1, Status: metadatatypes.RECORD_STATUS_ACTIVE}, &metadatatypes.QueryRecordsByPoolResponse{}},
		{data + "RecordsByPool", &metadatatypes.QueryRecordsByPoolRequest{PoolId: 1, Pagination: page}, &metadatatypes.QueryRecordsByPoolResponse{}},
		{data + "WorkersByOwner", &metadatatypes.QueryWorkersByOwnerRequest{Owner: owner}, &metadatatypes.QueryWorkersByOwnerResponse{}},
		{data + "Worker", &metadatatypes.QueryWorkerRequest{Address: rpcnode.WorkerOf(rpcnode.Owners[0]).String()}, &metadatatypes.QueryWorkerResponse{}},
		{data + "Panel", &metadatatypes.QueryPanelRequest{PanelId: moments.Hash}, &metadatatypes.QueryPanelResponse{}},
		{compute + "Params", &computetypes.QueryParamsRequest{}, &computetypes.QueryParamsResponse{}},
		{compute + "Program", &computetypes.QueryProgramRequest{ProgramId: moments.Hash}, &computetypes.QueryProgramResponse{}},
		{compute + "Seats", &computetypes.QuerySeatsRequest{}, &computetypes.QuerySeatsResponse{}},
		{compute + "Job", &computetypes.QueryJobRequest{JobId: rpcnode.Record(rpcnode.Owners[0])}, &computetypes.QueryJobResponse{}},
		{compute + "QuoteJob", &computetypes.QueryQuoteJobRequest{
			PoolId: 1, ProgramId: moments.Hash, Columns: 1, Length: 3, PricePerMop: "500000", Seats: 2, Rounds: 1, MinCohort: 3,
		}, &computetypes.QueryQuoteJobResponse{}},
		{"/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom", &banktypes.QuerySpendableBalanceByDenomRequest{Address: owner, Denom: "ualita"}, &banktypes.QuerySpendableBalanceByDenomResponse{}},
		{"/cosmos.bank.v1beta1.Query/AllBalances", &banktypes.QueryAllBalancesRequest{Address: rpcnode.Consumer.String()}, &banktypes.QueryAllBalancesResponse{}},
		{"/cosmos.auth.v1beta1.Query/AccountInfo", &authtypes.QueryAccountInfoRequest{Address: owner}, &authtypes.QueryAccountInfoResponse{}},
		{"/cosmos.auth.v1beta1.Query/AccountInfo", &authtypes.QueryAccountInfoRequest{Address: apptest.NamedAccount("nobody").String()}, &authtypes.QueryAccountInfoResponse{}},
		{"/cosmos.staking.v1beta1.Query/Validators", &stakingtypes.QueryValidatorsRequest{Status: "BOND_STATUS_BONDED"}, &stakingtypes.QueryValidatorsResponse{}},
	}
}

// What a State answers is what an honest node answers, found and absent, in lists and in quotes.
func TestAnswers(t *testing.T) {
	n := rpcnode.NewCollection(t)
	node := n.Node(t, "honest")
	state, height, err := newChain(t, n, node).At(t.Context())
	require.NoError(t, err)
	proofs := func() int64 { return state.(*proved.State).Asked() }
	t.Logf("%d proofs that the modules are known", proofs())
	for _, q := range questions(t) {
		want, before := proto.Clone(q.res), proofs()
		failed := node.Conn().Invoke(t.Context(), q.method, q.req, want)
		var header metadata.MD
		err := state.Invoke(t.Context(), q.method, q.req, q.res, grpc.Header(&header))
		if failed != nil {
			require.Error(t, err, q.method)
			require.Contains(t, tx.Plain(failed), tx.Plain(err), q.method)
			continue
		}
		require.NoError(t, err, q.method)
		require.Equal(t, want.String(), q.res.String(), q.method)
		require.Len(t, header.Get(grpctypes.GRPCBlockHeightHeader), 1)
		t.Logf("%s: %d proofs", q.method, proofs()-before)
	}
	require.Positive(t, height)
	t.Logf("%d proofs for %d questions", proofs(), len(questions(t)))

	err = state.Invoke(t.Context(), "/cosmos.tx.v1beta1.Service/GetTx", &txtypes.GetTxRequest{}, &txtypes.GetTxResponse{})
	require.Equal(t, codes.Unimplemented, status.Code(err), "no state of a module")
}

// lies are what a node may do to what it proves.
func lies(n *rpcnode.Network, t *testing.T) map[string]rpcnode.Lie {
	store := func(change func(*abci.ResponseQuery)) rpcnode.Lie {
		return func(_ string, answer any) error {
			if r, ok := answer.(*abci.ResponseQuery); ok {
				change(r)
			}
			return nil
		}
	}
	var first []byte
	return map[string]rpcnode.Lie{
		"no answers":    func(string, any) error { return errors.New("no") },
		"no proofs":     store(func(r *abci.ResponseQuery) { r.ProofOps = nil }),
		"refused":       store(func(r *abci.ResponseQuery) { r.Code, r.Log = 5, "not found" }),
		"a bit of each": store(func(r *abci.ResponseQuery) { d := r.ProofOps.Ops[0].Data; d[len(d)/2] ^= 1 }),
		"the first proof for all": store(func(r *abci.ResponseQuery) {
			if first == nil {
				first = r.ProofOps.Ops[0].Data
			}
			r.ProofOps.Ops[0].Data = first
		}),
		"another app hash": func(_ string, answer any) error {
			if r, ok := answer.(*coretypes.ResultCommit); ok {
				r.AppHash = make([]byte, 32)
			}
			return nil
		},
		"an old header": func(_ string, answer any) error {
			if r, ok := answer.(*coretypes.ResultCommit); ok {
				r.Header.Time = r.Header.Time.Add(-1 << 40)
			}
			return nil
		},
	}
}

// TestAttackLyingNode: whatever a node makes of headers and proofs, a question is answered truly or not at all; with a witness it is
// answered.
func TestAttackLyingNode(t *testing.T) {
	n := rpcnode.NewCollection(t)
	honest := n.Node(t, "honest")
	state, _, err := newChain(t, n, honest).At(t.Context())
	require.NoError(t, err)
	ask := func(ctx context.Context, conn grpc.ClientConnInterface) (string, error) {
		moments, err := programs.ByName("moments")
		require.NoError(t, err)
		res, err := computetypes.NewQueryClient(conn).QuoteJob(ctx, &computetypes.QueryQuoteJobRequest{
			PoolId: 1, ProgramId: moments.Hash, Columns: 1, Length: 3, PricePerMop: "500000", Seats: 2, Rounds: 1, MinCohort: 3,
		})
		if err != nil {
			return "", err
		}
		return res.Total.String(), nil
	}
	want, err := ask(t.Context(), state)
	require.NoError(t, err)
	for name, lie := range lies(n, t) {
		t.Run(name, func(t *testing.T) {
			liar := n.Node(t, "liar")
			alone := newChain(t, n, liar)
			both := newChain(t, n, liar, honest)
			liar.Alter(lie)
			state, _, err := alone.At(t.Context())
			if err == nil {
				_, err = ask(t.Context(), state)
			}
			require.Error(t, err)
			require.False(t, status.Code(err) == codes.NotFound, "a node's word: %s", err)
			state, _, err = both.At(t.Context())
			require.NoError(t, err)
			got, err := ask(t.Context(), state)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

// A chain with another version of a module is not read.
func TestAnotherVersion(t *testing.T) {
	n := rpcnode.NewCollection(t)
	node := n.Node(t, "honest")
	cfg := proved.Config{ChainID: apptest.ChainID, Root: n.Root(), Rules: light.DefaultRules, Node: node.Conn(), Folder: t.TempDir()}
	n.Do(func(c *apptest.Chain) {
		versions := c.App.ModuleManager.GetVersionMap()
		versions[computetypes.ModuleName]++
		cfg.Application = proved.Application{
			Router: c.App.GRPCQueryRouter(), Codec: c.App.AppCodec().(codec.GRPCCodecProvider).GRPCCodec(), Versions: versions,
		}
	})
	chain, err := proved.New(cfg)
	require.NoError(t, err)
	_, _, err = chain.At(t.Context())
	require.ErrorIs(t, err, proved.ErrLayout)
	require.ErrorContains(t, err, "version of the module compute: expected")
}
