package privacy_test

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	apptest "github.com/alita-network/alita/testutil/app"
	computekeeper "github.com/alita-network/alita/x/compute/keeper"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const (
	whole     = 1_000_000
	endowment = 100_000 * whole
	poolID    = 1
	seats     = 3
	// perBlock is how many messages of a kind are in a block.
	perBlock = 40
)

var (
	maker = apptest.NamedAccount("maker")
	// adversary pays for the questions, wrote the programs, and knows the keys of all seats but one.
	adversary = apptest.NamedAccount("adversary")
)

// keys are HPKE keys by their names: making one takes half a millisecond.
var keys sync.Map

// keyOf is the HPKE key of a name.
func keyOf(t testing.TB, name string) seal.PrivateKey {
	t.Helper()
	if key, ok := keys.Load(name); ok {
		return key.(seal.PrivateKey)
	}
	seed := sha256.Sum256([]byte("alita privacy key " + name))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	keys.Store(name, key)
	return key
}

func salt(n uint64) []byte { return append(make([]byte, 8), label.Uint64(n)...) }

// exchange is the real application with a pool and three seats, block by block.
type exchange struct {
	*apptest.Chain
	t testing.TB
	// seats are the accounts of the seats by their addresses.
	seats map[string]apptest.Account
	jobs  uint64
	// windows are the heights at which windows for contributions began, by job.
	windows map[string]int64
	// queue are the transactions of the next block.
	queue [][]byte
	// after is called after each block.
	after func()
}

// newExchange starts a chain in which accounts have coins.
func newExchange(t testing.TB, accounts ...string) *exchange {
	t.Helper()
	operators := []apptest.Account{apptest.NamedAccount(apptest.ValidatorName)}
	accounts = append(accounts, maker.Name, adversary.Name, apptest.ValidatorName)
	for i := range seats - 1 {
		operators = append(operators, apptest.NamedAccount(fmt.Sprint("operator ", i)))
		accounts = append(accounts, operators[i+1].Name)
	}
	x := &exchange{
		t: t, Chain: apptest.New(t, apptest.WithFunded(endowment, accounts...), apptest.WithoutInvariants()), seats: map[string]apptest.Account{},
		windows: map[string]int64{}, after: func() {},
	}
	for i, o := range operators {
		if i > 0 {
			msg, err := stakingtypes.NewMsgCreateValidator(sdk.ValAddress(o.Address()).String(),
				ed25519.GenPrivKeyFromSecret([]byte(o.Name)).PubKey(), coin(1_000*whole), stakingtypes.Description{Moniker: o.Name},
				stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(1, 1), math.LegacyNewDecWithPrec(2, 1), math.LegacyNewDecWithPrec(1, 2)), math.OneInt())
			require.NoError(t, err)
			x.Must(o, msg)
		}
	}
	x.NextBlock()
	for _, o := range operators {
		x.seats[o.String()] = o
		x.Must(o, &computetypes.MsgRegisterSeat{Operator: o.String(), Account: o.String(), Bond: coin(1_000 * whole), Fee: math.NewInt(10)})
	}
	x.Must(maker, &datapooltypes.MsgCreatePool{
		Maker: maker.String(), Symbol: "SECRET", Name: "Secrets", Description: "Rows of which each owner has a secret one.",
		LiquidityAlita: coin(10_000 * whole), LiquidityData: math.NewInt(100_000 * whole), RewardBudget: math.NewInt(1_000 * whole),
		RewardPolicy: datapooltypes.RewardPerRecord(math.NewInt(whole)), MakerAllotment: math.NewInt(500 * whole), VestingSeconds: 1_000, LockSeconds: 2_000,
		Fees: datapooltypes.FeePolicy{SwapFeePpm: 3_000, MakerPpm: 200_000, RewardsPpm: 100_000},
		Requirements: datapooltypes.Requirements{
			Text: "One row per reading.", Columns: []datapooltypes.RequiredColumn{{Name: "x", Type: datapooltypes.COLUMN_TYPE_DECIMAL}}, MinRows: 1,
		},
	})
	x.Must(adversary, &datapooltypes.MsgSwapExactIn{
		Sender: adversary.String(), PoolId: poolID, TokenIn: coin(20_000 * whole), MinOut: math.OneInt(), Deadline: x.Time().Add(time.Minute),
	})
	return x
}

func coin(amount int64) sdk.Coin { return sdk.NewInt64Coin(app.BaseDenom, amount) }

// each delivers a message for each of n, in as few blocks as there is room for.
func (x *exchange) each(n int, msg func(i int) (apptest.Account, sdk.Msg)) {
	x.t.Helper()
	for from := 0; from < n; from += perBlock {
		for i := from; i < min(from+perBlock, n); i++ {
			signer, m := msg(i)
			x.queue = append(x.queue, x.Sign(signer, m))
		}
		x.block()
	}
}

