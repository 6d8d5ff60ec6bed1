package cmd_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	abci "github.com/cometbft/cometbft/abci/types"
	coretypes "github.com/cometbft/cometbft/rpc/core/types"
	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	nodeservice "github.com/cosmos/cosmos-sdk/client/grpc/node"
	"github.com/cosmos/cosmos-sdk/crypto/keyring"
	svrcmd "github.com/cosmos/cosmos-sdk/server/cmd"
	sdk "github.com/cosmos/cosmos-sdk/types"
	txtypes "github.com/cosmos/cosmos-sdk/types/tx"
	authtypes "github.com/cosmos/cosmos-sdk/x/auth/types"
	banktypes "github.com/cosmos/cosmos-sdk/x/bank/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd"
	"github.com/alita-network/alita/crypto/seal"
	apptest "github.com/alita-network/alita/testutil/app"
	"github.com/alita-network/alita/testutil/rpcnode"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

// maxFee is what a command may pay for a transaction unless its user says more.
const maxFee = 1_000_000

// user is somebody's home, with a trust root of the network and no other memory.
type user struct {
	account apptest.Account
	home    string
}

func newUser(t *testing.T, account apptest.Account) user {
	t.Helper()
	u := user{account, t.TempDir()}
	keys, err := keyring.New(sdk.KeyringServiceName(), keyring.BackendTest, u.home, nil, tx.Codec())
	require.NoError(t, err)
	require.NoError(t, keys.ImportPrivKeyHex(account.Name, hex.EncodeToString(account.Key.Bytes()), "secp256k1"))
	return u
}

// run runs a command that asks a node, and a witness if there is one.
func (u user) run(t *testing.T, n *rpcnode.Network, node, witness *rpcnode.Node, args ...string) (string, error) {
	t.Helper()
	root, err := cmd.NewRootCmd()
	require.NoError(t, err)
	args = append(args, "--node", node.Address, "--home", u.home)
	if !slices.Contains(args, "--chain-id") {
		args = append(args, "--chain-id", apptest.ChainID)
	}
	command, _, err := root.Find(args)
	require.NoError(t, err)
	if command.Flags().Lookup("from") != nil {
		args = append(args, "--from", u.account.Name, "--keyring-backend", "test", "--yes")
	}
	if command.Flags().Lookup("trust") != nil && !slices.Contains(args, "--trust") {
		args = append(args, "--trust", n.Root().String())
		if witness != nil {
			args = append(args, "--witness", witness.Address)
		}
	}
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err = svrcmd.Execute(root, app.EnvPrefix, u.home)
	return out.String(), err
}

// keys are the files with readers' keys of jobs.
func (u user) keys(t *testing.T) (jobs []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(u.home, "compute", "*.json*"))
	require.NoError(t, err)
	for _, f := range files {
		jobs = append(jobs, strings.SplitN(filepath.Base(f), ".", 2)[0])
	}
	return jobs
}

// paying is a command that pays, seals or deletes.
type paying struct {
	name string
	who  apptest.Account
	args func(t *testing.T) []string
	// bounded checks a message that was signed.
	bounded func(t *testing.T, n *rpcnode.Network, msg sdk.Msg)
	// says is part of the error that the command has if all goes well.
	says string
	// meets are words in the names of the lies that it always meets.
	meets []string
}

// question is what compute run asks; nobody answers it, so the job fails.
var question = words("compute run --program moments --pool 1 --columns speed --decimals 1 --price 0.5ALITA")

func words(text string) []string { return strings.Fields(text) }

// jobWithin checks what a job puts into escrow.
func jobWithin(t *testing.T, n *rpcnode.Network, msg sdk.Msg) {
	open := msg.(*computetypes.MsgOpenJob)
	n.Do(func(c *apptest.Chain) {
		cost, err := computetypes.NewQueryClient(c.Conn()).QuoteJob(t.Context(), &computetypes.QueryQuoteJobRequest{
			PoolId: 1, ProgramId: open.Spec.ProgramId, Columns: 1, Length: open.Spec.Length, PricePerMop: "500000",
		})
		require.NoError(t, err)
		const seats = 2 * 3 * 13 // two seats, three contributions, what the dearest asks
		require.True(t, open.Spec.Budget.Alita.LTE(cost.Total.Alita.AddRaw(seats)), "%s of %s", open.Spec.Budget.Alita, cost.Total.Alita)
		require.True(t, open.Spec.Budget.Data.LTE(cost.Total.Data.MulRaw(12).QuoRaw(10)), "%s of %s", open.Spec.Budget.Data, cost.Total.Data)
	})
	if secure := open.Spec.Secure; secure != nil {
		require.True(t, secure.MaxSeatFee.LTE(math.NewInt(13)))
	}
	require.EqualValues(t, 3, open.Spec.MaxCohort)
}

