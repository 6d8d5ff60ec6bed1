package rpcnode

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/crypto/keys/ed25519"
	sdk "github.com/cosmos/cosmos-sdk/types"
	stakingtypes "github.com/cosmos/cosmos-sdk/x/staking/types"

	"github.com/alita-network/alita/app"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/programs"
	apptest "github.com/alita-network/alita/testutil/app"
	computetypes "github.com/alita-network/alita/x/compute/types"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	metadatatypes "github.com/alita-network/alita/x/metadata/types"
)

const (
	// Whole is one ALITA or one Data Token in its smallest unit.
	Whole = 1_000_000
	// Endowment is what every account starts with.
	Endowment = 100_000 * Whole
	// Symbol is the pool's, PoolID its number.
	Symbol = "LIGHT"
	PoolID = 1
	// OtherSymbol is the second pool's.
	OtherSymbol = "SOUND"
)

// Accounts of the collection.
var (
	Maker    = apptest.NamedAccount("maker")
	Consumer = apptest.NamedAccount("consumer")
	Owners   = []apptest.Account{apptest.NamedAccount("owner1"), apptest.NamedAccount("owner2"), apptest.NamedAccount("owner3")}
)

// WorkerOf is the account of an owner's worker.
func WorkerOf(owner apptest.Account) apptest.Account {
	return apptest.NamedAccount(owner.Name + ".worker")
}

// KeyOf is a worker's HPKE key.
func KeyOf(t testing.TB, worker apptest.Account) seal.PrivateKey {
	t.Helper()
	seed := sha256.Sum256([]byte("key of " + worker.Name))
	key, err := seal.ParsePrivateKey(seed[:])
	require.NoError(t, err)
	return key
}

// Record is the id of an owner's record.
func Record(owner apptest.Account) string {
	return metadatatypes.RecordID(owner.Address(), make([]byte, metadatatypes.SaltSize))
}

// NewCollection starts a chain of two pools with liquidity, four validators with seats, three owners with a worker and a record each in
// the first pool, the programs moments and moments_row, and a consumer with Data Tokens and shares.
func NewCollection(t testing.TB) *Network {
	t.Helper()
	names := []string{Maker.Name, Consumer.Name, apptest.ValidatorName}
	operators := []apptest.Account{apptest.NamedAccount(apptest.ValidatorName)}
	for i := range 3 {
		operators = append(operators, apptest.NamedAccount(fmt.Sprint("operator ", i)))
		names = append(names, operators[i+1].Name)
	}
	for _, o := range Owners {
		names = append(names, o.Name, WorkerOf(o).Name)
	}
	c := apptest.New(t, apptest.WithFunded(Endowment, names...), apptest.WithoutInvariants())
	for i, operator := range operators {
		if i > 0 {
			msg, err := stakingtypes.NewMsgCreateValidator(sdk.ValAddress(operator.Address()).String(), ed25519.GenPrivKeyFromSecret([]byte(operator.Name)).PubKey(),
				alita(int64(i)*1_000), stakingtypes.Description{Moniker: operator.Name},
				stakingtypes.NewCommissionRates(math.LegacyNewDecWithPrec(1, 1), math.LegacyNewDecWithPrec(2, 1), math.LegacyNewDecWithPrec(1, 2)), math.OneInt())
			require.NoError(t, err)
			c.Must(operator, msg)
		}
	}
	c.NextBlock()
	for i, operator := range operators {
		c.Must(operator, &computetypes.MsgRegisterSeat{Operator: operator.String(), Account: operator.String(), Bond: alita(1_000), Fee: math.NewInt(int64(10 + i))})
	}
	for _, symbol := range []string{Symbol, OtherSymbol} {
		c.Must(Maker, poolMsg(symbol))
	}
	p, err := programs.ByName("moments")
	require.NoError(t, err)
	for _, p := range []programs.Program{p, programs.MomentsRow()} {
		c.Must(Maker, &computetypes.MsgStoreProgram{
			Author: Maker.String(), Code: p.Code, Name: p.Name, Description: p.Description, Kind: computetypes.VECTOR_KIND_SUM, Bits: 63,
			Shape: computetypes.Shape{MinColumns: 1, MaxColumns: 64, LengthConstant: uint32(p.Shape.Pairs.Constant), LengthPerColumn: 3},
			Cost:  computetypes.CostModelOf(p.Cost),
		})
	}
	for i, owner := range Owners {
		c.Must(owner, &metadatatypes.MsgRegisterWorker{
			Owner: owner.String(), Worker: WorkerOf(owner).String(), Name: "laptop", PublicKey: KeyOf(t, WorkerOf(owner)).Public().Bytes(),
		})
		c.Must(owner, recordMsg(t, owner, uint64(40+i)))
		c.Must(Maker, &metadatatypes.MsgAdmitVersion{Maker: Maker.String(), RecordId: Record(owner), Version: "1.0.0"})
		c.Must(owner, &metadatatypes.MsgSetPrivacyBudget{Owner: owner.String(), RecordId: Record(owner), Budget: 10_000_000})
	}
	c.Must(Consumer, &datapooltypes.MsgSwapExactIn{
		Sender: Consumer.String(), PoolId: PoolID, TokenIn: alita(100), MinOut: math.OneInt(), Deadline: c.Time().Add(time.Minute),
	})
	c.Must(Consumer, &datapooltypes.MsgAddLiquidity{
		Sender: Consumer.String(), PoolId: PoolID, MaxAlita: math.NewInt(10 * Whole), MaxData: math.NewInt(100 * Whole), MinShares: math.OneInt(),
		Deadline: c.Time().Add(time.Minute),
	})
	return New(t, c)
}