// block commits the queue, all of which has to succeed.
func (x *exchange) block() []uint64 {
	x.t.Helper()
	var gas []uint64
	res := x.NextBlock(x.queue...)
	x.queue = nil
	for _, r := range res.TxResults {
		require.Zero(x.t, r.Code, r.Log)
		gas = append(gas, uint64(r.GasUsed))
	}
	x.after()
	return gas
}

// dataset describes a file of columns.
func dataset(name string, columns []string, size uint64, sum []byte) metadatatypes.Dataset {
	d := metadatatypes.Dataset{
		Names:        []metadatatypes.LocalizedText{{Language: "en", Text: "Rows of " + name}},
		Descriptions: []metadatatypes.LocalizedText{{Language: "en", Text: "Rows of an owner, of which one is a secret that somebody would pay for."}},
		License:      "CC0-1.0",
		Files:        []metadatatypes.File{{Name: "rows.csv", EncodingFormat: "text/csv", ContentSize: size, Sha256: sum}},
	}
	for _, c := range columns {
		d.Columns = append(d.Columns, metadatatypes.Column{Name: c, Type: datapooltypes.COLUMN_TYPE_DECIMAL})
	}
	return d
}

func admit(record, version string) *metadatatypes.MsgAdmitVersion {
	return &metadatatypes.MsgAdmitVersion{Maker: maker.String(), RecordId: record, Version: version}
}

// spec is a question of the adversary's.
func (x *exchange) spec(program string, columns []string, length uint32, input []byte, secure computetypes.SecureSum) computetypes.JobSpec {
	secure.Seats, secure.MaxSeatFee, secure.Rounds = seats, math.NewInt(10), 1
	secure.SeatBlocks, secure.VerifyBlocks, secure.OpenBlocks = 30, 30, 30
	return computetypes.JobSpec{
		PoolId: poolID, ProgramId: program, Columns: columns, Length: length, Input: input, Purpose: "research", MinCohort: 2, MaxCohort: 1_000,
		PricePerMop: math.NewInt(whole / 100), MaxDataPerAlita: math.NewIntWithDecimal(1, 40), Budget: computetypes.NewFunds(100*whole, 1_000*whole), ContributeBlocks: 45,
		ReaderKey: keyOf(x.t, adversary.Name).Public().Bytes(), Delivery: computetypes.DELIVERY_SECURE_SUM, Secure: &secure,
	}
}

// ask opens a job; the error is the chain's refusal.
func (x *exchange) ask(spec computetypes.JobSpec) (id string, err error) {
	x.jobs++
	res := x.Deliver(adversary, &computetypes.MsgOpenJob{Consumer: adversary.String(), Salt: salt(x.jobs), Spec: spec})
	x.after()
	if res.Code != 0 {
		return "", fmt.Errorf("%s %d: %s", res.Codespace, res.Code, res.Log)
	}
	return computetypes.JobID(adversary.Address(), salt(x.jobs)), nil
}

// seated has the seats of jobs drawn and taken, which begins the windows for contributions.
func (x *exchange) seated(ids ...string) {
	x.t.Helper()
	x.block()
	x.block()
	for _, id := range ids {
		for _, s := range x.job(id).Seats {
			x.queue = append(x.queue, x.Sign(x.seats[s.Account], &computetypes.MsgTakeSeat{Account: s.Account, JobId: id, Key: x.seatKey(id, s).Public().Bytes()}))
		}
	}
	x.block()
	for _, id := range ids {
		require.Equal(x.t, computetypes.JOB_STATUS_CONTRIBUTING, x.job(id).Status)
		x.windows[id] = x.Height()
		x.addNoise(id)
	}
}

func (x *exchange) seatKey(id string, s computetypes.JobSeat) seal.PrivateKey {
	return keyOf(x.t, id+s.Operator)
}

func (x *exchange) job(id string) computetypes.Job {
	x.t.Helper()
	job, err := x.App.ComputeKeeper.Job(x.Ctx(), id)
	require.NoError(x.t, err)
	return job
}

func (x *exchange) protocol(job computetypes.Job) securesum.Protocol {
	x.t.Helper()
	program, err := x.App.ComputeKeeper.Program(x.Ctx(), job.Spec.ProgramId)
	require.NoError(x.t, err)
	p, err := computetypes.ProtocolOf(apptest.ChainID, job, program)
	require.NoError(x.t, err)
	return p
}

func (x *exchange) queries() computetypes.QueryServer {
	return computekeeper.NewQueryServer(x.App.ComputeKeeper)
}