const document = `{"@context":"https://schema.org/","@type":"Dataset","name":"Readings of light",
"description":"Readings of the speed of light in air, taken with a rotating mirror.","license":"CC0-1.0","version":"1.0.0",
"creator":{"@type":"Person","name":"Albert A. Michelson"}}`

// registration writes a document and a file with rows.
func registration(t *testing.T) (doc, file string) {
	dir := t.TempDir()
	doc, file = filepath.Join(dir, "record.jsonld"), filepath.Join(dir, "rows.csv")
	require.NoError(t, os.WriteFile(doc, []byte(document), 0o600))
	rows := "speed\n"
	for i := range 20 {
		rows += fmt.Sprintf("%d.5\n", 299_700+i)
	}
	require.NoError(t, os.WriteFile(file, []byte(rows), 0o600))
	return doc, file
}

// quoted is what the true state says of a trade.
func quoted[R any](t *testing.T, n *rpcnode.Network, ask func(q datapooltypes.QueryClient) (R, error)) (res R) {
	t.Helper()
	n.Do(func(c *apptest.Chain) {
		var err error
		res, err = ask(datapooltypes.NewQueryClient(c.Conn()))
		require.NoError(t, err)
	})
	return res
}

func fixed(args ...string) func(*testing.T) []string {
	return func(*testing.T) []string { return args }
}

// sealedToTheWorker opens a location with the key of the owner's worker, which must be its only reader.
func sealedToTheWorker(t *testing.T, owner apptest.Account, record string, content metadatatypes.VersionContent) {
	t.Helper()
	sealed := content.Location.Sealed()
	require.Len(t, sealed.Stanzas, 1)
	_, err := seal.Open(seal.RecordLabel(apptest.ChainID, record, owner.Address()), sealed, rpcnode.KeyOf(t, rpcnode.WorkerOf(owner)))
	require.NoError(t, err)
}