func alita(amount int64) sdk.Coin { return sdk.NewInt64Coin(app.BaseDenom, amount*Whole) }

func poolMsg(symbol string) *datapooltypes.MsgCreatePool {
	return &datapooltypes.MsgCreatePool{
		Maker: Maker.String(), Symbol: symbol, Name: "Readings of " + symbol, Description: "Readings of an apparatus.",
		LiquidityAlita: alita(1_000), LiquidityData: math.NewInt(10_000 * Whole), RewardBudget: math.NewInt(1_000 * Whole),
		RewardPolicy: datapooltypes.RewardPerRecord(math.NewInt(10 * Whole)), MakerAllotment: math.NewInt(500 * Whole), VestingSeconds: 1_000, LockSeconds: 2_000,
		Fees: datapooltypes.FeePolicy{SwapFeePpm: 3_000, MakerPpm: 200_000, RewardsPpm: 100_000}, BlockGuard: true,
		Requirements: datapooltypes.Requirements{
			Text: "One row per reading.", Columns: []datapooltypes.RequiredColumn{{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL}}, MinRows: 1,
		},
	}
}

func recordMsg(t testing.TB, owner apptest.Account, rows uint64) *metadatatypes.MsgRegisterRecord {
	t.Helper()
	location, err := seal.Seal(seal.RecordLabel(apptest.ChainID, Record(owner), owner.Address()), []byte("{}"), []seal.PublicKey{KeyOf(t, WorkerOf(owner)).Public()})
	require.NoError(t, err)
	content := sha256.Sum256([]byte(owner.Name))
	return &metadatatypes.MsgRegisterRecord{
		Owner: owner.String(), Salt: make([]byte, metadatatypes.SaltSize), PoolId: PoolID,
		Content: metadatatypes.VersionContent{
			Version: "1.0.0",
			Dataset: metadatatypes.Dataset{
				Names:        []metadatatypes.LocalizedText{{Language: "en", Text: "Readings of " + owner.Name}},
				Descriptions: []metadatatypes.LocalizedText{{Language: "en", Text: "Readings of the speed of light in air, taken with a rotating mirror."}},
				License:      "CC0-1.0",
				Columns:      []metadatatypes.Column{{Name: "speed", Type: datapooltypes.COLUMN_TYPE_DECIMAL}},
				Files:        []metadatatypes.File{{Name: "readings.csv", EncodingFormat: "text/csv", ContentSize: 10 * rows, Sha256: content[:]}},
			},
			Commitment: metadatatypes.RowCommitment{Rows: rows, Root: content[:]},
			Location:   metadatatypes.NewSealedLocation(location),
		},
	}
}