// commands are those that pay, seal or delete by what they learn from the chain. The others pay what their user says, and fees.
func commands() []paying {
	owner := rpcnode.Owners[0]
	updates := 0
	slack := func(v math.Int) math.Int { return v.MulRaw(994).QuoRaw(1000) } // tolerance, and the blocks between
	return []paying{
		{
			"compute run", rpcnode.Consumer, fixed(append(slices.Clone(question), "--direct")...), jobWithin, "failed", words("rows end refused balance"),
		},
		{
			"compute run over seats", rpcnode.Consumer, fixed(append(slices.Clone(question), "--noise", "--offset", "299000", "--bits", "12", "--seats", "2")...), jobWithin, "failed", words("fees rows"),
		},
		{
			"register", owner, func(t *testing.T) []string {
				doc, file := registration(t)
				return []string{"tx", "metadata", "register", doc, "--pool", "1", "--file", file}
			},
			func(t *testing.T, _ *rpcnode.Network, msg sdk.Msg) {
				m := msg.(*metadatatypes.MsgRegisterRecord)
				sealedToTheWorker(t, owner, metadatatypes.RecordID(owner.Address(), m.Salt), m.Content)
			}, "", words("key"),
		},
		{
			"swap", rpcnode.Consumer, fixed("tx", "datapool", "swap", rpcnode.Symbol, "1ALITA"),
			func(t *testing.T, n *rpcnode.Network, msg sdk.Msg) {
				m := msg.(*datapooltypes.MsgSwapExactIn)
				res := quoted(t, n, func(q datapooltypes.QueryClient) (*datapooltypes.QueryQuoteSwapExactInResponse, error) {
					return q.QuoteSwapExactIn(t.Context(), &datapooltypes.QueryQuoteSwapExactInRequest{PoolId: 1, TokenIn: m.TokenIn.String()})
				})
				require.EqualValues(t, 1, m.PoolId)
				require.Equal(t, "1000000ualita", m.TokenIn.String())
				require.True(t, m.MinOut.GTE(slack(res.TokenOut.Amount)), "at least %s of %s", m.MinOut, res.TokenOut)
			}, "",
			[]string{"sale", "pool", "gas"},
		},
		{
			"swap, exact out", rpcnode.Consumer, fixed("tx", "datapool", "swap", rpcnode.Symbol, "1"+rpcnode.Symbol, "--exact-out"),
			func(t *testing.T, _ *rpcnode.Network, msg sdk.Msg) {
				m := msg.(*datapooltypes.MsgSwapExactOut)
				require.True(t, m.MaxIn.LT(math.NewInt(150_000)), "%s for a token of 0.12 ALITA", m.MaxIn)
			}, "",
			[]string{"purchase", "pool"},
		},
		{
			"liquidity add", rpcnode.Consumer, fixed("tx", "datapool", "liquidity", "add", rpcnode.Symbol, "1ALITA"),
			func(t *testing.T, _ *rpcnode.Network, msg sdk.Msg) {
				m := msg.(*datapooltypes.MsgAddLiquidity)
				require.True(t, m.MaxAlita.LTE(math.NewInt(1_000_000)))
				require.True(t, m.MaxData.LT(math.NewInt(11_000_000)), "%s with one ALITA", m.MaxData)
				require.True(t, m.MinShares.GT(math.NewInt(1_000_000)), m.MinShares.String())
			}, "",
			[]string{"liquidity", "pool"},
		},
		{
			"liquidity remove", rpcnode.Consumer, fixed("tx", "datapool", "liquidity", "remove", rpcnode.Symbol, "0.1%"),
			func(t *testing.T, n *rpcnode.Network, msg sdk.Msg) {
				m := msg.(*datapooltypes.MsgRemoveLiquidity)
				var held math.Int
				n.Do(func(c *apptest.Chain) { held = c.Balance(rpcnode.Consumer.Address(), datapooltypes.ShareDenom(1)) })
				require.True(t, m.Shares.LTE(held.QuoRaw(900)), "%s of %s", m.Shares, held)
				require.True(t, m.MinAlita.GT(math.OneInt()))
			}, "",
			[]string{"shares", "balance"},
		},
		{
			"update-pool", rpcnode.Maker, func(t *testing.T) []string {
				file := filepath.Join(t.TempDir(), "update.json")
				updates++
				require.NoError(t, os.WriteFile(file, []byte(fmt.Sprintf(`{"description": "Readings of an apparatus, number %d."}`, updates)), 0o600))
				return []string{"tx", "datapool", "update-pool", rpcnode.Symbol, file}
			},
			func(t *testing.T, _ *rpcnode.Network, msg sdk.Msg) {
				m := msg.(*datapooltypes.MsgUpdatePool)
				require.Equal(t, datapooltypes.RewardPerRecord(math.NewInt(10*rpcnode.Whole)), m.RewardPolicy)
			}, "",
			[]string{"pool"},
		},
		{
			// The price is the user's, and the gas the node's word.
			"a generated command", rpcnode.Owners[1], fixed("tx", "bank", "send", rpcnode.Owners[1].String(), rpcnode.Maker.String(), "5ualita", "--gas", "auto", "--gas-prices", rpcnode.GasPrice),
			func(t *testing.T, _ *rpcnode.Network, msg sdk.Msg) {
				require.Equal(t, "5ualita", msg.(*banktypes.MsgSend).Amount.String())
			}, "",
			[]string{"gas", "coin"},
		},
	}
}

// answers is a lie about one kind of answer.
func answers[A any](change func(A)) rpcnode.Lie {
	return func(_ string, answer any) error {
		if a, ok := answer.(A); ok {
			change(a)
		}
		return nil
	}
}

// nodesLies are what a node may make of its answers.
func nodesLies() map[string]rpcnode.Lie {
	unanswered := func(methods ...string) rpcnode.Lie {
		return func(method string, _ any) error {
			for _, m := range methods {
				if m == method {
					return errors.New("internal error")
				}
			}
			return nil
		}
	}
	const huge = 1 << 40
	big := math.NewInt(huge)
	return map[string]rpcnode.Lie{
		"the price of gas": answers(func(r *nodeservice.ConfigResponse) { r.MinimumGasPrice = "500000ualita" }),
		"another coin":     answers(func(r *nodeservice.ConfigResponse) { r.MinimumGasPrice = "1data/1" }),
		"no price":         answers(func(r *nodeservice.ConfigResponse) { r.MinimumGasPrice = "" }),
		"much gas":         answers(func(r *txtypes.SimulateResponse) { r.GasInfo.GasUsed = huge }),
		"little gas":       answers(func(r *txtypes.SimulateResponse) { r.GasInfo.GasUsed = 1 }),
		"no simulation":    unanswered("Simulate"),
		"a late sequence":  answers(func(r *authtypes.QueryAccountInfoResponse) { r.Info.Sequence += 7 }),
		"an old sequence":  answers(func(r *authtypes.QueryAccountInfoResponse) { r.Info.Sequence = 0 }),
		"another account":  answers(func(r *authtypes.QueryAccountInfoResponse) { r.Info.AccountNumber += 3 }),
		"taken and refused": answers(func(r *coretypes.ResultBroadcastTx) {
			r.Code, r.Codespace, r.Log = 20, "sdk", "mempool is full"
		}),
		"failed in its block": answers(func(r *txtypes.GetTxResponse) {
			r.TxResponse.Code, r.TxResponse.Codespace, r.TxResponse.RawLog = 5, "sdk", "insufficient funds"
		}),
		"a far block":    answers(func(r *txtypes.GetTxResponse) { r.TxResponse.Height = huge }),
		"an early block": answers(func(r *txtypes.GetTxResponse) { r.TxResponse.Height = 1 }),
		"rows of records": answers(func(r *computetypes.QueryQuoteJobResponse) {
			r.Rows, r.FeeAlita, r.FeeData, r.Records = huge, big, big, 900
		}),
		"fees of seats": answers(func(r *computetypes.QueryQuoteJobResponse) { r.SpareSeatFee, r.SeatFee = big, big }),
		"the key of a worker": answers(func(r *metadatatypes.QueryWorkersByOwnerResponse) {
			for i := range r.Workers {
				r.Workers[i].PublicKey = liarsKey()
			}
		}),
		"the pool": answers(func(r *datapooltypes.QueryPoolByDenomResponse) {
			r.Pool.Id, r.Pool.Reserves.Data, r.Pool.RewardPolicy.PerRecord, r.Pool.DataDenom = 2, math.OneInt(), big, "data/2"
		}),
		"the price of a sale":     answers(func(r *datapooltypes.QueryQuoteSwapExactInResponse) { r.TokenOut.Amount = math.OneInt() }),
		"the price of a purchase": answers(func(r *datapooltypes.QueryQuoteSwapExactOutResponse) { r.TokenIn.Amount = big }),
		"what liquidity takes": answers(func(r *datapooltypes.QueryQuoteAddLiquidityResponse) {
			r.Used.Data, r.Shares.Amount = big, math.OneInt()
		}),
		"what shares are worth": answers(func(r *datapooltypes.QueryQuoteRemoveLiquidityResponse) {
			r.Paid.Alita, r.Paid.Data = math.OneInt(), math.OneInt()
		}),
		"a balance": answers(func(r *banktypes.QueryBalanceResponse) { r.Balance.Amount = big }),
		"the end of the job": answers(func(r *computetypes.QueryJobResponse) {
			r.Job.Status, r.Job.Failure = computetypes.JOB_STATUS_FAILED, computetypes.FAILURE_REASON_UNSPECIFIED
		}),
		"no proofs":        answers(func(r *abci.ResponseQuery) { r.ProofOps = nil }),
		"altered proofs":   answers(func(r *abci.ResponseQuery) { d := r.ProofOps.Ops[0].Data; d[len(d)-40] ^= 1 }),
		"altered headers":  answers(func(r *coretypes.ResultCommit) { r.AppHash = bytes.Repeat([]byte{7}, 32) }),
		"no headers":       unanswered("commit"),
		"no validators":    unanswered("validators"),
		"proofs of others": answers(otherProof()),
	}
}

// otherProof answers every question with the proof of the first one.
func otherProof() func(*abci.ResponseQuery) {
	var first []byte
	return func(r *abci.ResponseQuery) {
		if first == nil {
			first = r.ProofOps.Ops[0].Data
		}
		r.ProofOps.Ops[0].Data = first
	}
}

func liarsKey() []byte {
	key, err := seal.ParsePrivateKey(bytes.Repeat([]byte{9}, 32))
	if err != nil {
		panic(err)
	}
	public := key.Public()
	return public.Bytes()
}

// requireBounded checks every transaction that has left the machine.
func requireBounded(t *testing.T, n *rpcnode.Network, c paying, sent [][]byte) {
	t.Helper()
	for _, bz := range sent {
		decoded, err := tx.TxConfig().TxDecoder()(bz)
		require.NoError(t, err)
		fee := decoded.(sdk.FeeTx).GetFee()
		require.True(t, fee.AmountOf("ualita").LTE(math.NewInt(maxFee)) && len(fee) <= 1, "fee %s", fee)
		for _, msg := range decoded.GetMsgs() {
			c.bounded(t, n, msg)
		}
	}
}

// requireKeys checks that no key of a job that is open is lost.
func requireKeys(t *testing.T, n *rpcnode.Network, u user, sent [][]byte) {
	t.Helper()
	kept := u.keys(t)
	for _, bz := range sent {
		decoded, err := tx.TxConfig().TxDecoder()(bz)
		require.NoError(t, err)
		open, ok := decoded.GetMsgs()[0].(*computetypes.MsgOpenJob)
		if !ok {
			continue
		}
		id := computetypes.JobID(u.account.Address(), open.Salt)
		over := false
		n.Do(func(c *apptest.Chain) {
			job, err := c.App.ComputeKeeper.Job(c.Ctx(), id)
			over = err == nil && !job.Open()
		})
		if !over {
			require.Contains(t, kept, id, "the key of a job that may be open")
		}
	}
}

// TestAttackLyingNodeOfACommand: whatever the node of a command answers, no transaction is signed that costs more than the truth and
// the fee's bound, no location is sealed to a key that is not the worker's, and no key is deleted whose job may be open.
func TestAttackLyingNodeOfACommand(t *testing.T) {
	play(t, false)
}

// TestAttackLyingNodeWithAWitness: with an honest node as a witness, each command does what it is asked to.
func TestAttackLyingNodeWithAWitness(t *testing.T) {
	play(t, true)
}

// met reports whether a command meets a lie in any case. The others are played in turns, and all of them with ALITA_LIES=full.
func (c paying) met(lie string) bool {
	return slices.ContainsFunc(c.meets, func(word string) bool { return strings.Contains(lie, word) })
}

// network is a chain with a node that may lie and, if there is to be one, an honest one.
func network(t *testing.T, withWitness bool) (n *rpcnode.Network, liar, witness *rpcnode.Node) {
	n = rpcnode.NewCollection(t)
	n.Pace = 40
	if withWitness {
		witness = n.Node(t, "honest")
	}
	return n, n.Node(t, "liar"), witness
}

func play(t *testing.T, withWitness bool) {
	computetypes.RegisterInterfaces(tx.Codec().InterfaceRegistry())
	datapooltypes.RegisterInterfaces(tx.Codec().InterfaceRegistry())
	metadatatypes.RegisterInterfaces(tx.Codec().InterfaceRegistry())
	banktypes.RegisterInterfaces(tx.Codec().InterfaceRegistry())
	for i, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			n, liar, witness := network(t, withWitness)
			done := func(t *testing.T, u user, out string, err error) {
				t.Helper()
				if c.says != "" {
					require.ErrorContains(t, err, c.says, out)
					require.Empty(t, u.keys(t), "the chain has proved that the job is over")
					return
				}
				require.NoError(t, err, out)
			}
			u := newUser(t, c.who)
			out, err := u.run(t, n, liar, witness, c.args(t)...)
			done(t, u, out, err)
			sent := n.Sent()
			require.NotEmpty(t, sent, "the truth")
			requireBounded(t, n, c, sent)
			lies := nodesLies()
			for k, name := range slices.Sorted(maps.Keys(lies)) {
				if !c.met(name) && os.Getenv("ALITA_LIES") != "full" && (i+k)%6 != 0 {
					continue
				}
				lie := lies[name]
				t.Run(name, func(t *testing.T) {
					n, liar, witness := n, liar, witness
					if c.name == "compute run over seats" { // which lose their bonds with each job
						n, liar, witness = network(t, withWitness)
					}
					u := newUser(t, c.who)
					liar.Alter(lie)
					out, err := u.run(t, n, liar, witness, c.args(t)...)
					liar.Alter(nil)
					sent := n.Sent()
					requireBounded(t, n, c, sent)
					requireKeys(t, n, u, sent)
					if withWitness && c.name != "a generated command" {
						done(t, u, out, err)
					}
				})
			}
		})
	}
}

// TestAttackNodeNamesTheChain: a node that could name the chain would name one whose validators are its own, and be believed there. The
// user names it, in a form that is also the name of a folder.
func TestAttackNodeNamesTheChain(t *testing.T) {
	n, liar, _ := network(t, false)
	liar.Alter(answers(func(r *cmtservice.GetNodeInfoResponse) { r.DefaultNodeInfo.Network = "../evil\ntrust: node" }))
	doc, file := registration(t)
	register := []string{"tx", "metadata", "register", doc, "--pool", "1", "--file", file}
	swap := words("tx datapool swap " + rpcnode.Symbol + " 1ALITA")
	for _, id := range []string{"", "..", ".", "a/b", "a b", strings.Repeat("a", 51)} {
		for _, args := range [][]string{register, swap, words("trust node --write"), append(slices.Clone(question), "--direct")} {
			u := newUser(t, rpcnode.Owners[0])
			for _, trust := range [][]string{nil, {"--trust", ""}} {
				if trust != nil && args[0] == "trust" {
					continue
				}
				_, err := u.run(t, n, liar, nil, slices.Concat(args, []string{"--chain-id", id}, trust)...)
				require.ErrorContains(t, err, "chain", "%q %v", id, args)
				require.NoDirExists(t, filepath.Join(u.home, "trust"))
				require.NoDirExists(t, filepath.Join(u.home, "evil"))
			}
		}
	}
	// Only a node that is believed may name the chain, and it must be a name.
	u := newUser(t, rpcnode.Owners[0])
	_, err := u.run(t, n, liar, nil, slices.Concat(register, []string{"--chain-id", "", "--trust", "node"})...)
	require.ErrorContains(t, err, "--chain-id: expected the name of the chain")
	require.Empty(t, n.Sent())
	liar.Alter(nil)
	_, err = u.run(t, n, liar, nil, slices.Concat(register, []string{"--chain-id", "", "--trust", "node"})...)
	require.NoError(t, err)
	require.NotEmpty(t, n.Sent())
}

// The first command keeps a header, and says so; what it kept is what the next one believes.
func TestTrustAtTheFirstLook(t *testing.T) {
	n, node, _ := network(t, false)
	u := newUser(t, rpcnode.Consumer)
	file := filepath.Join(u.home, "trust", apptest.ChainID, "trust.yaml")
	quote := append(words("tx datapool swap "+rpcnode.Symbol+" 1ALITA --quote-only"), "--trust", "")
	out, err := u.run(t, n, node, nil, quote...)
	require.NoError(t, err, out)
	require.Contains(t, out, "from now on the chain is believed from it")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Regexp(t, `(?m)^trust: \{height: \d+, hash: "[0-9A-F]{64}"\}$`, string(kept))
	out, err = u.run(t, n, node, nil, quote...)
	require.NoError(t, err)
	require.NotContains(t, out, "trust:")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, kept, after)

	// A file that cannot be read is no trust at all, and says where it is.
	for _, damaged := range []string{"trust: [", "trust: {height: 0, hash: \"\"}\n", "witnesses: []\n"} {
		require.NoError(t, os.WriteFile(file, []byte(damaged), 0o600))
		_, err = u.run(t, n, node, nil, quote...)
		require.ErrorContains(t, err, "trust.yaml", damaged)
	}
	require.NoError(t, os.WriteFile(file, kept, 0o600))

	// Another header is found out, until the user says otherwise.
	node.Alter(nodesLies()["altered headers"])
	out, err = u.run(t, n, node, nil, quote...)
	require.ErrorContains(t, err, "set the trust by `alitad trust`", out)
	_, err = u.run(t, n, node, nil, words("trust node --write")...)
	require.NoError(t, err)
	out, err = u.run(t, n, node, nil, quote...)
	require.NoError(t, err, out)
	require.Contains(t, out, "trust: the node is believed, and nothing is proved")
}
